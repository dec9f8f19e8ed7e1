// The host's tags and the submission channels (rest-api.md 5.11 and 5.12).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {
namespace {

Response ListTags(const Context& context) {
  const auto listed = context.kernel().ListTags({}, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginObject();
  for (const auto& tag : listed->tags()) out.Field(tag.name(), tag.value());
  out.EndObject();
  return JsonAnswer(out);
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

void AddTags(Router& router) {
  router.Add({"GET", "/tags", kV2, "tags.get", ListTags});
  router.Add({"GET", "/metadata/channels", kBothVersions, "metadata.get.channels",
              ListChannels});
}

}  // namespace nscp::gateway
