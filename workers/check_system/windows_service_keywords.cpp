#include "workers/check_system/windows_service_keywords.h"

#include <iterator>

#include "workers/check_system/check_service_windows.h"
#include "workers/check_system/service_keywords.h"
#include "workers/check_system/windows_service_class.h"

namespace nscp::check_system {
namespace {

using checks::Literal;
using checks::Value;

struct NumberWord {
  const char* word;
  int64_t number;
};

// The first word of a number is the one that is printed.
constexpr NumberWord kWindowsStates[] = {
    {"unknown", 0},    {"stopped", 1}, {"starting", 2}, {"stopping", 3}, {"running", 4},
    {"continuing", 5}, {"pausing", 6}, {"paused", 7},   {"started", 4},
};
constexpr NumberWord kWindowsStarts[] = {
    {"boot", 0},    {"system", 1},  {"auto", 2},    {"demand", 3}, {"disabled", 4},
    {"delayed", 5}, {"trigger", 6}, {"unknown", 7}, {"manual", 3},
};

template <size_t n>
std::string_view WordOf(const NumberWord (&words)[n], int64_t number) {
  for (const NumberWord& row : words) {
    if (row.number == number) return row.word;
  }
  return "unknown";
}

template <size_t n>
Result<Value> ReadWord(const Literal& literal, const char* what,
                       const NumberWord (&words)[n]) {
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    return Value::Integer(literal.integer);
  }
  std::string known;
  for (const NumberWord& row : words) {
    if (literal.text == row.word) return Value::Integer(row.number);
    known += (known.empty() ? "" : ", ") + std::string(row.word);
  }
  return Status::InvalidArgument("Unknown " + std::string(what) + ": " +
                                 checks::Describe(literal) + " (" + known + ")");
}

int64_t StateNumber(const ServiceRow& row) {
  return static_cast<int64_t>(row.windows.state);
}

int64_t StartNumber(const ServiceRow& row) {
  return static_cast<int64_t>(StartOf(row.windows));
}

void AddServiceNames(checks::Keywords<ServiceRow>& k) {
  const auto text = [&](const char* name, const char* description,
                        std::string WindowsService::*member) {
    k.Text(name, description, [member](const ServiceRow& row) -> std::string_view {
      return row.windows.*member;
    });
  };
  text("name", "Name of the service, such as W32Time", &WindowsService::name);
  text("service", "Name of the service, the same as name", &WindowsService::name);
  text("desc", "Name of the service as the list of services shows it",
       &WindowsService::display);
  k.Text("classification",
         "What it is there for: essential, system, supporting, role, user, ignored, or "
         "custom for what is not part of Windows",
         [](const ServiceRow& row) { return ServiceClass(row.windows.name); });
}

void AddWindowsServiceStates(checks::Keywords<ServiceRow>& k) {
  k.Integer("state",
            "What the service does: running (also: started), stopped, starting, "
            "stopping, paused, pausing, continuing, unknown",
            StateNumber)
      .Convert([](const Literal& literal, const ServiceRow*) {
        return ReadWord(literal, "state", kWindowsStates);
      })
      .Human([](const ServiceRow& row) {
        return std::string(WindowsStateWord(row.windows.state));
      });
  k.Integer("start_type",
            "When the service starts: auto (with Windows), delayed (a little later), "
            "trigger (or when something happens that it waits for), demand (also: "
            "manual), disabled, of drivers boot or system, unknown",
            StartNumber)
      .Convert([](const Literal& literal, const ServiceRow*) {
        return ReadWord(literal, "start type", kWindowsStarts);
      })
      .Human([](const ServiceRow& row) {
        return std::string(WindowsStartWord(StartOf(row.windows)));
      });
  k.Text("legacy_state", "The state in check_nt's words: Started, Stopped or Unknown",
         [](const ServiceRow& row) -> std::string_view {
           if (row.windows.state == WindowsState::kRunning) return "Started";
           return row.windows.state == WindowsState::kStopped ? "Stopped" : "Unknown";
         });
  k.Integer("delayed", "1 for a service that starts a little after Windows",
            [](const ServiceRow& row) { return row.windows.delayed; });
  k.Integer("is_trigger", "1 for a service that something else starts and stops",
            [](const ServiceRow& row) { return row.windows.trigger; });
  k.Integer("started", "1 when the service runs", [](const ServiceRow& row) {
    return row.windows.state == WindowsState::kRunning;
  });
  k.Integer("stopped", "1 when the service is stopped", [](const ServiceRow& row) {
    return row.windows.state == WindowsState::kStopped;
  });
  k.Integer("exit_code", "What it ended with the last time, 0 for no error",
            [](const ServiceRow& row) { return row.windows.exit_code; });
}

void AddServiceVerdicts(checks::Keywords<ServiceRow>& k) {
  using Judge = bool (*)(const WindowsService&);
  const auto judged_by = [](Judge judge) {
    return [judge](const ServiceRow& row, const std::vector<Value>&) {
      return judge(row.windows);
    };
  };
  k.Call("state_is_ok",
         "Whether it is as its start type says: auto runs or is about to; of delayed, "
         "trigger, demand and disabled nothing is expected",
         checks::Type::kInteger, 0, 0, judged_by(&StateIsOk));
  k.Call("state_is_perfect",
         "As state_is_ok(), and auto and delayed ones run, disabled ones do not",
         checks::Type::kInteger, 0, 0, judged_by(&StateIsPerfect));
}

}  // namespace

std::string_view WindowsStateWord(WindowsState state) {
  return WordOf(kWindowsStates, static_cast<int64_t>(state));
}

std::string_view WindowsStartWord(WindowsStart start) {
  return WordOf(kWindowsStarts, static_cast<int64_t>(start));
}

WindowsStart StartOf(const WindowsService& service) {
  if (service.start != WindowsStart::kAuto) return service.start;
  if (service.trigger) return WindowsStart::kTrigger;
  return service.delayed ? WindowsStart::kDelayed : WindowsStart::kAuto;
}

bool StateIsOk(const WindowsService& service) {
  if (service.type == 0) return false;
  if (StartOf(service) != WindowsStart::kAuto) return true;
  return service.state == WindowsState::kRunning ||
         service.state == WindowsState::kStarting ||
         service.state == WindowsState::kContinuing;
}

bool StateIsPerfect(const WindowsService& service) {
  if (!StateIsOk(service)) return false;
  switch (StartOf(service)) {
    case WindowsStart::kAuto:
    case WindowsStart::kDelayed:
      return service.state == WindowsState::kRunning;
    case WindowsStart::kDisabled:
      return service.state == WindowsState::kStopped;
    default:
      return true;
  }
}

checks::Keywords<ServiceRow> WindowsServiceKeywords() {
  checks::Keywords<ServiceRow> k;
  AddServiceNames(k);
  AddWindowsServiceStates(k);
  AddServiceVerdicts(k);
  AddServiceFigures(k);
  return k;
}

}  // namespace nscp::check_system
