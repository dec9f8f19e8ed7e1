#include "kernel/cli/queries_command.h"

#include "kernel/cli/live_call.h"
#include "kernel/cli/private_kernel.h"
#include "kernel/output/json.h"
#include "kernel/output/progress.h"
#include "kernel/output/table.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::string_view KindWord(v1::NameKind kind) {
  switch (kind) {
    case v1::NAME_QUERY:
      return "query";
    case v1::NAME_ALIAS:
      return "alias";
    case v1::NAME_CHANNEL:
      return "channel";
    default:
      return "unknown";
  }
}

Result<std::vector<v1::NameInfo>> Find(KernelClient& client, const std::string& part) {
  std::vector<v1::NameInfo> found;
  for (const v1::NameKind kind : {v1::NAME_QUERY, v1::NAME_ALIAS}) {
    v1::ListQueriesRequest request;
    request.set_kind(kind);
    ASSIGN_OR_RETURN(const v1::ListQueriesResponse answer,
                     client.ListQueries(request, {}));
    for (const v1::NameInfo& info : answer.names()) {
      if (info.name().find(part) != std::string::npos) found.push_back(info);
    }
  }
  return found;
}

std::string AsTable(const std::vector<v1::NameInfo>& names, const Screen& screen) {
  Table table({{"QUERY", false, true},
               {"KIND"},
               {"MODULE", false, true},
               {"AVAILABLE"},
               {"DESCRIPTION", false, true}});
  for (const v1::NameInfo& info : names) {
    table.Add({Cell(info.name()), Cell(KindWord(info.kind())),
               Cell(Join({info.modules().begin(), info.modules().end()}, ", ")),
               Cell(info.available() ? "yes" : "no",
                    info.available() ? Tone::kGood : Tone::kBad),
               Cell(Trim(info.description()))});
  }
  return table.Text(screen);
}

std::string AsJson(const std::vector<v1::NameInfo>& names) {
  JsonWriter json;
  json.BeginObject().Key("queries").BeginArray();
  for (const v1::NameInfo& info : names) {
    json.BeginObject();
    json.Key("name").Text(info.name());
    json.Key("title").Text(info.title());
    json.Key("kind").Text(KindWord(info.kind()));
    json.Key("modules").BeginArray();
    for (const std::string& module : info.modules()) json.Text(module);
    json.EndArray();
    json.Key("description").Text(info.description());
    json.Key("available").Bool(info.available());
    json.EndObject();
  }
  return json.EndArray().EndObject().text() + "\n";
}

int Tell(const LiveCall& call, KernelClient& client, Terminal& terminal) {
  const std::string part = call.words.empty() ? "" : ToLowerAscii(call.words.front());
  const auto names = Find(client, part);
  if (!names.ok()) return FailCall(call.context, names.status(), terminal);
  terminal.Print(call.json ? AsJson(*names) : AsTable(*names, terminal.screen()));
  return 0;
}

}  // namespace

const OptionGroup& QueriesOptions() {
  static const OptionGroup kGroup = {"Queries options", {OutputOption()}};
  return kGroup;
}

int RunQueries(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginLive(invocation, QueriesOptions(), Words::kOne, terminal);
  if (!call) return kWrongCommandLine;
  const auto choice = ChooseStore(call->begun.common);
  const bool own_only = !call->begun.common.defines.empty();
  const auto running = own_only || !choice.ok() ? nullptr : ConnectToRunning(*choice);
  if (running) return Tell(*call, *running, terminal);
  return RunPrivately(
      call->begun.common, {false, true},
      [&](PrivateKernel& kernel) {
        {
          const Progress progress(terminal.screen(), "starting the enabled modules");
          kernel.LoadEnabled();
        }
        return Tell(*call, kernel.client(), terminal);
      },
      terminal);
}

}  // namespace nscp::kernel
