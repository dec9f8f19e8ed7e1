#include "workers/check_log_file/logfile_check.h"

#include <doctest/doctest.h>

#include <climits>

#include "proto/cpp/text.h"
#include "workers/check_log_file/check_log_file.h"
#include "workers/check_log_file/lines.h"
#include "workers/check_log_file/text_source.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_log_file {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

// Files from a table (constructed), and bookmarks.
struct Logs {
  checks::FakeHost host;
  Bookmarks bookmarks{host};
  std::map<std::string, std::string> files = {
      {"/app.log", "ERROR,2,disk full\nINFO,10,started\nERROR,x,again\n\nWARN,7.5,slow"},
      {"/tabs", "one\ttwo\tthree\nuno\tdos\ttres\n"},
      {"/empty", ""},
  };
  Words logged;
  size_t piece = 7;
  bool cancelled = false;
  int looks = INT_MAX;  // that somebody still waits, before nobody does

  sdk::CheckResult Run(const Words& arguments) {
    checks::Environment environment;
    environment.log = [this](sdk::LogLevel, std::string_view text) {
      logged.emplace_back(text);
    };
    environment.cancelled = [this] { return cancelled || looks-- <= 0; };
    return LogfileCheck().Run(
        arguments, environment,
        [this](const std::string& path) -> Result<std::unique_ptr<LogFile>> {
          if (path == "/pipe")
            return Status::FailedPrecondition("/pipe is no plain file");
          const auto found = files.find(path);
          if (found == files.end()) return Status::NotFound("none");
          return std::unique_ptr<LogFile>(
              std::make_unique<TextSource>(found->second, piece));
        },
        bookmarks);
  }
  std::string Text(const Words& arguments) { return sdk::FormatPlain(Run(arguments)); }
};

TEST_CASE("check_logfile counts and judges lines") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"file=/app.log"}, State::kOk, "5/5 ()"},
      {{"file=/app.log", "column-split=,", "filter=column1 like 'ERROR'",
        "warn=count > 0", "crit=count > 10"},
       State::kWarning,
       "2/5 (ERROR, ERROR)|'count'=2;0;10"},
      {{"file=/app.log", "split=,", "warn=column2 > 5", "crit=column2 > 8",
        "detail-syntax=%(column3)@%(file)"},
       State::kCritical,
       "5/5 (started@/app.log, slow@/app.log)"},
      {{"file=/app.log", "column-split=,", "filter=column2 = 'x' or column(3) = 'slow'",
        "top-syntax=%(list)", "detail-syntax=%(line)"},
       State::kOk,
       "ERROR,x,again, WARN,7.5,slow"},
      {{"file=/app.log", "filter=line regexp '.*full'", "top-syntax=%(list)"},
       State::kOk,
       "ERROR,2,disk full"},
      {{"file=/tabs", "crit=column2 = 'dos'", "detail-syntax=%(column3) %(column(1))"},
       State::kCritical,
       "2/2 (tres uno)"},
      {{"file=/tabs", "line-split=\\t", "top-syntax=%(list)", "list-separator=/",
        "filter=line not like '\n'"},
       State::kOk,
       "one/two/dos"},
      {{"file=/tabs", "file=/empty", "files=/app.log, /tabs", "top-syntax=%(count)"},
       State::kOk,
       "9"},
      {{"file=/app.log", "filter=line = 'none'"}, State::kOk, "OK: Nothing found"},
      {{"file=/empty"}, State::kOk, "OK: Nothing found"},
      {{"file=/app.log", "max-lines=2", "top-syntax=%(list)"},
       State::kOk,
       "WARN,7.5,slow"},
      {{"file=/app.log", "max-lines=3", "top-syntax=%(count) %(list)"},
       State::kOk,
       "3 ERROR,x,again, WARN,7.5,slow"},
      {{"file=/app.log", "max-lines=2", "newest=first", "top-syntax=%(list)"},
       State::kOk,
       "ERROR,2,disk full, INFO,10,started"},
      {{"file=/app.log", "newest=first", "top-syntax=%(count)"}, State::kOk, "5"},
      {{}, State::kUnknown, "Need to specify at least one file: file=foo.txt"},
      {{"file=/nope"}, State::kUnknown, "Failed to open file: /nope"},
      {{"file=/pipe"},
       State::kUnknown,
       "Failed to open file: /pipe (it is no plain file)"},
      {{"file=/app.log", "newest=middle"},
       State::kUnknown,
       "Invalid newest: middle (expected first or last)"},
      {{"file=/app.log", "newest=first", "bookmark"},
       State::kUnknown,
       "newest=first cannot be combined with bookmark: a file which is rewritten from "
       "the "
       "top has no position to resume from"},
      {{"file=/app.log", "max-lines=x"},
       State::kUnknown,
       "Invalid command line: the argument ('x') for option '--max-lines' is invalid"},
      {{"file=/app.log", "filter=column10 = 'x'"},
       State::kUnknown,
       "Failed to validate filter see log for details: Filter expression is not valid: "
       "column10 = 'x'"},
  };
  for (const auto& row : rows) {
    Logs logs;
    const auto result = logs.Run(row.arguments);
    const std::string text = sdk::FormatPlain(result);
    CHECK(text.substr(0, text.find("\nhelp")) == std::string(row.text));
    CHECK(result.state == row.state);
  }
  const std::string defaults = Logs().Text({"show-default"});
  for (const char* part : {"\"line-split=\\n\"", "\"column-split=\\t\"",
                           "\"max-lines=0\"", "\"newest=last\"", "\"bookmark=auto\""}) {
    CHECK(defaults.find(part) != std::string::npos);
  }
  CHECK(Logs().Text({"file=/tabs", "line-split=" + std::string(300, 'x')}) ==
        "line-split and column-split have at most 256 characters");
}

