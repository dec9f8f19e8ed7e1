// What a user interface offers to choose from: performance counters and submission
// channels (rest-api.md 5.12).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/module_exec.h"
#include "gateway/api/resources.h"
#include "json/value.h"

namespace nscp::gateway {
namespace {

// Who lists the performance counters is fixed by the API: its clients look for the name
// in the error.
constexpr char kCounterModule[] = "CheckSystem";
constexpr int kUnknownCommand = 1;  // workers/sdk/module.h, ExecAnswer

Response ListMetadata(const Context& context) {
  const std::pair<const char*, const char*> kinds[] = {
      {"counters", "Performance counters"},
      {"channels", "Registered submission channels"}};
  json::Writer out;
  out.BeginArray();
  for (const auto& [name, title] : kinds) {
    out.BeginObject()
        .Field("name", name)
        .Field("title", title)
        .Field("url", context.Link(std::string("metadata/") + name))
        .EndObject();
  }
  out.EndArray();
  return JsonAnswer(out);
}

Response ListCounters(const Context& context) {
  const auto answer = ExecModule(context, kCounterModule, "pdh",
                                 {"--list", "--json", "--all", "--no-instances"});
  if (!answer.ok()) {
    return NoModuleAnswer(context, answer.status(), std::string(kCounterModule) + " ");
  }
  // Where the system has no such counters, nobody knows the command.
  if (answer->code() == kUnknownCommand) return JsonText("[]");
  if (answer->code() != 0) return CommandErrors(*answer);
  const auto list = json::Parse(answer->output());
  if (!list.ok()) return InvalidModuleAnswer();
  return JsonText(answer->output());
}

// What is built into the agent is not listed.
bool IsBuiltIn(const std::string& channel) {
  return channel == "noop" || channel == "log";
}

Response ListChannels(const Context& context) {
  v1::ListQueriesRequest request;
  request.set_kind(v1::NAME_CHANNEL);
  const auto listed = context.kernel().ListQueries(request, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginArray();
  for (const v1::NameInfo& info : listed->names()) {
    if (IsBuiltIn(info.name())) continue;
    out.BeginObject().Field("name", info.title().empty() ? info.name() : info.title());
    out.Key("plugins").BeginArray();
    for (const std::string& module : info.modules()) out.String(module);
    out.EndArray().EndObject();
  }
  out.EndArray();
  return JsonAnswer(out);
}

}  // namespace

void AddMetadata(Router& router) {
  router.Add({"GET", "/metadata", kBothVersions, "metadata.list", ListMetadata});
  router.Add({"GET", "/metadata/counters", kBothVersions, "metadata.get.counters",
              ListCounters});
  router.Add({"GET", "/metadata/channels", kBothVersions, "metadata.get.channels",
              ListChannels});
}

}  // namespace nscp::gateway
