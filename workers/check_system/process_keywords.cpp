#include "workers/check_system/process_keywords.h"

#include <iterator>

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

using checks::Literal;
using checks::Value;
using Row = ProcessRow;

constexpr int64_t kStarted = 1;
constexpr int64_t kStopped = 0;
constexpr int64_t kUnknown = -10;

int64_t StateOf(const Row& row) {
  if (!row.process.error.empty()) return kUnknown;
  return row.started ? kStarted : kStopped;
}

std::string StateText(const Row& row) {
  if (!row.process.error.empty()) return "error";
  return row.started ? "started" : "stopped";
}

// A number stands for itself, a word for the number of its state.
template <class Lookup>
Result<Value> ReadState(const Literal& literal, Lookup lookup) {
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    return Value::Integer(literal.integer);
  }
  return Value::Integer(lookup(literal.text));
}

Result<Value> ReadVerdict(const Literal& literal, const Row*) {
  return ReadState(literal, [](const std::string& word) {
    if (word == "started" || word == "running") return kStarted;
    return word == "stopped" ? kStopped : kUnknown;
  });
}

// The states of proc(5), by their numbers.
constexpr const char* kStates[] = {"unknown", "running", "sleeping",     "disk_sleep",
                                   "zombie",  "stopped", "tracing_stop", "dead",
                                   "idle",    "parked"};
constexpr std::string_view kLetters = "?RSDZTtXIP";
static_assert(kLetters.size() == std::size(kStates));

size_t StateNumber(char letter) {
  const size_t number = kLetters.find(letter == 'x' ? 'X' : letter);
  return number == std::string_view::npos ? 0 : number;
}

Result<Value> ReadSystemState(const Literal& literal, const Row*) {
  return ReadState(literal, [](const std::string& word) -> int64_t {
    for (size_t number = 0; number < std::size(kStates); ++number) {
      if (word == kStates[number]) return static_cast<int64_t>(number);
    }
    const struct {
      const char* word;
      char letter;
    } others[] = {{"uninterruptible", 'D'}, {"defunct", 'Z'}, {"traced", 't'}};
    for (const auto& other : others) {
      if (word == other.word) return static_cast<int64_t>(StateNumber(other.letter));
    }
    return 0;
  });
}

void AddNames(checks::Keywords<Row>& k) {
  auto text = [&](const char* name, const char* description,
                  std::string Process::*member) {
    k.Text(name, description,
           [member](const Row& row) -> std::string_view { return row.process.*member; });
  };
  text("exe", "Name of the program", &Process::exe);
  text("filename", "Name of the program with its path", &Process::filename);
  text("command_line", "Command line of the process", &Process::command_line);
  text("error", "Why the process could not be read", &Process::error);
  text("username", "Owner of the process (empty without resolve-owner)",
       &Process::username);
  k.Integer("pid", "Process id", [](const Row& row) { return row.process.pid; });
  k.Integer("ppid", "Process id of the parent",
            [](const Row& row) { return row.process.parent; });
  k.Integer("uid", "Number of the owner (the real one), -1 when it is not known",
            [](const Row& row) { return row.process.uid; });
}

void AddStates(checks::Keywords<Row>& k) {
  k.Integer("started", "1 when the process is started",
            [](const Row& row) { return row.started; });
  k.Integer("stopped", "1 when the process is stopped",
            [](const Row& row) { return !row.started; });
  k.Integer("state", "started (also: running) or stopped", StateOf)
      .Convert(ReadVerdict)
      .Human(StateText);
  k.Integer("proc_state",
            "State of the system's scheduler: running, sleeping, disk_sleep, zombie, "
            "stopped, tracing_stop, dead, idle, parked or unknown",
            [](const Row& row) { return StateNumber(row.process.letter); })
      .Convert(ReadSystemState)
      .Human([](const Row& row) {
        return std::string(kStates[StateNumber(row.process.letter)]);
      });
}

void AddSizes(checks::Keywords<Row>& k) {
  const struct {
    const char* name;
    const char* description;
    const char* suffix;
    uint64_t Process::*member;
  } rows[] = {
      {"virtual", "Virtual size in bytes", " v_size", &Process::virtual_size},
      {"working_set", "Resident size in bytes", " ws_size", &Process::working_set},
      {"rss", "Resident size in bytes", " rss", &Process::working_set},
      {"peak_virtual", "Largest virtual size so far in bytes", " pv_size",
       &Process::peak_virtual_size},
      {"peak_working_set", "Largest resident size so far in bytes", " pws_size",
       &Process::peak_working_set},
  };
  for (const auto& r : rows) {
    const auto member = r.member;
    k.Size(r.name, r.description,
           [member](const Row& row) { return row.process.*member; })
        .Human([member](const Row& row) {
          return checks::FormatBytes(static_cast<double>(row.process.*member));
        })
        .PerfBytes(r.suffix);
  }
  for (const char* name : {"page_faults", "page_fault"}) {
    k.Integer(name, "Page faults that needed a disk", [](const Row& row) {
       return row.process.page_faults;
     }).Perf("", " pf_count");
  }
}

void AddTimes(checks::Keywords<Row>& k) {
  k.Date("creation", "When the process started",
         [](const Row& row) { return row.created; })
      .Human([](const Row& row) {
        return row.zone == nullptr ? "" : row.zone->Format(row.created);
      })
      .Perf("", " creation");
  k.Duration("user", "Processor time of the program in seconds, with delta in percent",
             [](const Row& row) { return row.user; })
      .Perf("", " user");
  k.Duration("kernel", "Processor time of the kernel in seconds, with delta in percent",
             [](const Row& row) { return row.kernel; })
      .Perf("", " kernel");
  k.Duration("time", "Processor time (user and kernel) in seconds, with delta in percent",
             [](const Row& row) { return row.total; })
      .Perf("", " total");
  k.Duration("elapsed", "Seconds since the process started", [](const Row& row) {
     return row.process.elapsed;
   }).Perf("s", " elapsed");
}

}  // namespace

// Idle is how the kernel's own threads sleep.
bool IsStarted(char letter) {
  return std::string_view("RSDI").find(letter) != std::string_view::npos;
}

checks::Keywords<ProcessRow> ProcessKeywords() {
  checks::Keywords<Row> k;
  AddNames(k);
  AddStates(k);
  AddSizes(k);
  AddTimes(k);
  return k;
}

}  // namespace nscp::check_system