TEST_CASE("a bookmark shows each line once, through growth, rotation and truncation") {
  Logs logs;
  std::string& log = logs.files["/log"];
  const auto news = [&](const char* name = "bookmark=b") {
    return logs.Text({"file=/log", name, "top-syntax=%(list)", "empty-syntax=-"});
  };
  log = "one\ntwo\nthr";
  CHECK(news() == "one, two");
  CHECK(news() == "-");
  log += "ee\nfour\n";
  CHECK(news() == "three, four");
  CHECK(news("bookmark=other") == "one, two, three, four");
  log = "new\n";  // cut short
  CHECK(news() == "new");
  log = "another file that is longer\n";
  CHECK(news() == "another file that is longer");
  log.clear();
  CHECK(news() == "-");
  log = "back\n";
  CHECK(news() == "back");
  // Another process with the same storage.
  Logs later;
  later.host.stored = logs.host.stored;
  later.files["/log"] = log + "after\n";
  CHECK(later.Text({"file=/log", "bookmark=b", "top-syntax=%(list)"}) == "after");
}

TEST_CASE("a bookmark without a name belongs to the way of calling") {
  Logs logs;
  logs.files["/log"] = "error one\nwarn two\n";
  const Words errors = {"file=/log", "bookmark", "filter=line like 'error'"};
  const Words warnings = {"file=/log", "bookmark=auto", "filter=line like 'warn'"};
  CHECK(logs.Text(errors) == "1/2 ()");
  CHECK(logs.Text(errors) == "OK: Nothing found");
  CHECK(logs.Text(warnings) == "1/2 ()");
  CHECK(logs.Text(warnings) == "OK: Nothing found");
  CHECK(logs.Text({"file=/log", "bookmark=" + std::string(201, 'n')}) ==
        "The name of the bookmark is longer than 200 characters");
}

TEST_CASE("lines that nobody was told of are not old") {
  Logs logs;
  logs.files["/log"] = "one\n";
  const Words ask = {"file=/log", "bookmark=b", "top-syntax=%(list)"};
  logs.cancelled = true;
  logs.Run(ask);
  logs.cancelled = false;
  logs.looks = 1;  // gone between reading and answering
  CHECK(logs.Text(ask).rfind("The check was stopped", 0) == 0);
  logs.looks = INT_MAX;
  CHECK(logs.Text({"file=/log", "file=/nope", "bookmark=b"}) ==
        "Failed to open file: /nope");
  CHECK(logs.Text({"file=/log", "bookmark=b", "filter=nosuch = 1"}).rfind("Failed", 0) ==
        0);
  CHECK(logs.Text(ask) == "one");
  // With max-lines the older ones are passed over, and the last without an end is none.
  logs.files["/log"] += "two\nthree\nfour\nfi";
  CHECK(logs.Text({"file=/log", "bookmark=b", "top-syntax=%(list)", "max-lines=2"}) ==
        "three, four");
  logs.files["/log"] += "ve\n";
  CHECK(logs.Text({"file=/log", "bookmark=b", "top-syntax=%(list)", "max-lines=2"}) ==
        "five");
}

TEST_CASE("too much that matches is said, and the next check reads on behind it") {
  Logs logs;
  logs.piece = 1 << 20;
  std::string& log = logs.files["/log"];
  for (size_t i = 0; i < kMaxMatchedBytes / kMaxLine + 5; ++i) {
    log += std::string(kMaxLine, 'x') + "\n";
  }
  const auto ask = [&] {
    return logs.Text({"file=/log", "bookmark=b", "warn=line like 'x'",
                      "detail-syntax=none", "top-syntax=%(count)", "perf-syntax=none"});
  };
  CHECK(
      ask() ==
      "The lines that match have more than 64 MiB: use a narrower filter, a bookmark or "
      "max-lines");
  CHECK(ask() == "4");
  log = std::string(3 * kMaxLine, 'y') + "\n";
  CHECK(logs.Text({"file=/log", "top-syntax=%(count)"}) == "1");
  CHECK(logs.logged.back() ==
        "/log: lines longer than 64 KiB were cut there: 1. Is line-split right?");
}

TEST_CASE("the module answers to both of its names") {
  checks::FakeHost host;
  checks::FakeCall call;
  const auto module = MakeCheckLogFile();
  sdk::StartContext context;
  context.host = &host;
  REQUIRE(module->Start(context).ok());
  for (const char* name : {"check_logfile", "checklogfile"}) {
    CHECK(sdk::FormatPlain(module->OnQuery({name, {"file=/no/such"}}, call)) ==
          "Failed to open file: /no/such");
  }
  CHECK(module->OnQuery({"check_other", {}}, call).state == State::kUnknown);
  CHECK(module->OnMetrics({}).empty());
  module->Stop();
}

}  // namespace
}  // namespace nscp::check_log_file
