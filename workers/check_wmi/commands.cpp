#include "workers/check_wmi/commands.h"

#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"
#include "workers/check_wmi/row_keywords.h"
#include "workers/sdk/command_line.h"

namespace nscp::check_wmi {
namespace {

using sdk::CommandLine;
using sdk::CommandOption;
using sdk::ExecAnswer;
using Takes = CommandOption::Takes;
using Lines = std::vector<std::vector<std::string>>;

constexpr int kUnknownCommand = 1;
constexpr int kFailed = 3;
// Namespaces below namespaces, and how many of them.
constexpr size_t kMaxDepth = 16;
constexpr size_t kMaxNamespaces = 1000;

const std::vector<CommandOption>& Options() {
  static const std::vector<CommandOption> options = {
      {"select", 's', Takes::kValue, "Show what a query in WQL finds"},
      {"simple", 0, Takes::kNothing, "Rows alone, with commas between their values"},
      {"list-classes", 0, Takes::kOptionalValue,
       "List the classes, or those that descend from one"},
      {"list-instances", 0, Takes::kValue, "List the names of a class's objects"},
      {"list-ns", 0, Takes::kNothing, "List the namespaces below the namespace"},
      {"list-all-ns", 0, Takes::kNothing, "List those below these, too"},
      {"limit", 'l', Takes::kValue, "Show at most so many rows"},
      {"namespace", 'n', Takes::kValue, "Namespace to ask (root\\cimv2)"},
      {"computer", 'c', Takes::kValue, "Another computer, or a target of the settings"},
      {"user", 'u', Takes::kValue, "Account on the other computer"},
      {"password", 'p', Takes::kValue, "Its password"},
  };
  return options;
}

std::string ValueOf(const CommandLine& line, std::string_view name) {
  return line.Find(name).value_or("");
}

// What one command asks, and where.
struct Asking {
  const Source& source;
  wmi::Place place;
  wmi::Limits limits;

  Result<wmi::Table> Query(const std::string& wql) const {
    return source.query(place, wql, limits);
  }
};

// A name that becomes a part of a query.
bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  });
}

std::string Shown(const wmi::Value& value) { return value.is_null ? kNull : value.text; }

Lines LinesOf(const wmi::Table& table) {
  Lines lines;
  for (const wmi::Row& row : table.rows) {
    std::vector<std::string> line;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      line.push_back(Shown(wmi::At(row, i)));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// Letters as they take room on a screen, near enough: bytes that begin one.
size_t WidthOf(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string RowText(const std::vector<std::string>& cells,
                    const std::vector<size_t>& widths) {
  std::string text;
  for (size_t i = 0; i < cells.size(); ++i) {
    text += " " + cells[i] + std::string(widths[i] - WidthOf(cells[i]) + 1, ' ');
  }
  return text + "\n";
}

std::string TableText(const wmi::Table& table) {
  std::vector<std::string> header;
  std::vector<size_t> widths;
  for (const wmi::Column& column : table.columns) {
    header.push_back(column.name);
    widths.push_back(WidthOf(column.name));
  }
  const Lines lines = LinesOf(table);
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], WidthOf(line[i]));
    }
  }
  size_t room = 0;
  for (const size_t width : widths) room += width + 2;
  const std::string rule = std::string(room, '-') + "\n";
  std::string text = rule + RowText(header, widths) + rule;
  for (const auto& line : lines) text += RowText(line, widths);
  return text + rule;
}

std::string SimpleText(const wmi::Table& table) {
  std::string text;
  for (const auto& line : LinesOf(table)) text += Join(line, ", ") + "\n";
  return text;
}

Result<std::string> Select(const Asking& asking, const std::string& wql, bool is_simple) {
  ASSIGN_OR_RETURN(const wmi::Table table, asking.Query(wql));
  std::string text = is_simple ? SimpleText(table) : TableText(table);
  if (table.cut) {
    text += "There are more rows than " + std::to_string(table.rows.size()) + ".\n";
  }
  return text;
}

Result<std::vector<std::string>> NamesOf(const Asking& asking, const std::string& name) {
  ASSIGN_OR_RETURN(const wmi::Table table, asking.Query("SELECT * FROM " + name));
  std::vector<std::string> names;
  for (const wmi::Row& row : table.rows) names.push_back(Shown(table.At(row, "Name")));
  std::sort(names.begin(), names.end());
  return names;
}

