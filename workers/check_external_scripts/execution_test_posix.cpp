#include "workers/check_external_scripts/execution.h"

#include "workers/checks/fake_call.h"
#include "workers/scripts/test_folder_posix.h"

namespace nscp::check_external_scripts {
namespace {

using sdk::State;

struct Runner {
  Runner() {
    rules.folder = folder.path;
    rules.arguments.allowed = true;
  }
  sdk::CheckResult Run(const Script& script, std::vector<std::string> arguments = {}) {
    return RunScript(
        script, {script.name, std::move(arguments)}, rules, background,
        [this](sdk::LogLevel, std::string_view text) { log += std::string(text) + "\n"; },
        call);
  }
  // A script of this text.
  sdk::CheckResult RunText(const std::string& text,
                           std::vector<std::string> arguments = {}) {
    folder.Write("x.sh", "#!/bin/sh\n" + text + "\n");
    return Run(MakeScript("x", "./x.sh $ARGS$"), std::move(arguments));
  }
  std::string Text(const std::string& text, std::vector<std::string> arguments = {}) {
    return RunText(text, std::move(arguments)).lines.at(0).message;
  }

  scripts::TestFolder folder;
  RunRules rules;
  process::Background background;
  checks::FakeCall call;
  std::string log;
};

TEST_CASE("exit codes are states, all others are UNKNOWN") {
  Runner runner;
  for (const int code : {0, 1, 2, 3}) {
    CAPTURE(code);
    const auto result = runner.RunText("echo 'text|a=1'; exit " + std::to_string(code));
    CHECK(static_cast<int>(result.state) == code);
    CHECK(sdk::FormatPlain(result) == "text|'a'=1");
  }
  const auto result = runner.RunText("echo printed; exit 5");
  CHECK(result.state == State::kUnknown);
  CHECK(result.lines[0].message == "The command (x) returned an invalid return code: 5");
  CHECK(runner.log == "x: it printed: printed\n\n");
}

TEST_CASE("silence is told as such") {
  Runner runner;
  auto result = runner.RunText("exit 0");
  CHECK(result.state == State::kOk);
  CHECK(result.lines[0].message == "No output available from command (x).");
  result = runner.RunText("kill -9 $$");
  CHECK(result.state == State::kUnknown);
  CHECK(result.lines[0].message == "No output available from command (x).");
  CHECK(runner.log == "x: ended by signal 9\n");
}

TEST_CASE("what cannot be started answers as a shell would, and the log has the reason") {
  Runner runner;
  const auto result = runner.Run(MakeScript("x", "scripts/nosuch.sh"));
  CHECK(result.state == State::kUnknown);
  CHECK(result.lines[0].message ==
        "The command (x) returned an invalid return code: 127");
  CHECK(runner.log == "x: Starting scripts/nosuch.sh: No such file or directory\n");
}

TEST_CASE("a script that takes too long is ended, with all that it started") {
  Runner runner;
  runner.rules.timeout = std::chrono::seconds(1);
  const auto result = runner.RunText("sleep 60 & sleep 60");
  CHECK(result.state == State::kUnknown);
  CHECK(result.lines[0].message == "Command x didn't terminate within 1s; killed");
  runner.call.is_cancelled = true;
  CHECK(runner.Text("sleep 60") ==
        "Command x was ended: its caller has gone or its time is up");
}

TEST_CASE("arguments arrive as words of their own, and nothing expands them") {
  Runner runner;
  runner.rules.arguments.nasty = true;
  CHECK(runner.Text("for a in \"$@\"; do echo \"<$a>\"; done",
                    {"a b", "$(id)", "; echo no", "*", "'\""}) ==
        "<a b>\n<$(id)>\n<; echo no>\n<*>\n<'\">");
  runner.rules.arguments.nasty = false;
  CHECK(runner.RunText("echo ran", {"a|b"}).state == State::kUnknown);
  runner.rules.arguments.allowed = false;
  runner.log.clear();
  CHECK(runner.Text("echo ran", {"a"}) ==
        "Arguments not allowed see nsclient.log for details");
  CHECK(runner.log ==
        "x: Arguments not allowed in CheckExternalScripts set /settings/external "
        "scripts/allow arguments=true\n");
}

TEST_CASE("a place that stays empty is logged") {
  Runner runner;
  CHECK(runner.Run(MakeScript("x", "echo $ARG1$")).lines[0].message == "$ARG1$");
  CHECK(runner.log == "Possible missing argument in: echo $ARG1$\n");
}

TEST_CASE("a line for the shell runs by it") {
  Runner runner;
  const auto result =
      runner.Run(MakeScript("x", R"(printf %s a\\\b | tr a-z A-Z; exit 1)"));
  CHECK(result.state == State::kWarning);
  CHECK(result.lines[0].message == "A\\B");
}

TEST_CASE("nobody waits for a script whose output is not wanted") {
  Runner runner;
  Script script = MakeScript("x", "sh -c \"sleep 0.2\"");
  script.capture = false;
  const auto result = runner.Run(script);
  CHECK(result.state == State::kOk);
  CHECK(result.lines[0].message == "Command x was started");
  script.words = {"/nonexistent"};
  CHECK(runner.Run(script).state == State::kUnknown);
}

TEST_CASE("endless output is cut, and the log says so") {
  Runner runner;
  const auto result = runner.RunText("head -c 3000000 /dev/zero | tr '\\0' x");
  CHECK(result.state == State::kOk);
  CHECK(result.lines[0].message.size() == 1024 * 1024);
  CHECK(runner.log == "x: output beyond 1048576 bytes was dropped\n");
}

TEST_CASE("performance data is text where the settings say so") {
  Runner runner;
  Script script = MakeScript("x", "echo obj|x=1");
  script.ignore_perf = true;
  CHECK(runner.Run(script).lines[0].message == "obj|x=1");
}

}  // namespace
}  // namespace nscp::check_external_scripts
