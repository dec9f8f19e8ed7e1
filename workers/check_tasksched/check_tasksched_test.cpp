// The module over tasks that are made up.
#include "workers/check_tasksched/check_tasksched.h"

#include <doctest/doctest.h>

#include "workers/check_tasksched/tasks_check.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_tasksched {
namespace {

constexpr int64_t kNow = 1700000000;

Task Made(const char* folder, const char* title, int64_t exit_code) {
  Task task;
  task.folder = folder;
  task.title = title;
  task.uri = task.folder + "\\" + task.title;
  task.exit_code = exit_code;
  task.status = 3;
  task.last_run = kNow - 7200;
  task.next_run = kNow + 3600;
  return task;
}

Found Tasks() {
  Found found;
  found.tasks = {Made("", "backup", 0), Made("\\Own", "sync", 2),
                 Made("\\Own", "report", -2147024894), Made("", "new", 0x41303),
                 Made("", "off", 1)};
  found.tasks[1].application = "C:\\sync.exe";
  found.tasks[1].parameters = "/all";
  found.tasks[1].max_run_time = 259200;
  found.tasks[3].last_run.reset();
  found.tasks[3].next_run.reset();
  found.tasks[3].missed_runs = 2;
  found.tasks[4].enabled = false;
  found.tasks[4].status = 1;
  return found;
}

struct Played {
  sdk::CheckResult Run(std::vector<std::string> arguments = {}) {
    checks::Environment environment;
    environment.now = kNow;
    return check.Run(arguments, environment, [this](Asked last) {
      asked = std::move(last);
      ++count;
      return found;
    });
  }
  std::string Text(std::vector<std::string> arguments = {}) {
    return sdk::FormatPlain(Run(std::move(arguments)));
  }

