#include "workers/check_system/service_keywords.h"

#include <iterator>

#include "proto/cpp/text.h"
#include "workers/check_system/service_name.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

using checks::Literal;
using checks::Value;

// What is shown of a service without a main process.
constexpr char kNone[] = "unknown";

struct StateRow {
  const char* word;
  ServiceState state;
};
// The first word of a state is the one that is printed.
constexpr StateRow kServiceStates[] = {
    {"stopped", ServiceState::kStopped},     {"inactive", ServiceState::kStopped},
    {"dead", ServiceState::kStopped},        {"failed", ServiceState::kStopped},
    {"running", ServiceState::kRunning},     {"started", ServiceState::kRunning},
    {"active", ServiceState::kRunning},      {"starting", ServiceState::kStarting},
    {"activating", ServiceState::kStarting}, {"oneshot", ServiceState::kOneshot},
    {"exited", ServiceState::kOneshot},      {"static", ServiceState::kStatic},
    {"unknown", ServiceState::kUnknown},
};

Result<Value> ReadServiceState(const Literal& literal, const ServiceRow*) {
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    return Value::Integer(literal.integer);
  }
  for (const StateRow& row : kServiceStates) {
    if (literal.text == row.word) return Value::Integer(static_cast<int64_t>(row.state));
  }
  return Status::InvalidArgument(
      "Unknown state: " + checks::Describe(literal) +
      " (stopped, starting, running, oneshot, static, unknown; also started, active, "
      "activating, exited, inactive, dead, failed)");
}

// systemd's words for what becomes of a unit when the system starts; each may end with
// "-runtime": only until then.
constexpr const char* kStartTypes[] = {"unknown", "enabled",  "disabled",  "static",
                                       "masked",  "indirect", "generated", "transient",
                                       "alias",   "linked",   "bad"};

int64_t StartTypeNumber(std::string_view word) {
  if (word == "auto") word = "enabled";
  if (word == "manual") word = "disabled";
  word = word.substr(0, word.find("-runtime"));
  for (size_t i = 0; i < std::size(kStartTypes); ++i) {
    if (word == kStartTypes[i]) return static_cast<int64_t>(i);
  }
  return 0;
}

Result<Value> ReadStartType(const Literal& literal, const ServiceRow*) {
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    return Value::Integer(literal.integer);
  }
  const int64_t number = StartTypeNumber(literal.text);
  if (number == 0 && literal.text != "unknown") {
    return Status::InvalidArgument(
        "Unknown start type: " + checks::Describe(literal) +
        " (enabled or auto, disabled or manual, static, masked, indirect, generated, "
        "transient, alias, linked, bad, unknown)");
  }
  return Value::Integer(number);
}

std::optional<double> CpuShareOf(const ServiceRow& row) {
  if (!row.process || row.process->elapsed <= 0) return std::nullopt;
  const auto ticks =
      static_cast<double>(row.process->user_ticks + row.process->kernel_ticks);
  return ticks * 100 / static_cast<double>(row.ticks_per_second) /
         static_cast<double>(row.process->elapsed);
}

void AddTexts(checks::Keywords<ServiceRow>& k) {
  for (const char* name : {"name", "service"}) {
    k.Text(name, "Name of the service, without .service",
           [](const ServiceRow& row) { return ServiceName(row.unit.id); });
  }
  auto text = [&](const char* name, const char* description, std::string Unit::*member) {
    k.Text(name, description, [member](const ServiceRow& row) -> std::string_view {
      return row.unit.*member;
    });
  };
  text("desc", "Description of the service", &Unit::description);
  text("active",
       "What systemd says of it: active, inactive, failed, activating, deactivating, "
       "reloading",
       &Unit::active);
  text("sub_state", "The same in detail: running, exited, dead, start, auto-restart ...",
       &Unit::sub);
  text("preset", "What the distribution would have: enabled or disabled", &Unit::preset);
}

void AddServiceStates(checks::Keywords<ServiceRow>& k) {
  k.Integer("state",
            "What the service does: running (also: started, active), stopped (inactive, "
            "dead, failed), starting (activating), oneshot (exited), static, unknown",
            [](const ServiceRow& row) { return static_cast<int64_t>(StateOf(row.unit)); })
      .Convert(ReadServiceState)
      .Human([](const ServiceRow& row) {
        return std::string(StateWord(StateOf(row.unit)));
      });
  k.Integer("start_type",
            "Whether it starts with the system: enabled (also: auto), disabled (manual), "
            "static, masked, indirect, generated, transient, alias, linked",
            [](const ServiceRow& row) { return StartTypeNumber(row.unit.file_state); })
      .Convert(ReadStartType)
      .Human([](const ServiceRow& row) {
        return row.unit.file_state.empty() ? "unknown" : row.unit.file_state;
      });
  k.Integer("started", "1 when the service is active",
            [](const ServiceRow& row) { return IsStarted(row.unit); });
  k.Integer("stopped", "1 when the service is inactive or has failed",
            [](const ServiceRow& row) {
              return row.unit.active == "inactive" || row.unit.active == "failed";
            });
  const auto state_of = [](bool (*judge)(const Unit&)) {
    return [judge](const ServiceRow& row, const std::vector<Value>&) {
      return judge(row.unit);
    };
  };
  k.Call(
      "state_is_ok",
      "Whether it is as its start type says: enabled ones are started, masked ones are "
      "stopped; of all others nothing is expected",
      checks::Type::kInteger, 0, 0, state_of(&StateIsOk));
  k.Call("state_is_perfect", "As state_is_ok(), and enabled ones run or have run through",
         checks::Type::kInteger, 0, 0, state_of(&StateIsPerfect));
}

}  // namespace