Status AddNamespaces(Asking asking, size_t depth, std::vector<std::string>& found) {
  ASSIGN_OR_RETURN(const auto names, NamesOf(asking, "__NAMESPACE"));
  const std::string above = asking.place.name_space;
  for (const std::string& name : names) {
    if (found.size() >= kMaxNamespaces) return Status::Ok();
    found.push_back(above + "\\" + name);
    asking.place.name_space = found.back();
    if (depth < kMaxDepth) RETURN_IF_ERROR(AddNamespaces(asking, depth + 1, found));
  }
  return Status::Ok();
}

std::string OnLines(std::vector<std::string> names) {
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return text;
}

Result<std::string> Run(const CommandLine& line, const Asking& asking) {
  if (const auto wql = line.Find("select")) {
    return Select(asking, *wql, line.Has("simple"));
  }
  if (const auto parent = line.Find("list-classes")) {
    if (!parent->empty() && !IsName(*parent)) {
      return Status::InvalidArgument("\"" + *parent + "\" is no name of a class");
    }
    ASSIGN_OR_RETURN(std::vector<std::string> names,
                     asking.source.classes(asking.place, *parent, asking.limits));
    std::sort(names.begin(), names.end());
    return OnLines(std::move(names));
  }
  if (const auto name = line.Find("list-instances")) {
    if (!IsName(*name)) {
      return Status::InvalidArgument("\"" + *name + "\" is no name of a class");
    }
    ASSIGN_OR_RETURN(std::vector<std::string> names, NamesOf(asking, *name));
    return OnLines(std::move(names));
  }
  std::vector<std::string> names;
  if (line.Has("list-all-ns")) {
    RETURN_IF_ERROR(AddNamespaces(asking, 0, names));
  } else {
    ASSIGN_OR_RETURN(names, NamesOf(asking, "__NAMESPACE"));
  }
  return OnLines(std::move(names));
}

bool AsksSomething(const CommandLine& line) {
  for (const char* name :
       {"select", "list-classes", "list-instances", "list-ns", "list-all-ns"}) {
    if (line.Has(name)) return true;
  }
  return false;
}

// A bound of the user's own, within the house's.
Result<size_t> RowsOf(const CommandLine& line) {
  const auto text = line.Find("limit");
  if (!text) return wmi::kMaxRows;
  size_t rows = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, rows);
  if (error != std::errc() || stop != end || rows == 0) {
    return Status::InvalidArgument("--limit must be a whole number above 0, not \"" +
                                   *text + "\"");
  }
  return std::min(rows, wmi::kMaxRows);
}

Result<std::string> RunLine(const CommandLine& line, const Source& source,
                            const Targets& targets, wmi::Limits limits) {
  ASSIGN_OR_RETURN(limits.rows, RowsOf(line));
  ASSIGN_OR_RETURN(
      wmi::Place place,
      targets.Resolve({ValueOf(line, "computer"), ValueOf(line, "user"),
                       ValueOf(line, "password"), ValueOf(line, "namespace")}));
  return Run(line, {source, std::move(place), std::move(limits)});
}

}  // namespace

ExecAnswer RunCommand(const sdk::Query& command, const Source& source,
                      const Targets& targets, const wmi::Limits& limits) {
  const std::string help =
      "CheckWMI Command line syntax:\n" + sdk::DescribeOptions(Options());
  if (command.command == "help") return {0, help};
  if (!command.command.empty() && command.command != "wmi") {
    return {kUnknownCommand, "Command not found: " + command.command};
  }
  const auto line = CommandLine::Parse(Options(), command.arguments);
  if (!line.ok()) {
    return {kFailed, "Invalid command line: " + line.status().message() + "\n" + help};
  }
  if (line->Has("help") || !AsksSomething(*line)) return {0, help};
  auto text = RunLine(*line, source, targets, limits);
  if (!text.ok()) return {kFailed, "ERROR: " + text.status().message()};
  return {0, *std::move(text)};
}

}  // namespace nscp::check_wmi
