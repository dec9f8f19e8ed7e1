// Paths of performance counters, such as `\\host\Process(chrome#1)\% Processor Time`, and
// the words that say how a counter is read. Pure functions; any thread. Source:
// Microsoft, "Specifying a Counter Path".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// PDH_MAX_COUNTER_PATH
constexpr size_t kMaxCounterPath = 2048;

struct CounterPath {
  std::string machine;  // without backslashes; empty = this one
  std::string object;
  std::string instance;  // with parent and number: "parent/name#1"
  bool has_instance = false;
  std::string counter;

  std::string Text() const;
  // Whether it stands for several counters.
  bool is_wild() const;
};

// InvalidArgument for what is no path; the text says how one is written.
Result<CounterPath> ParseCounterPath(std::string_view text);

// How PDH gives the value: `long` has 32 bits, `large` 64, `double` decimals.
enum class CounterType { kDouble, kLarge, kLong };

struct CounterFormat {
  CounterType type = CounterType::kLarge;
  bool no_cap = false;    // nocap100: shares of several processors may be above 100
  bool thousand = false;  // 1000: the value times 1000
  bool no_scale = false;  // noscale: without the counter's own scale
};

Result<CounterType> ParseCounterType(std::string_view word);
// Words separated by commas or blanks, added to `format`.
Status AddCounterFlags(std::string_view words, CounterFormat& format);

// In which language names are looked up.
enum class CounterNames { kAuto, kEnglish, kLocal };

Result<CounterNames> ParseCounterNames(std::string_view word);

// "alias:\path" in two parts. `alias` is empty where there is none.
struct NamedCounter {
  std::string alias;
  std::string counter;  // a path, or the name of a configured counter
  bool is_path() const { return counter.find('\\') != std::string::npos; }
};
NamedCounter SplitCounterAlias(std::string_view text);

// Indexes of English names, in lower case, of the registry's value
// Perflib\009\Counter: a number and a name in turns.
using CounterIndexes = std::map<std::string, uint32_t>;
constexpr size_t kMaxCounterIndexes = 200000;
CounterIndexes ParseCounterIndexes(const std::vector<std::string>& words);

}  // namespace nscp::check_system