bool IsStarted(const Unit& unit) {
  return unit.active == "active" || unit.active == "reloading";
}

ServiceState StateOf(const Unit& unit) {
  if (unit.file_state == "static") return ServiceState::kStatic;
  if (unit.active == "inactive" || unit.active == "failed") return ServiceState::kStopped;
  if (unit.active == "activating") return ServiceState::kStarting;
  if (!IsStarted(unit)) return ServiceState::kUnknown;
  if (unit.sub == "exited") return ServiceState::kOneshot;
  // Other units have other words for it: a timer is waiting, a socket listening. A
  // service that reads its settings again runs all the while.
  const bool runs = unit.sub == "running" || unit.active == "reloading" ||
                    !EndsWith(unit.id, ".service");
  return runs ? ServiceState::kRunning : ServiceState::kUnknown;
}

std::string_view StateWord(ServiceState state) {
  for (const StateRow& row : kServiceStates) {
    if (row.state == state) return row.word;
  }
  return "unknown";
}

bool StateIsOk(const Unit& unit) {
  const std::string_view type = kStartTypes[StartTypeNumber(unit.file_state)];
  if (type == "enabled") return IsStarted(unit);
  return type != "masked" || !IsStarted(unit);
}

bool StateIsPerfect(const Unit& unit) {
  if (!StateIsOk(unit)) return false;
  if (StartTypeNumber(unit.file_state) != StartTypeNumber("enabled")) return true;
  const ServiceState state = StateOf(unit);
  return state == ServiceState::kRunning || state == ServiceState::kOneshot;
}

void AddServiceFigures(checks::Keywords<ServiceRow>& k) {
  k.Integer("pid", "Number of its main process, 0 when there is none",
            [](const ServiceRow& row) { return row.unit.main_pid; });
  auto size = [&](const char* name, const char* description, const char* suffix,
                  uint64_t Process::*member) {
    k.Size(name, description,
           [member](const ServiceRow& row) -> std::optional<int64_t> {
             if (!row.process) return std::nullopt;
             return static_cast<int64_t>((*row.process).*member);
           })
        .NoValue(kNone)
        .Human([member](const ServiceRow& row) -> std::string {
          if (!row.process) return kNone;
          return checks::FormatBytes(static_cast<double>((*row.process).*member));
        })
        .Perf("B", suffix);
  };
  size("rss", "Resident size of its main process in bytes", "_rss",
       &Process::working_set);
  size("vms", "Virtual size of its main process in bytes", "_vms",
       &Process::virtual_size);
  k.Integer("tasks", "Threads of all its processes",
            [](const ServiceRow& row) -> std::optional<int64_t> {
              if (!row.unit.tasks) return std::nullopt;
              return static_cast<int64_t>(*row.unit.tasks);
            })
      .NoValue(kNone)
      .Perf("", "_tasks");
  k.Percent("cpu", "Share of one processor that its main process took since it started",
            CpuShareOf)
      .NoValue(kNone)
      .Perf("%", "_cpu");
  k.Date("created", "When its main process started",
         [](const ServiceRow& row) -> std::optional<int64_t> {
           if (!row.process) return std::nullopt;
           return row.now - row.process->elapsed;
         })
      .NoValue(kNone)
      .Human([](const ServiceRow& row) -> std::string {
        if (!row.process || row.zone == nullptr) return kNone;
        return row.zone->Format(row.now - row.process->elapsed);
      });
  k.Duration("age", "Seconds since its main process started",
             [](const ServiceRow& row) -> std::optional<int64_t> {
               if (!row.process) return std::nullopt;
               return row.process->elapsed;
             })
      .NoValue(kNone)
      .Perf("s", "_age");
}

checks::Keywords<ServiceRow> ServiceKeywords() {
  checks::Keywords<ServiceRow> k;
  AddTexts(k);
  AddServiceStates(k);
  AddServiceFigures(k);
  return k;
}

}  // namespace nscp::check_system