  TasksCheck check{*checks::TimeZone::Parse("utc")};
  Result<Found> found = Tasks();
  Asked asked;
  int count = 0;
};

TEST_CASE(
    "a task that ended badly is a problem, one that Windows refused a critical one") {
  Played p;
  const auto result = p.Run();
  CHECK(result.state == sdk::State::kCritical);
  CHECK(sdk::FormatPlain(result) ==
        "CRITICAL: \\Own/sync: 2 != 0, \\Own/report: -2147024894 != 0, /new: 267011 != 0|"
        "'backup_exit_code'=0;0;0 'sync_exit_code'=2;0;0 "
        "'report_exit_code'=-2147024894;0;0 'new_exit_code'=267011;0;0");
  p.found = Found{{Made("", "backup", 0)}, 0, "", false};
  CHECK(p.Text({"perf-syntax=none"}) == "OK: All tasks are ok");
  p.found = Found{{Made("", "backup", 1)}, 0, "", false};
  CHECK(p.Run().state == sdk::State::kWarning);
  p.found = Found{};
  CHECK(p.Text() == "WARNING: No tasks found");
  CHECK(p.Run().state == sdk::State::kWarning);
}

TEST_CASE("every keyword can be asked") {
  struct Case {
    const char* filter;
    const char* titles;
  };
  const Case cases[] = {
      {"folder = '\\Own'", "sync, report"},
      {"folder = '' and enabled = 1", "backup, new"},
      {"title = 'off'", "off"},
      {"uri = '\\Own\\sync'", "sync"},
      {"application like 'sync.exe'", "sync"},
      {"parameters = '/all'", "sync"},
      {"working_directory = 'x' or comment = 'x' or creator = 'x'", ""},
      {"enabled = 0", "off"},
      {"hidden = 1 or priority = 5", ""},
      {"exit_code = 267011", "new"},
      {"exit_string = 'has not run yet'", "new"},
      {"exit_string like 'file was not found'", "report"},
      {"has_run = 0", "new"},
      {"most_recent_run_time < -1h", "backup, sync, report, off"},
      {"most_recent_run_time = 'never'", "new"},
      {"next_run_time > 30m", "backup, sync, report, off"},
      {"last_run_age > 3h", ""},
      {"last_run_age > 90m", "backup, sync, report, off"},
      {"number_of_missed_runs > 1", "new"},
      {"max_run_time > 2d", "sync"},
      {"task_status = 'disabled'", "off"},
      {"task_status in ('ready', 'running') and title != 'new'", "backup, sync, report"},
      {"task_status = 1", "off"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.filter);
    Played p;
    CHECK(p.Text({std::string("filter=") + c.filter, "warn=none", "crit=none",
                  "top-syntax=${list}", "detail-syntax=${title}", "empty-syntax=none"}) ==
          c.titles);
  }
}

TEST_CASE("values are told in words") {
  Played p;
  CHECK(p.Text({"filter=title in ('sync', 'new')", "top-syntax=${list}", "warn=none",
                "crit=none",
                "detail-syntax=${title} ${exit_string} ${most_recent_run_time} "
                "${last_run_age} ${next_run_time} ${task_status} ${max_run_time} "
                "${has_run}"}) ==
        "sync exit code 2 2023-11-14 20:13:20 02:00 2023-11-14 23:13:20 ready 259200 1, "
        "new has not run yet never never never ready 0 0");
}

TEST_CASE("options reach the scheduler") {
  Played p;
  p.Run();
  CHECK(p.asked.recursive);
  CHECK_FALSE(p.asked.hidden);
  CHECK_FALSE(p.asked.force_old);
  CHECK(p.asked.computer.empty());
  p.Run({"computer=c", "user=u", "domain=d", "password=p", "folder=\\Own",
         "recursive=false", "hidden=true", "force-old"});
  CHECK(p.asked.computer == "c");
  CHECK(p.asked.user == "u");
  CHECK(p.asked.domain == "d");
  CHECK(p.asked.password == "p");
  CHECK(p.asked.folder == "\\Own");
  CHECK_FALSE(p.asked.recursive);
  CHECK(p.asked.hidden);
  CHECK(p.asked.force_old);
  for (const char* folder :
       {"folder=Own/Deep", "folder=\\Own\\Deep\\", "folder= /Own/Deep "}) {
    p.Run({folder});
    CHECK(p.asked.folder == "\\Own\\Deep");
  }
  p.Run({"folder=\\"});
  CHECK(p.asked.folder.empty());
  p.Run({"recursive"});
  CHECK(p.asked.recursive);
}

TEST_CASE("definitions are read only when somebody looks") {
  Played p;
  p.Run();
  CHECK_FALSE(p.asked.details);
  p.Run({"filter=hidden = 0"});
  CHECK(p.asked.details);
  p.Run({"detail-syntax=${application}"});
  CHECK(p.asked.details);
}

TEST_CASE("what was not read is told") {
  Played p;
  p.found = Found{
      {Made("", "backup", 0)}, 2, "Opening the folder \\X: access is denied", false};
  const auto result = p.Run({"perf-syntax=none"});
  CHECK(result.state == sdk::State::kUnknown);
  CHECK(
      sdk::FormatPlain(result) ==
      "UNKNOWN: All tasks are ok (2 not read, the first: Opening the folder \\X: access "
      "is denied)");
  p.found = Found{{Made("", "backup", 1)}, 0, "", true};
  CHECK(p.Run().state == sdk::State::kWarning);
  CHECK(p.Text().find("more than 1 tasks") != std::string::npos);
  p.found = Status::Unavailable("the service does not run");
  CHECK(p.Run().state == sdk::State::kUnknown);
  CHECK(p.Text() == "Failed to fetch tasks: the service does not run");
}

TEST_CASE("help asks nothing, and what is wrong is UNKNOWN") {
  Played p;
  const std::string help = p.Text({"help"});
  for (const char* word : {"force-old", "computer", "user", "domain", "password",
                           "folder", "recursive", "hidden"}) {
    CHECK(help.find(word) != std::string::npos);
  }
  const std::string defaults = p.Text({"show-default"});
  CHECK(defaults.find("\"filter=enabled = 1\"") != std::string::npos);
  CHECK(defaults.find("\"recursive=true\"") != std::string::npos);
  CHECK(p.Run({"nonsense=1"}).state == sdk::State::kUnknown);
  CHECK(p.Run({"warn=nosuch > 1"}).state == sdk::State::kUnknown);
  CHECK(p.count == 0);
}

TEST_CASE("the module asks in the time of the call") {
  checks::FakeCall call;
  checks::FakeHost host;
  Asked last;
  const auto module = MakeCheckTaskSched([&](const Asked& asked) -> Result<Found> {
    last = asked;
    CHECK(asked.cancelled());
    return Tasks();
  });
  sdk::StartContext context;
  context.host = &host;
  REQUIRE(module->Start(context).ok());
  call.is_cancelled = true;
  CHECK(module->OnQuery({"check_tasksched", {}}, call).state == sdk::State::kUnknown);
  CHECK(last.deadline < call.deadline());
  CHECK(module->OnQuery({"other", {}}, call).state == sdk::State::kUnknown);
}

}  // namespace
}  // namespace nscp::check_tasksched
