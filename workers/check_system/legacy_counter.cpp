#include "proto/cpp/text.h"
#include "workers/check_system/check_pdh.h"

namespace nscp::check_system {
namespace {

struct OldBound {
  const char* name;
  const char* option;
  const char* comparison;
};

constexpr OldBound kOldBounds[] = {
    {"maxwarn", "warn", ">="}, {"maxcrit", "crit", ">="}, {"minwarn", "warn", "<="},
    {"mincrit", "crit", "<="}, {"warn", "warn", ">="},    {"crit", "crit", ">="},
};

bool IsNumber(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("-0123456789.") == std::string_view::npos;
}

// A bound as an expression; empty where the word is none.
std::string BoundOf(const std::string& name, const std::string& value) {
  for (const OldBound& bound : kOldBounds) {
    if (EqualsIgnoreCase(name, bound.name) && IsNumber(value)) {
      return std::string(bound.option) + "=value " + bound.comparison + " " + value;
    }
  }
  return "";
}

// "--name value" and "--name=value", as a command line may give them, as "name=value".
std::vector<std::string> PlainWords(const std::vector<std::string>& arguments) {
  std::vector<std::string> plain;
  bool may_have_value = false;
  for (const std::string& argument : arguments) {
    const bool is_option = StartsWith(argument, "--");
    if (!is_option && may_have_value) {
      plain.back() += "=" + argument;
    } else {
      plain.push_back(argument.substr(is_option ? 2 : 0));
    }
    may_have_value = is_option && argument.find('=') == std::string::npos;
  }
  return plain;
}

}  // namespace

std::vector<std::string> FromLegacyCounter(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const std::string& argument : PlainWords(arguments)) {
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const std::string value =
        equals == std::string::npos ? "" : argument.substr(equals + 1);
    const std::string lower = ToLowerAscii(name);
    const std::string bound = BoundOf(name, value);
    if (!bound.empty()) {
      words.push_back(bound);
    } else if (lower == "counter" || lower == "averages" || lower == "instances") {
      words.push_back(equals == std::string::npos ? lower : lower + "=" + value);
    } else if (StartsWith(lower, "counter:") && equals != std::string::npos) {
      words.push_back("counter=" + name.substr(8) + ":" + value);
    } else if (lower == "showall") {
      words.push_back("show-all");
    } else {
      words.push_back(argument);
    }
  }
  // Labels were the aliases alone.
  words.push_back("perf-config=extra(value) *(suffix:none)");
  return words;
}

}  // namespace nscp::check_system
