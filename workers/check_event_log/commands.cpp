#include "workers/check_event_log/commands.h"

#include <charconv>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/check_event_log/levels.h"
#include "workers/sdk/command_line.h"

namespace nscp::check_event_log {
namespace {

using sdk::CommandLine;
using sdk::CommandOption;
using sdk::ExecAnswer;
using Takes = CommandOption::Takes;

constexpr int kFailed = 3;
constexpr char kUsage[] = "Usage: nscp eventlog [list|insert|add] --help\n";
constexpr char kFilterSection[] = "/settings/eventlog/real-time/filters/";

std::vector<CommandOption> ListOptions() {
  return {{"channels", 0, Takes::kNothing, "List the logs"},
          {"publishers", 0, Takes::kNothing, "List the sources of events"},
          {"tasks", 0, Takes::kNothing, "List the tasks of the publisher"},
          {"keywords", 0, Takes::kNothing, "List the keywords of the publisher"},
          {"publisher", 0, Takes::kValue, "Whose tasks and keywords to list"},
          {"all", 0, Takes::kNothing, "List logs and sources"}};
}

std::vector<CommandOption> InsertOptions() {
  return {{"source", 's', Takes::kValue, "The source (Application Error)"},
          {"type", 't', Takes::kValue,
           "Type of the event: error, warning, information, success, auditSuccess, "
           "auditFailure"},
          {"level", 'l', Takes::kValue, "The same as type"},
          {"facility", 'f', Takes::kValue, "Facility within the raw id, 0 to 4095"},
          {"qualifier", 'q', Takes::kValue, "The same as facility"},
          {"severity", 0, Takes::kValue,
           "Severity within the raw id: success, informational, warning, error"},
          {"category", 'c', Takes::kValue, "Number of the task, 0 to 65535"},
          {"customer", 0, Takes::kValue, "Customer bit of the raw id, 0 or 1"},
          {"arguments", 'a', Takes::kValue,
           "A string of the message; may be given several times, or without its name"},
          {"id", 'i', Takes::kValue, "Event id, 0 to 65535"}};
}

std::vector<CommandOption> AddOptions() {
  return {{"alias", 0, Takes::kValue, "Name of the real-time filter"},
          {"file", 0, Takes::kValue, "Log to watch (those of the settings without one)"},
          {"log", 0, Takes::kValue,
           "The same; on the command line of nscp --log is the level of its own log"},
          {"filter", 0, Takes::kValue, "Which records match, such as: level = 'error'"},
          {"target", 0, Takes::kValue, "Channel that the result goes to"}};
}

ExecAnswer Failed(const std::string& text) { return {kFailed, text + "\n"}; }

Result<uint32_t> NumberOption(const CommandLine& line, std::string_view name,
                              uint32_t maximum) {
  const std::string text = line.Find(name).value_or("0");
  uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number > maximum) {
    return Status::InvalidArgument("--" + std::string(name) + " " + text +
                                   " is no number from 0 to " + std::to_string(maximum));
  }
  return number;
}

Result<uint16_t> TypeOption(const CommandLine& line) {
  const std::string word =
      line.Find("type").value_or(line.Find("level").value_or("information"));
  if (EqualsIgnoreCase(word, "success")) return uint16_t{0};
  const auto level = LevelOfWord(word);
  if (level) return TypeOfLevel(*level);
  return Status::InvalidArgument("--type " + word +
                                 " is none of error, warning, information, success, "
                                 "auditSuccess, auditFailure");
}

Result<uint32_t> SeverityOption(const CommandLine& line) {
  const auto word = line.Find("severity");
  if (!word) return 0u;
  const auto severity = SeverityOfWord(*word);
  if (severity) return static_cast<uint32_t>(*severity);
  return Status::InvalidArgument("--severity " + *word +
                                 " is none of success, informational, warning, error");
}

Result<NewEvent> ReadNewEvent(const CommandLine& line) {
  NewEvent event;
  event.source = line.Find("source").value_or(event.source);
  ASSIGN_OR_RETURN(event.type, TypeOption(line));
  ASSIGN_OR_RETURN(const uint32_t id, NumberOption(line, "id", 0xffff));
  const char* facility_name = line.Has("facility") ? "facility" : "qualifier";
  ASSIGN_OR_RETURN(const uint32_t facility, NumberOption(line, facility_name, 0xfff));
  ASSIGN_OR_RETURN(const uint32_t customer, NumberOption(line, "customer", 1));
  ASSIGN_OR_RETURN(const uint32_t severity, SeverityOption(line));
  ASSIGN_OR_RETURN(const uint32_t category, NumberOption(line, "category", 0xffff));
  event.raw_id = id | facility << 16 | customer << 29 | severity << 30;
  event.category = static_cast<uint16_t>(category);
  event.strings = line.All("arguments");
  for (const std::string& word : line.words()) event.strings.push_back(word);
  if (event.strings.size() > kMaxInserted) {
    return Status::InvalidArgument("An event has at most " +
                                   std::to_string(kMaxInserted) + " strings");
  }
  for (std::string& text : event.strings) text = CutUtf8(text, kMaxInsertedText);
  return event;
}

ExecAnswer Insert(const CommandLine& line, const CommandTools& tools) {
  const auto event = ReadNewEvent(line);
  if (!event.ok()) return Failed(event.status().message());
  const Status reported = tools.report(*event);
  if (!reported.ok()) {
    return Failed("Could not report the event: " + reported.message());
  }
  return {0, "Message reported successfully\n"};
}

ExecAnswer Add(const CommandLine& line, const CommandTools& tools) {
  const std::string alias = line.Find("alias").value_or("");
  if (alias.empty() || alias.find('/') != std::string::npos) {
    return Failed("--alias: the filter needs a name without slashes\n" +
                  sdk::DescribeOptions(AddOptions()));
  }
  std::vector<sdk::Settings::Entry> entries = {
      {"/settings/eventlog/real-time", "enabled", "true"},
      {"/modules", "CheckEventLog", "enabled"}};
  const struct {
    const char* key;
    std::string value;
  } keys[] = {{"filter", line.Find("filter").value_or("")},
              {"target", line.Find("target").value_or("")},
              {"log", line.Find("file").value_or(line.Find("log").value_or(""))}};
  for (const auto& [key, value] : keys) {
    if (!value.empty()) entries.push_back({kFilterSection + alias, key, value});
  }
  const Status saved = tools.save(entries);
  if (!saved.ok()) return Failed("Adding the filter " + alias + ": " + saved.message());
  return {0, "Filter " + alias + " added\n"};
}

Status AppendNames(const Result<std::vector<std::string>>& names, const char* title,
                   const char* mark, std::string& text) {
  RETURN_IF_ERROR(names.status());
  if (title != nullptr) text += std::string(title) + ":\n";
  for (const std::string& name : *names) text += mark + name + "\n";
  return Status::Ok();
}

Result<std::string> ListText(const CommandLine& line, EventLogs& logs) {
  std::string text;
  const bool all = line.Has("all");
  if (all || line.Has("channels")) {
    RETURN_IF_ERROR(AppendNames(logs.List(EventLogs::Kind::kLogs),
                                all ? "Channels" : nullptr, "", text));
  }
  if (all || line.Has("publishers")) {
    RETURN_IF_ERROR(AppendNames(logs.List(EventLogs::Kind::kSources),
                                all ? "Publishers" : nullptr, "", text));
  }
  const std::string publisher = line.Find("publisher").value_or("");
  const bool parts = line.Has("tasks") || line.Has("keywords");
  if (parts && publisher.empty()) {
    return Status::InvalidArgument(
        "--publisher: name the source whose tasks or keywords are to be listed (nscp "
        "eventlog list --publishers)");
  }
  if (line.Has("tasks")) {
    RETURN_IF_ERROR(AppendNames(logs.ListOf(publisher, EventLogs::Part::kTasks), "Tasks",
                                " * ", text));
  }
  if (line.Has("keywords")) {
    RETURN_IF_ERROR(AppendNames(logs.ListOf(publisher, EventLogs::Part::kKeywords),
                                "Keywords", " * ", text));
  }
  return text.empty() && !all && !parts ? sdk::DescribeOptions(ListOptions()) : text;
}

ExecAnswer List(const CommandLine& line, const CommandTools& tools) {
  if (tools.logs == nullptr) return Failed(tools.problem.message());
  const auto text = ListText(line, *tools.logs);
  return text.ok() ? ExecAnswer{0, *text} : Failed(text.status().message());
}

}  // namespace

ExecAnswer RunCommand(const sdk::Query& query, const CommandTools& tools) {
  const struct {
    const char* name;
    const char* other;
    std::vector<CommandOption> options;
    ExecAnswer (*run)(const CommandLine&, const CommandTools&);
  } commands[] = {{"list", "list-providers", ListOptions(), &List},
                  {"insert", "insert-message", InsertOptions(), &Insert},
                  {"add", "add", AddOptions(), &Add}};
  std::string name = query.command;
  std::vector<std::string> words = query.arguments;
  if (name.empty() && !words.empty()) {
    name = words.front();
    words.erase(words.begin());
  }
  for (const auto& command : commands) {
    if (name != command.name && name != command.other) continue;
    const auto line = CommandLine::Parse(command.options, words);
    if (!line.ok()) {
      return Failed("Invalid command line: " + line.status().message() + "\n" +
                    sdk::DescribeOptions(command.options));
    }
    if (line->Has("help")) return {0, sdk::DescribeOptions(command.options)};
    return command.run(*line, tools);
  }
  return {kFailed, kUsage};
}

}  // namespace nscp::check_event_log
