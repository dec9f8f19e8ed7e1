// Command lines of Windows, by the examples of "Parsing C command-line arguments" and
// what is known of cmd.exe; arguments of attackers are constructed.
#include "workers/check_external_scripts/windows_line.h"

#include <doctest/doctest.h>

#include "workers/check_external_scripts/script.h"
#include "workers/check_external_scripts/wrapping.h"

namespace nscp::check_external_scripts {
namespace {

using Words = std::vector<std::string>;

process::Program ProgramOf(const std::string& line, const Words& arguments) {
  const auto program = MakeProgram(MakeScript("x", line, LineStyle::kWindows), arguments);
  REQUIRE(program.ok());
  return *program;
}

TEST_CASE("lines of Windows are taken apart as C programs do") {
  const struct {
    const char* line;
    Words words;
  } rows[] = {
      {R"("a b c" d e)", {"a b c", "d", "e"}},
      {R"("ab\"c" "\\" d)", {"ab\"c", "\\", "d"}},
      {R"(a\\\b d"e f"g h)", {"a\\\\\\b", "de fg", "h"}},
      {R"(a\\\"b c d)", {"a\\\"b", "c", "d"}},
      {R"(a\\\\"b c" d e)", {"a\\\\b c", "d", "e"}},
      {R"("a ""b"" c")", {"a \"b\" c"}},
      {R"(scripts\x.exe  C:\dir\ "")", {"scripts\\x.exe", "C:\\dir\\", ""}},
      {"  ", {}},
      {"\"open end", {"open end"}},
      {"a\\", {"a\\"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(SplitWindowsLine(row.line) == row.words);
  }
}

TEST_CASE("a program of Windows gets its arguments as words") {
  const auto program =
      ProgramOf(R"(powershell.exe -NoProfile -File "scripts\check x.ps1" $ARGS"$)",
                {"a b", "%PATH%", "& calc"});
  CHECK(program.line.empty());
  CHECK(program.words == Words{"powershell.exe", "-NoProfile", "-File",
                               "scripts\\check x.ps1", "a b", "%PATH%", "& calc"});
  CHECK_FALSE(MakeProgram(MakeScript("x", "a.exe $ARG1$", LineStyle::kWindows),
                          {std::string("a\0b", 3)})
                  .ok());
}

TEST_CASE("no argument of a batch file becomes a command") {
  const struct {
    const char* argument;
    const char* written;
  } rows[] = {
      {"80", "80"},
      {"a b", "\"a b\""},
      {"", "\"\""},
      {"& calc", "\"& calc\""},
      {"a&calc", "\"a&calc\""},
      {"|more", "\"|more\""},
      {"<x>y", "\"<x>y\""},
      {"^&", "\"^&\""},
      {"!x!", "\"!x!\""},
      {"(x)", "\"(x)\""},
      {"a=b;c,d", "\"a=b;c,d\""},
      {"C:\\dir\\", "\"C:\\dir\\\\\""},
      {"C:\\dir", "C:\\dir"},
      {"\"&calc&\"", "\"\"\"&calc&\"\"\""},
      {"\\\"", "\"\\\\\"\"\""},
      {"%PATH%", "\"%%cd:~,%PATH%%cd:~,%\""},
      {"\xc3\xa4", "\xc3\xa4"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.argument);
    const auto program = ProgramOf(R"("scripts\check.bat" $ARGS$)", {row.argument});
    CHECK(program.words.empty());
    CHECK(program.line == "cmd.exe /e:ON /v:OFF /d /c \"\"scripts\\check.bat\" " +
                              std::string(row.written) + "\"");
  }
  for (const std::string bad : {"a\nb", "a\rb"}) {
    CHECK_FALSE(
        MakeProgram(MakeScript("x", "x.bat $ARG1$", LineStyle::kWindows), {bad}).ok());
  }
}

TEST_CASE("batch files and cmd.exe are known by any of their names") {
  for (const char* name :
       {"x.bat", "C:\\a b\\X.BAT", "scripts/x.cmd", "x.bat. .", "c:x.bat"}) {
    CHECK(IsBatchFile(name));
  }
  for (const char* name : {"x.exe", "bat", "x.bat.exe", "x.bat\\y", ""}) {
    CHECK_FALSE(IsBatchFile(name));
  }
  for (const char* name : {"cmd", "CMD.EXE", "C:\\Windows\\System32\\cmd.exe", "cmd."}) {
    CHECK(IsCommandShell(name));
  }
  CHECK_FALSE(IsCommandShell("cmdkey"));
}

TEST_CASE("a line for cmd.exe stays as it is, and its arguments must be harmless") {
  const std::string line =
      R"(cmd /c echo scripts\x.ps1 "$ARG1$"; exit($lastexitcode) | powershell.exe -command -)";
  const Script script = MakeScript("x", line, LineStyle::kWindows);
  CHECK(script.by_shell);
  CHECK(
      MakeProgram(script, {"a b"})->line ==
      R"(cmd /c echo scripts\x.ps1 "a b"; exit($lastexitcode) | powershell.exe -command -)");
  for (const char* bad : {"%PATH%", "^", "a&b", "a|b", "\"", "(", "a\nb", "!x!"}) {
    CAPTURE(bad);
    CHECK_FALSE(RefuseArguments(script, {bad}, {true, false}).empty());
  }
  CHECK(RefuseArguments(script, {"C:/x 80%"}, {true, true}).empty());
  CHECK(RefuseArguments(script, {"plain 80"}, {true, false}).empty());
  // Where cmd.exe does not come in, a percent sign is a character like others.
  CHECK(RefuseArguments(MakeScript("x", "a\\b.exe $ARG1$", LineStyle::kWindows), {"80%"},
                        {true, false})
            .empty());
}

TEST_CASE("the wrappings of Windows") {
  const Wrappings wrappings = {
      {"bat", R"("scripts\%SCRIPT%" $ARGS"$)"},
      {"ps1",
       R"(powershell.exe -NoProfile -ExecutionPolicy Bypass -NonInteractive -File "scripts\%SCRIPT%" $ARGS"$)"},
      {"vbs",
       R"(cscript.exe //T:30 //NoLogo "scripts\lib\wrapper.vbs" %SCRIPT% $ARGS"$)"}};
  const auto run = [&](const char* value) {
    return ProgramOf(*Wrap(wrappings, value), {"80%"});
  };
  CHECK(run("check.bat $ARG1$ x").line ==
        "cmd.exe /e:ON /v:OFF /d /c \"\"scripts\\check.bat\" \"80%%cd:~,%\" x\"");
  CHECK(run("check.ps1 $ARG1$").words ==
        Words{"powershell.exe", "-NoProfile", "-ExecutionPolicy", "Bypass",
              "-NonInteractive", "-File", "scripts\\check.ps1", "80%"});
  CHECK(run("check.vbs /w:1").words == Words{"cscript.exe", "//T:30", "//NoLogo",
                                             "scripts\\lib\\wrapper.vbs", "check.vbs",
                                             "/w:1"});
  CHECK(QuoteWord("C:\\a b\\x.bat", LineStyle::kWindows) == "\"C:\\a b\\x.bat\"");
  CHECK(QuoteWord("scripts\\x.bat", LineStyle::kWindows) == "scripts\\x.bat");
}

}  // namespace
}  // namespace nscp::check_external_scripts
