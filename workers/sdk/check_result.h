// What a check answers, as modules see it: no gRPC, no generated message. The SDK
// translates to and from nscp.v1. Values; texts are bytes from outside and need not be
// UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::sdk {

// The numbers are the exit codes of the Nagios plugin interface.
enum class State { kOk = 0, kWarning = 1, kCritical = 2, kUnknown = 3 };

// "OK", "WARNING", "CRITICAL", "UNKNOWN".
std::string_view StateName(State state);
// o|ok|0, w|warn|warning|1, c|crit|critical|2, any case; all else is UNKNOWN
// (filter-engine.md 6.6).
State ParseState(std::string_view word);

// A threshold in performance data. `range` holds the original Nagios range ("4:5",
// "@0:90") where there was one, and then wins over `value` when printed.
struct Bound {
  double value = 0;
  std::string range;
};

struct PerfValue {
  std::string label;
  std::optional<std::string> text;  // instead of a number, such as "U"
  double value = 0;
  std::string unit;
  std::optional<Bound> warning;
  std::optional<Bound> critical;
  std::optional<double> minimum;
  std::optional<double> maximum;
};

struct Line {
  std::string message;  // never holds the performance data
  std::vector<PerfValue> perf;
};

struct CheckResult {
  State state = State::kUnknown;
  std::vector<Line> lines;
  std::string data;     // help-pb: a serialized description of the parameters
  std::string command;  // empty = the command asked; an alias answers its target's name

  // One line without performance data.
  static CheckResult Of(State state, std::string message);
  static CheckResult Unknown(std::string message) {
    return Of(State::kUnknown, std::move(message));
  }
};

// 'label'=value[unit][;warn[;crit[;min[;max]]]] (filter-engine.md 7.5).
std::string FormatPerf(const PerfValue& value);
// Items joined by one blank; empty when there are none.
std::string FormatPerf(const std::vector<PerfValue>& values);
// All messages joined without a separator, then all performance data behind one '|': what
// a client that knows one string gets (filter-engine.md 6.4).
std::string FormatPlain(const CheckResult& result);
// The other way round: items of a plugin's performance data (filter-engine.md 7.6).
std::vector<PerfValue> ParsePerf(std::string_view text);
// Fixed notation, at most five decimals, cut and not rounded, no trailing zeros.
std::string FormatNumber(double number);

}  // namespace nscp::sdk
