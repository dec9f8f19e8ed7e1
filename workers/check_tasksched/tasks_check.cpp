#include "workers/check_tasksched/tasks_check.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_tasksched {
namespace {

constexpr char kNever[] = "never";
// Keywords that only a task's definition knows.
constexpr const char* kDetails[] = {"application", "parameters",  "working_directory",
                                    "comment",     "creator",     "priority",
                                    "hidden",      "max_run_time"};

checks::Keywords<Task> TaskKeywords(const checks::TimeZone& zone) {
  checks::Keywords<Task> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string Task::*field) {
    k.Text(name, description,
           [field](const Task& task) -> std::string_view { return task.*field; });
  };
  const auto date = [&k, &zone](const char* name, const char* description,
                                std::optional<int64_t> Task::*field) {
    k.Date(name, description, [field](const Task& task) { return task.*field; })
        .NoValue(kNever)
        .Human([field, zone](const Task& task) {
          return task.*field ? zone.Format(*(task.*field)) : std::string(kNever);
        });
  };
  text("folder", "Folder that the task lies in; empty for the topmost one",
       &Task::folder);
  text("title", "Name of the task", &Task::title);
  text("uri", "Folder and name of the task", &Task::uri);
  text("application", "Program that it runs; of several actions the first program",
       &Task::application);
  text("parameters", "Arguments of that program", &Task::parameters);
  text("working_directory", "Folder that the program runs in", &Task::working_directory);
  text("comment", "Description of the task", &Task::comment);
  text("creator", "Who made the task", &Task::creator);
  k.Integer("enabled", "1 if it is enabled",
            [](const Task& task) { return task.enabled; });
  k.Integer("hidden", "1 if it is hidden; such are seen with the option hidden alone",
            [](const Task& task) { return task.hidden; });
  k.Integer("exit_code",
            "What its last run ended with; an error of Windows is a number below 0, and "
            "a task that runs or never ran has a number of the scheduler",
            [](const Task& task) { return task.exit_code; });
  k.Text("exit_string", "The same in words, such as: has not run yet",
         [](const Task& task) { return ExitWords(task.exit_code); });
  k.Integer("has_run", "1 if it has run at least once",
            [](const Task& task) { return task.last_run.has_value(); });
  date("most_recent_run_time", "When it was started last", &Task::last_run);
  k.Duration("last_run_age", "Time since it was started last",
             [](const Task& task) { return task.last_run_age; })
      .NoValue(kNever)
      .Human([](const Task& task) {
        return task.last_run_age ? checks::FormatUptime(*task.last_run_age)
                                 : std::string(kNever);
      });
  date("next_run_time", "When it will be started next", &Task::next_run);
  k.Integer("number_of_missed_runs", "How many of its runs did not take place",
            [](const Task& task) { return task.missed_runs; });
  k.Integer("priority",
            "Its priority, 0 (highest) to 10; of a task of the old scheduler its "
            "priority class",
            [](const Task& task) { return task.priority; });
  k.Duration("max_run_time", "Longest time that it may run, in seconds; 0 without one",
             [](const Task& task) { return task.max_run_time; });
  k.Integer("task_status",
            "State: ready, running, queued, disabled or unknown; of the old scheduler "
            "also not_scheduled, has_not_run, no_more_runs, terminated, "
            "no_valid_triggers and event_trigger",
            [](const Task& task) { return task.status; })
      .TextFace([](const Task& task) { return StatusWord(task.status); })
      .Human([](const Task& task) { return StatusWord(task.status); });
  return k;
}

checks::OptionTable TaskOptions() {
  checks::OptionTable options;
  options.Bool("force-old",
               "Ask the scheduler before Windows Vista.\nIt sees the tasks of old "
               "programs alone, and has neither folders nor accounts.");
  options.Text("computer", "", "Computer to ask.\nWithout it this one.");
  options.Text("user", "",
               "Account to ask with on another computer.\nWithout it the agent's own.");
  options.Text("domain", "", "Domain of that account.");
  options.Text("password", "", "Password of that account.");
  options.Text(
      "folder", "",
      "Folder to look at, such as \\Microsoft\\Windows.\nWithout it the topmost.");
  options.Text("recursive", "true", "Whether the folders below it are looked at, too.")
      .BareIsDefault();
  options.Bool("hidden", "Look at hidden tasks, too.");
  return options;
}

checks::FilterDefaults TaskDefaults() {
  checks::FilterDefaults defaults;
  defaults.filter = {"enabled = 1"};
  defaults.warning = {"exit_code != 0"};
  defaults.critical = {"exit_code < 0"};
  defaults.empty_state = "warning";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): All tasks are ok";
  defaults.empty_syntax = "%(status): No tasks found";
  defaults.detail_syntax = "${folder}/${title}: ${exit_code} != 0";
  defaults.perf_syntax = "${title}";
  return defaults;
}

// As the scheduler writes it: "\Microsoft\Windows"; empty for the topmost.
std::string FolderPath(std::string_view text) {
  std::string path = ReplaceAll(Trim(text), "/", "\\");
  while (EndsWith(path, "\\")) path.pop_back();
  return path.empty() || path[0] == '\\' ? path : "\\" + path;
}

Asked AskedOf(const checks::Arguments& arguments, const checks::Sink<Task>& sink) {
  Asked asked;
  asked.computer = arguments.Text("computer");
  asked.user = arguments.Text("user");
  asked.domain = arguments.Text("domain");
  asked.password = arguments.Text("password");
  asked.folder = FolderPath(arguments.Text("folder"));
  asked.recursive = sdk::ParseBool(arguments.Text("recursive"), true);
  asked.hidden = arguments.Flag("hidden");
  asked.force_old = arguments.Flag("force-old");
  asked.details = std::any_of(std::begin(kDetails), std::end(kDetails),
                              [&](const char* name) { return sink.Uses(name); });
  return asked;
}

// What the answer does not know of; empty where it knows all.
std::string GapsOf(const Found& found) {
  std::string gaps;
  if (found.unreadable > 0) {
    gaps = std::to_string(found.unreadable) + " not read, the first: " + found.reason;
  }
  if (found.cut) {
    if (!gaps.empty()) gaps += "; ";
    gaps += "there are more than " + std::to_string(found.tasks.size()) +
            " tasks: choose a folder";
  }
  return gaps;
}

void TellGaps(const std::string& gaps, sdk::CheckResult& result) {
  if (gaps.empty() || result.lines.empty()) return;
  std::string& message = result.lines[0].message;
  if (result.state == sdk::State::kOk) {
    result.state = sdk::State::kUnknown;
    if (StartsWith(message, "OK")) message.replace(0, 2, "UNKNOWN");
  }
  message += " (" + gaps + ")";
}

}  // namespace

TasksCheck::TasksCheck(const checks::TimeZone& zone)
    : check_(TaskOptions(), TaskDefaults(), TaskKeywords(zone)) {}

sdk::CheckResult TasksCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const Read& read) const {
  std::string gaps;
  sdk::CheckResult result = check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<Task>& sink) -> Status {
        Result<Found> found = read(AskedOf(parsed, sink));
        if (!found.ok()) {
          return Status(found.status().code(),
                        "Failed to fetch tasks: " + found.status().message());
        }
        gaps = GapsOf(*found);
        for (Task& task : found->tasks) {
          if (task.last_run) task.last_run_age = environment.now - *task.last_run;
          if (!sink.Add(std::move(task))) break;
        }
        return Status::Ok();
      });
  TellGaps(gaps, result);
  return result;
}

}  // namespace nscp::check_tasksched
