#include "proto/cpp/text.h"
#include "workers/check_event_log/eventlog_check.h"

namespace nscp::check_event_log {
namespace {

struct Renamed {
  std::string_view from;
  std::string_view to;
};

// Words of old filters and the keywords that took their place.
constexpr Renamed kFilterWords[] = {
    {"strings", "message"}, {"generated", "written"}, {"severity", "level"}};

constexpr Renamed kSyntaxWords[] = {
    {"strings", "message"},
    {"generated", "written"},
    {"severity", "level"},
    {"log", "file"},
    {"message", "message"},
    {"source", "source"},
    {"computer", "computer"},
    {"written", "written"},
    {"type", "type"},
    {"category", "category"},
    {"facility", "facility"},
    {"qualifier", "qualifier"},
    {"customer", "customer"},
    {"count", "count"},
    {"level", "level"},
    {"file", "file"},
    {"id", "id"},
    {"user", "user"},
};

// MaxWarn=5 means five records or more; warn and crit are expressions, too.
constexpr struct {
  std::string_view name;
  std::string_view option;
  std::string_view comparison;
} kCounts[] = {
    {"maxwarn", "warn", "count >= "}, {"maxcrit", "crit", "count >= "},
    {"minwarn", "warn", "count <= "}, {"mincrit", "crit", "count <= "},
    {"warn", "warn", "count >= "},    {"crit", "crit", "count >= "},
};

// "gt:5" and the like were comparisons of their own.
std::string Comparison(std::string_view comparison, const std::string& value) {
  const size_t colon = value.find(':');
  if (colon == std::string::npos) return std::string(comparison) + value;
  constexpr Renamed kOperators[] = {{"gt", ">"},  {"lt", "<"}, {"ge", ">="},
                                    {"le", "<="}, {"eq", "="}, {"ne", "!="}};
  for (const Renamed& known : kOperators) {
    if (EqualsIgnoreCase(known.from, value.substr(0, colon))) {
      return "count " + std::string(known.to) + " " + value.substr(colon + 1);
    }
  }
  return std::string(comparison) + value;
}

std::string OldFilter(std::string filter) {
  for (const Renamed& word : kFilterWords) {
    filter = ReplaceAll(filter, word.from, word.to);
  }
  return filter;
}

std::string OldSyntax(std::string syntax) {
  for (const Renamed& word : kSyntaxWords) {
    syntax = ReplaceAll(syntax, "%" + std::string(word.from) + "%",
                        "${" + std::string(word.to) + "}");
  }
  return syntax;
}

bool IsNumber(const std::string& text) {
  const size_t colon = text.find(':');
  const std::string number = colon == std::string::npos ? text : text.substr(colon + 1);
  return !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::vector<std::string> OfOldArguments(const std::vector<std::string>& arguments) {
  std::vector<std::string> converted;
  std::string syntax = "%source%, %strings%";
  std::string top = "${list}";
  for (const std::string& argument : arguments) {
    const size_t equals = argument.find('=');
    const std::string name = ToLowerAscii(argument.substr(0, equals));
    const std::string value =
        equals == std::string::npos ? "" : argument.substr(equals + 1);
    bool is_count = false;
    for (const auto& count : kCounts) {
      if (name != count.name || !IsNumber(value)) continue;
      converted.push_back(std::string(count.option) + "=" +
                          Comparison(count.comparison, value));
      is_count = true;
      break;
    }
    if (is_count || name == "truncate" || name == "descriptions") continue;
    if (name == "syntax") {
      syntax = value;
    } else if (name == "top-syntax") {
      top = value;
    } else if (name == "filter" && equals != std::string::npos) {
      converted.push_back("filter=" + OldFilter(value));
    } else {
      converted.push_back(argument);
    }
  }
  const bool asks_for_help = converted.size() == 1 && StartsWith(converted[0], "help");
  if (asks_for_help || (converted.size() == 1 && converted[0] == "show-default")) {
    return converted;
  }
  converted.push_back("detail-syntax=" + OldSyntax(syntax));
  converted.push_back("top-syntax=" + top);
  return converted;
}

}  // namespace nscp::check_event_log
