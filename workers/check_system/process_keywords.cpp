#include "workers/check_system/process_keywords.h"

#include <iterator>

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

using checks::Literal;
using checks::Value;

constexpr int64_t kStarted = 1;
constexpr int64_t kStopped = 0;
constexpr int64_t kHung = -1;
constexpr int64_t kUnknown = -10;

int64_t StateOf(const ProcessRow& row) {
  if (!row.process.error.empty()) return kUnknown;
  if (row.process.hung) return kHung;
  return row.started ? kStarted : kStopped;
}

// `unreadable`: the word for a process that could not be read.
std::string StateText(const ProcessRow& row, const char* unreadable) {
  switch (StateOf(row)) {
    case kUnknown:
      return unreadable;
    case kHung:
      return "hung";
    case kStarted:
      return "started";
    default:
      return "stopped";
  }
}

// A number stands for itself, a word for the number of its state.
template <class Lookup>
Result<Value> ReadState(const Literal& literal, Lookup lookup) {
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    return Value::Integer(literal.integer);
  }
  return Value::Integer(lookup(literal.text));
}

Result<Value> ReadVerdict(const Literal& literal, const ProcessRow*) {
  return ReadState(literal, [](const std::string& word) {
    if (word == "started" || word == "running") return kStarted;
    if (word == "hung") return kHung;
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

Result<Value> ReadSystemState(const Literal& literal, const ProcessRow*) {
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

void AddNames(checks::Keywords<ProcessRow>& k, Platform platform) {
  auto text = [&](const char* name, const char* description,
                  std::string Process::*member) {
    k.Text(name, description, [member](const ProcessRow& row) -> std::string_view {
      return row.process.*member;
    });
  };
  text("exe", "Name of the program", &Process::exe);
  text("filename", "Name of the program with its path", &Process::filename);
  text("command_line", "Command line of the process", &Process::command_line);
  text("error", "Why the process could not be read", &Process::error);
  text("username",
       platform == Platform::kUnix ? "Owner of the process (empty without resolve-owner)"
                                   : "Owner of the process, with its domain",
       &Process::username);
  k.Integer("pid", "Process id", [](const ProcessRow& row) { return row.process.pid; });
  k.Integer("ppid", "Process id of the parent",
            [](const ProcessRow& row) { return row.process.parent; });
  k.Integer("uid", "Number of the owner (the real one), -1 when it is not known",
            [](const ProcessRow& row) { return row.process.uid; });
}

void AddUnixState(checks::Keywords<ProcessRow>& k) {
  k.Integer("state", "started (also: running) or stopped", StateOf)
      .Convert(ReadVerdict)
      .Human([](const ProcessRow& row) { return StateText(row, "error"); });
}

// Windows' own: sizes of the page file, handles, windows. Names of performance data as
// NSClient++ has them.
void AddWindowsStates(checks::Keywords<ProcessRow>& k) {
  k.Integer("state",
            "started (also: running), stopped, hung (a window of it takes no input; seen "
            "of the agent's own session alone) or unreadable (with scan-unreadable)",
            StateOf)
      .Convert(ReadVerdict)
      .Human([](const ProcessRow& row) { return StateText(row, "unreadable"); })
      .Perf("", " state");
  k.Text("legacy_state", "The state in check_nt's words: started, not running or hung",
         [](const ProcessRow& row) -> std::string_view {
           if (row.process.hung) return "hung";
           return row.started ? "started" : "not running";
         });
  k.Integer("hung", "1 when a window of the process takes no input",
            [](const ProcessRow& row) { return row.process.hung; });
  k.Integer("wow64", "1 for a program of 32 bits",
            [](const ProcessRow& row) { return row.process.wow64; });
  k.Integer("16bit", "Always 0: Windows of 64 bits runs no programs of 16 bits",
            [](const ProcessRow&) { return 0; });
}

void AddWindowsFigures(checks::Keywords<ProcessRow>& k) {
  const struct {
    const char* name;
    const char* description;
    const char* suffix;
    int64_t Process::*member;
  } counts[] = {
      {"handles", "Open handles of the process", " handle count", &Process::handles},
      {"gdi_handles", "Pens, fonts and other objects of drawing that it holds",
       " GDI handle count", &Process::gdi_handles},
      {"user_handles", "Windows, menus and other objects of the desktop that it holds",
       " USER handle count", &Process::user_handles},
  };
  for (const auto& count : counts) {
    const auto member = count.member;
    k.Integer(count.name, count.description, [member](const ProcessRow& row) {
       return row.process.*member;
     }).Perf("", count.suffix);
  }
}

void AddStates(checks::Keywords<ProcessRow>& k) {
  k.Integer("started", "1 when the process is started",
            [](const ProcessRow& row) { return row.started; });
  k.Integer("stopped", "1 when the process is stopped",
            [](const ProcessRow& row) { return !row.started; });
  k.Integer("proc_state",
            "State of the system's scheduler: running, sleeping, disk_sleep, zombie, "
            "stopped, tracing_stop, dead, idle, parked or unknown",
            [](const ProcessRow& row) { return StateNumber(row.process.letter); })
      .Convert(ReadSystemState)
      .Human([](const ProcessRow& row) {
        return std::string(kStates[StateNumber(row.process.letter)]);
      });
}

struct SizeKeyword {
  const char* name;
  const char* description;
  const char* suffix;
  uint64_t Process::*member;
};

void AddSize(checks::Keywords<ProcessRow>& k, const SizeKeyword& size) {
  const auto member = size.member;
  k.Size(size.name, size.description,
         [member](const ProcessRow& row) { return row.process.*member; })
      .Human([member](const ProcessRow& row) {
        return checks::FormatBytes(static_cast<double>(row.process.*member));
      })
      .PerfBytes(size.suffix);
}

void AddPageFiles(checks::Keywords<ProcessRow>& k) {
  AddSize(k, {"pagefile", "Memory in bytes that the page file must have room for",
              " pf_use", &Process::page_file});
  AddSize(k, {"peak_pagefile", "The most of pagefile so far in bytes", " ppf_use",
              &Process::peak_page_file});
}

void AddSizes(checks::Keywords<ProcessRow>& k, Platform platform) {
  const SizeKeyword rows[] = {
      {"virtual", "Virtual size in bytes", " v_size", &Process::virtual_size},
      {"working_set", "Resident size in bytes", " ws_size", &Process::working_set},
      {"rss", "Resident size in bytes", " rss", &Process::working_set},
      {"peak_virtual", "Largest virtual size so far in bytes", " pv_size",
       &Process::peak_virtual_size},
      {"peak_working_set", "Largest resident size so far in bytes", " pws_size",
       &Process::peak_working_set},
  };
  for (const SizeKeyword& size : rows) AddSize(k, size);
  const char* faults = platform == Platform::kUnix
                           ? "Page faults that needed a disk"
                           : "Page faults, those that needed no disk too";
  for (const char* name : {"page_faults", "page_fault"}) {
    k.Integer(name, faults, [](const ProcessRow& row) {
       return row.process.page_faults;
     }).Perf("", " pf_count");
  }
}

void AddTimes(checks::Keywords<ProcessRow>& k) {
  k.Date("creation", "When the process started",
         [](const ProcessRow& row) { return row.created; })
      .Human([](const ProcessRow& row) {
        return row.zone == nullptr ? "" : row.zone->Format(row.created);
      })
      .Perf("", " creation");
  k.Duration("user", "Processor time of the program in seconds, with delta in percent",
             [](const ProcessRow& row) { return row.user; })
      .Perf("", " user");
  k.Duration("kernel", "Processor time of the kernel in seconds, with delta in percent",
             [](const ProcessRow& row) { return row.kernel; })
      .Perf("", " kernel");
  k.Duration("time", "Processor time (user and kernel) in seconds, with delta in percent",
             [](const ProcessRow& row) { return row.total; })
      .Perf("", " total");
  k.Duration("elapsed", "Seconds since the process started", [](const ProcessRow& row) {
     return row.process.elapsed;
   }).Perf("s", " elapsed");
}

}  // namespace

// Idle is how the kernel's own threads sleep.
bool IsStarted(char letter) {
  return std::string_view("RSDI").find(letter) != std::string_view::npos;
}

checks::Keywords<ProcessRow> ProcessKeywords(Platform platform) {
  checks::Keywords<ProcessRow> k;
  AddNames(k, platform);
  if (platform == Platform::kUnix) {
    AddUnixState(k);
  } else {
    AddWindowsStates(k);
    AddWindowsFigures(k);
    AddPageFiles(k);
  }
  AddStates(k);
  AddSizes(k, platform);
  AddTimes(k);
  return k;
}

}  // namespace nscp::check_system
