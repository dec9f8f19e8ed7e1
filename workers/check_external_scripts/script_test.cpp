#include "workers/check_external_scripts/script.h"

#include <doctest/doctest.h>

#include "workers/check_external_scripts/wrapping.h"

namespace nscp::check_external_scripts {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("a line becomes words, with the caller's arguments in their places") {
  struct {
    std::string line;
    Words arguments;
    Words words;
  } const rows[] = {
      {"scripts/check_x.sh \"$ARG1$\"", {"a b"}, {"scripts/check_x.sh", "a b"}},
      {"check -w $ARG1$ -c %ARG2%", {"1", "2"}, {"check", "-w", "1", "-c", "2"}},
      {"check $ARGS$", {"a b", "c"}, {"check", "a b", "c"}},
      {"check \"$ARGS$\"", {"a b", "c"}, {"check", "a b", "c"}},
      {"check %ARGS\"% end", {"a"}, {"check", "a", "end"}},
      {"check all=$ARGS$", {"a", "b"}, {"check", "all=a b"}},
      {"check $ARG2$", {"a"}, {"check", "$ARG2$"}},
      {"check", {"surplus"}, {"check"}},
      {"check $HOME `id` ;", {}, {"check", "$HOME", "`id`", ";"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    const auto program =
        MakeProgram(MakeScript("x", row.line, LineStyle::kPosix), row.arguments);
    REQUIRE(program.ok());
    CHECK(program->words == row.words);
    CHECK(program->line.empty());
  }
}

TEST_CASE("a line that cannot be taken apart goes to the shell as it is") {
  const Script script =
      MakeScript(" Bad ", R"(C:\scripts\check.bat $ARG1$)", LineStyle::kPosix);
  CHECK(script.name == "bad");
  CHECK(script.by_shell);
  const auto program = MakeProgram(script, {"now"});
  REQUIRE(program.ok());
  CHECK(program->words.empty());
  CHECK(program->line == R"(C:\scripts\check.bat now)");
}

TEST_CASE("what is left of nothing is an error") {
  CHECK(MakeScript("x", " ").fault == "The command (x) has an empty command line");
  CHECK_FALSE(MakeProgram(MakeScript("x", "$ARGS$"), {}).ok());
}

TEST_CASE("arguments are refused as the settings say") {
  const Script plain = MakeScript("x", "check $ARG1$");
  const Script shell = MakeScript("x", R"(a\b $ARG1$)", LineStyle::kPosix);
  const std::string closed = "Arguments not allowed see nsclient.log for details";
  const std::string nasty =
      "Request contained illegal characters set /settings/external scripts/allow nasty "
      "characters=true!";
  CHECK(RefuseArguments(plain, {}, {false, false}).empty());
  CHECK(RefuseArguments(plain, {"a"}, {false, false}) == closed);
  CHECK(RefuseArguments(plain, {"a"}, {false, true}) == closed);
  for (const char c : std::string("|`&><'\"\\[]{}")) {
    CAPTURE(c);
    CHECK(RefuseArguments(plain, {"ok", std::string("a") + c}, {true, false}) == nasty);
    CHECK(RefuseArguments(plain, {std::string("a") + c}, {true, true}).empty());
  }
  for (const char c : std::string("$;()*?~!\r\n")) {
    CAPTURE(c);
    CHECK(RefuseArguments(plain, {std::string("a") + c}, {true, false}).empty());
    CHECK(RefuseArguments(shell, {std::string("a") + c}, {true, false}) ==
          "Request contained illegal characters for the shell fallback path; see "
          "nsclient.log (allow nasty characters=true to override).");
  }
  CHECK(RefuseArguments(shell, {"plain text-1.0/x"}, {true, false}).empty());
}

TEST_CASE("a script's type decides how it is wrapped") {
  const Wrappings wrappings = {{"ps1", R"(shell -File "scripts/%SCRIPT%" $ARGS"$)"},
                               {"sh", "/bin/sh scripts/%SCRIPT% %ARGS%"},
                               {"none", ""}};
  CHECK(*Wrap(wrappings, "check.PS1 a $ARG1$") ==
        R"(shell -File "scripts/check.PS1" "a" "$ARG1$")");
  CHECK(*Wrap(wrappings, " sub/check.sh  -w 1 ") == "/bin/sh scripts/sub/check.sh -w 1");
  CHECK(*Wrap(wrappings, "check.sh") == "/bin/sh scripts/check.sh ");
  for (const char* line : {"check.vbs", "check", "dir.sh/check", "x.none"}) {
    CAPTURE(line);
    CHECK(Wrap(wrappings, line).status().code() == Code::kNotFound);
  }
  CHECK(Wrap(wrappings, "x.vbs").status().message() ==
        "Failed to find wrapping for type: vbs");
}

TEST_CASE("any file name survives as one word of a line") {
  for (const char* name : {"scripts/a.sh", "with blank", "quo\"te", "back\\slash"}) {
    CAPTURE(name);
    CHECK(MakeScript("x", QuoteWord(name, LineStyle::kPosix), LineStyle::kPosix).words ==
          Words{name});
  }
}

}  // namespace
}  // namespace nscp::check_external_scripts
