#include "kernel/cli/status_command.h"

#include <algorithm>

#include "kernel/cli/live_call.h"
#include "kernel/cli/module_report.h"
#include "kernel/output/quantity_text.h"
#include "kernel/output/visible.h"

namespace nscp::kernel {
namespace {

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string Headline(const v1::GetHostStatusResponse& host, int64_t now_ms,
                     const Screen& screen) {
  const auto age = std::chrono::milliseconds(now_ms - host.started_ms());
  return Visible(host.name()) + " " + Visible(host.version()) + ", process " +
         std::to_string(host.pid()) + ", up " + DurationText(age) + ", " +
         (host.ready() ? Toned("ready", Tone::kGood, screen)
                       : Toned("starting", Tone::kWarning, screen)) +
         "\n";
}

}  // namespace

const OptionGroup& StatusOptions() {
  static const OptionGroup kGroup = {"Status options", {OutputOption()}};
  return kGroup;
}

int RunStatus(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginLive(invocation, StatusOptions(), Words::kNone, terminal);
  if (!call) return kWrongCommandLine;
  const auto running = RequireRunning(*call, terminal);
  if (!running) return kNoAgent;
  const auto host = running->GetHostStatus({}, {});
  if (!host.ok()) return FailCall(call->context, host.status(), terminal);
  v1::ListModulesRequest request;
  request.set_all(true);
  request.set_details(true);
  const auto modules = running->ListModules(request, {});
  if (!modules.ok()) return FailCall(call->context, modules.status(), terminal);
  if (call->json) {
    JsonWriter json;
    json.BeginObject().Key("agent");
    AddHost(*host, &json);
    json.Key("modules");
    AddModules(*modules, Which::kWithSlot, &json);
    terminal.Print(json.EndObject().text() + "\n");
  } else {
    const int64_t now_ms = NowMs();
    terminal.Print(Headline(*host, now_ms, terminal.screen()) +
                   SlotTable(*modules, now_ms).Text(terminal.screen()));
  }
  const auto& all = modules->modules();
  return std::all_of(all.begin(), all.end(), IsAsWanted) ? 0 : kNotDone;
}

}  // namespace nscp::kernel
