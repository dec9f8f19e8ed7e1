#include "workers/checks/filter_options.h"

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

std::vector<std::string> Expressions(const Arguments& arguments, std::string_view name,
                                     std::string_view replacement) {
  std::vector<std::string> kept;
  const bool replaced = !replacement.empty() && arguments.Given(replacement);
  for (const std::string& text : arguments.List(replaced ? replacement : name)) {
    if (text != "none" && !Trim(text).empty()) kept.push_back(text);
  }
  return kept;
}

std::string TemplateText(const Arguments& arguments, std::string_view name) {
  const std::string& text = arguments.Text(name);
  return text == "none" ? "" : text;
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

void ShowAll(std::string& top) {
  if (Contains(top, "${problem_list}")) {
    top = ReplaceAll(top, "${problem_list}", "${detail_list}");
  } else if (Contains(top, "%(problem_list)")) {
    top = ReplaceAll(top, "%(problem_list)", "%(detail_list)");
  } else if (!Contains(top, "%(list)") && !Contains(top, "${list}")) {
    top = "%(detail_list)";
  }
}

bool ListsObjects(const std::string& top) {
  for (const char* part : {"detail_list", "(list)", "{list}", "match_list", "lines"}) {
    if (Contains(top, part)) return true;
  }
  return false;
}

}  // namespace

void AddFilterOptions(OptionTable& table, const FilterDefaults& defaults) {
  table.List("filter", defaults.filter,
             "Filter which objects are looked at.\nSeveral filters are joined by or.");
  table.List("warning", defaults.warning,
             "Expression that makes an object WARNING.\nSeveral are joined by or.");
  table.List("warn", {}, "Short alias for warning");
  table.List("critical", defaults.critical,
             "Expression that makes an object CRITICAL.\nSeveral are joined by or.");
  table.List("crit", {}, "Short alias for critical");
  table.List("ok", {}, "Expression that marks an object as OK");
  table.Bool("debug", "Show how each object was judged");
  table.Bool("show-all", "Show all objects, not only those with problems");
  table.Text("empty-state", defaults.empty_state,
             "State to return when nothing matched the filter.\nOne of ok, warning, "
             "critical, unknown and ignored (keep the state).");
  table
      .Text("perf-config", defaults.perf_config,
            "Changes to the performance data: selector(key:value;...)")
      .HideDefault();
  table.Bool("escape-html", "Escape < and > in the message");
  table.Text("list-separator", ", ", "Text between the items of a list");
  table.Text("top-syntax", defaults.top_syntax, "The whole message");
  table.Text("ok-syntax", defaults.ok_syntax, "The whole message when all is OK");
  table.Text("empty-syntax", defaults.empty_syntax,
             "The whole message when nothing matched the filter");
  table.Text("detail-syntax", defaults.detail_syntax, "One object in the message");
  table.Text("perf-syntax", defaults.perf_syntax,
             "The label of one object in the performance data");
  if (defaults.has_unique_index) {
    table.Text("unique-index", defaults.unique_index,
               "Objects that give the same text are listed once");
  }
}

FilterRequest ReadFilterRequest(const Arguments& arguments) {
  FilterRequest request;
  request.filter = Expressions(arguments, "filter", "");
  request.warning = Expressions(arguments, "warning", "warn");
  request.critical = Expressions(arguments, "critical", "crit");
  request.ok = Expressions(arguments, "ok", "");
  request.debug = arguments.Flag("debug");
  request.escape_html = arguments.Flag("escape-html");
  request.empty_state = arguments.Text("empty-state");
  request.perf_config = arguments.Text("perf-config");
  request.separator = DecodeSeparator(arguments.Text("list-separator"));
  request.top_syntax = TemplateText(arguments, "top-syntax");
  request.ok_syntax = TemplateText(arguments, "ok-syntax");
  request.empty_syntax = TemplateText(arguments, "empty-syntax");
  request.detail_syntax = TemplateText(arguments, "detail-syntax");
  request.perf_syntax = TemplateText(arguments, "perf-syntax");
  request.unique_index = TemplateText(arguments, "unique-index");
  if (arguments.Flag("show-all")) ShowAll(request.top_syntax);
  if (ListsObjects(request.top_syntax)) request.ok_syntax.clear();
  return request;
}

}  // namespace nscp::checks
