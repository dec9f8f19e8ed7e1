#include "kernel/cli/module_report.h"

#include "kernel/output/quantity_text.h"
#include "proto/cpp/slot_state.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

Tone ToneOf(const v1::ModuleInfo& module) {
  switch (module.state()) {
    case v1::RUNNING:
      return Tone::kGood;
    case v1::BACKOFF:
    case v1::REFUSED:
      return Tone::kBad;
    case v1::STARTING:
    case v1::DRAINING:
      return Tone::kWarning;
    default:
      return module.loaded() ? Tone::kBad : Tone::kQuiet;
  }
}

std::string CountOr(uint64_t number, const char* otherwise) {
  return number == 0 ? otherwise : std::to_string(number);
}

std::string Age(const v1::ModuleInfo& module, int64_t now_ms) {
  const bool lives = module.pid() != 0 && module.started_ms() != 0;
  return lives ? DurationText(std::chrono::milliseconds(now_ms - module.started_ms()))
               : "";
}

void AddEnd(const v1::EndRecord& end, JsonWriter* json) {
  json->BeginObject();
  json->Key("incarnation").Count(end.incarnation());
  json->Key("pid").Integer(end.pid());
  json->Key("exit_code");
  end.has_exit_code() ? json->Integer(end.exit_code()) : json->Null();
  json->Key("signal");
  end.has_signal() ? json->Integer(end.signal()) : json->Null();
  json->Key("abandoned").Bool(end.abandoned());
  json->Key("wanted").Bool(end.wanted());
  json->Key("reason").Text(end.reason());
  json->Key("ended_ms").Integer(end.ended_ms());
  json->Key("uptime_ms").Integer(end.uptime_ms());
  json->Key("last_calls").BeginArray();
  for (const std::string& call : end.last_calls()) json->Text(call);
  json->EndArray().Key("last_lines").BeginArray();
  for (const std::string& line : end.last_lines()) json->Text(line);
  json->EndArray().EndObject();
}

void AddModule(const v1::ModuleInfo& module, JsonWriter* json) {
  json->BeginObject();
  json->Key("id").Text(module.id());
  json->Key("name").Text(module.name());
  json->Key("alias").Text(module.alias());
  json->Key("description").Text(module.description());
  json->Key("loaded").Bool(module.loaded());
  json->Key("enabled").Bool(module.enabled());
  json->Key("state").Text(SlotStateWord(module.state()));
  json->Key("reason").Text(module.reason());
  json->Key("pid").Integer(module.pid());
  json->Key("incarnation").Count(module.incarnation());
  json->Key("restarts").Count(module.restarts());
  json->Key("started_ms").Integer(module.started_ms());
  json->Key("next_try_ms").Integer(module.next_try_ms());
  json->Key("memory_bytes").Count(module.resident_bytes());
  json->Key("cpu_ms").Count(module.cpu_ms());
  json->Key("calls_running").Count(module.calls_running());
  json->Key("calls_waiting").Count(module.calls_waiting());
  json->Key("calls_total").Count(module.calls_total());
  json->Key("calls_failed").Count(module.calls_failed());
  json->Key("leaving").Count(module.leaving());
  json->Key("ends").BeginArray();
  for (const v1::EndRecord& end : module.ends()) AddEnd(end, json);
  json->EndArray().EndObject();
}

}  // namespace

bool IsAsWanted(const v1::ModuleInfo& module) {
  return !module.loaded() || module.state() == v1::RUNNING;
}

Table SlotTable(const v1::ListModulesResponse& modules, int64_t now_ms) {
  Table table({{"MODULE", false, true},
               {"STATE"},
               {"PID", true},
               {"RESTARTS", true},
               {"MEMORY", true},
               {"CALLS", true},
               {"FAILED", true},
               {"UP", true},
               {"REASON", false, true}});
  for (const v1::ModuleInfo& module : modules.modules()) {
    if (!module.known()) continue;
    const uint64_t memory = module.resident_bytes();
    table.Add({Cell(module.id()), Cell(SlotStateWord(module.state()), ToneOf(module)),
               Cell(CountOr(static_cast<uint64_t>(module.pid()), "")),
               Cell(std::to_string(module.restarts())),
               Cell(memory == 0 ? "" : BytesText(memory)),
               Cell(std::to_string(module.calls_total())),
               Cell(std::to_string(module.calls_failed())), Cell(Age(module, now_ms)),
               Cell(Trim(module.reason()))});
  }
  return table;
}

Table ModuleTable(const v1::ListModulesResponse& modules) {
  Table table({{"MODULE", false, true},
               {"LOADED"},
               {"ENABLED"},
               {"STATE"},
               {"DESCRIPTION", false, true}});
  for (const v1::ModuleInfo& module : modules.modules()) {
    // Of what is only on disk the reason is why it can't be loaded.
    const bool refused = !module.known() && !module.reason().empty();
    table.Add({Cell(module.id()), Cell(module.loaded() ? "yes" : "no"),
               Cell(module.enabled() ? "yes" : "no"),
               Cell(refused ? "refused" : SlotStateWord(module.state()), ToneOf(module)),
               Cell(refused ? module.reason() : Trim(module.description()))});
  }
  return table;
}

void AddHost(const v1::GetHostStatusResponse& host, JsonWriter* json) {
  json->BeginObject();
  json->Key("name").Text(host.name());
  json->Key("version").Text(host.version());
  json->Key("pid").Integer(host.pid());
  json->Key("instance").Text(host.instance());
  json->Key("started_ms").Integer(host.started_ms());
  json->Key("ready").Bool(host.ready());
  json->Key("calls_running").Count(host.calls_running());
  json->EndObject();
}

void AddModules(const v1::ListModulesResponse& modules, Which which, JsonWriter* json) {
  json->BeginArray();
  for (const v1::ModuleInfo& module : modules.modules()) {
    if (which == Which::kAll || module.known()) AddModule(module, json);
  }
  json->EndArray();
}

}  // namespace nscp::kernel
