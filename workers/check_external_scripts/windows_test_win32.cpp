// Batch files that really run.
#include <doctest/doctest.h>

#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"
#include "workers/check_external_scripts/console_text.h"
#include "workers/check_external_scripts/execution.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_external_scripts {
namespace {

struct Runner {
  Runner() {
    folder.Write("scripts/x.bat", "@echo off\r\necho [%~1][%~2]^|'a'=1\r\nexit /b 1\r\n");
    rules.folder = folder.path();
    rules.arguments.allowed = true;
    rules.arguments.nasty = true;
  }
  std::string Run(const std::string& line, std::vector<std::string> arguments) {
    const sdk::CheckResult result = RunScript(
        MakeScript("x", line), {"x", std::move(arguments)}, rules, background,
        [](sdk::LogLevel, std::string_view) {}, call);
    return std::to_string(static_cast<int>(result.state)) + " " +
           sdk::FormatPlain(result);
  }
  const testing::TempFolder folder;
  RunRules rules;
  process::Background background;
  checks::FakeCall call;
};

TEST_CASE("a batch file gets its arguments, and makes no command of them") {
  Runner runner;
  const std::string line = R"("scripts\x.bat" $ARGS"$)";
  CHECK(runner.Run(line, {"80", "a b"}) == "1 [80][a b]|'a'=1");
  const std::string hostile = runner.Run(line, {"x&echo owned>owned.txt", "c"});
  CHECK(hostile.find("1 ") == 0);
  std::error_code ignored;
  CHECK_FALSE(std::filesystem::exists(
      std::filesystem::u8path(runner.folder.File("owned.txt")), ignored));
  CHECK(runner.Run("cmd /c echo $ARG1$", {"hi"}) == "0 hi");
}

TEST_CASE("what the console prints becomes UTF-8") {
  CHECK(ConsoleText("plain \xc3\xa4") == "plain \xc3\xa4");
  CHECK(ConsoleText(std::string("\xff\xfe"
                                "a\0\xe4\0",
                                6)) == "a\xc3\xa4");
  // In one code page or another it is some letter.
  CHECK(ConsoleText("x\x84y").size() >= 3);
}

}  // namespace
}  // namespace nscp::check_external_scripts
