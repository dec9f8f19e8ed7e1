#include "workers/checks/options.h"

#include <doctest/doctest.h>

#include "workers/checks/command_line.h"
#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

OptionTable SampleTable() {
  OptionTable table;
  table.List("path", {}, "Where to look").List("paths", {}, "Several places");
  table.Text("pattern", "*", "What to look for\nSecond line");
  table.List("warning", {"load > 80"}, "Warning expression");
  table.Text("warn", "", "Short for warning").Short('w');
  table.Bool("show-all", "Show everything").Switch("cores", "All cores");
  table.Integer("timeout", 30, "Seconds").Short('t').HideDefault();
  return table;
}

using Words = std::vector<std::string>;

std::string Error(const OptionTable& table, const Words& words) {
  const auto outcome = table.Parse(words);
  if (!std::holds_alternative<sdk::CheckResult>(outcome)) return "(parsed)";
  const std::string& text = std::get<sdk::CheckResult>(outcome).lines.at(0).message;
  return text.substr(0, text.find('\n'));
}

TEST_CASE("both forms of arguments are understood") {
  const OptionTable table = SampleTable();
  const Words forms[] = {
      {"path=a", "path=b", "warn=load = 5", "show-all", "timeout=7"},
      {"--path", "a", "--path=b", "--warn", "load = 5", "--show-all", "--timeout=7"},
      {"--path=a", "--path=b", "-w", "load = 5", "--show-all=ON", "-t7"},
      {"path=a", "path=b", "warn=load = 5", "show-all=yes", "time=7"},
      {"path=a", "path=b", "--warn=load = 5", "--show-all", "-t=7"},
      {"--path=a", "--path=b", "bare", "-w=load = 5", "--show-a", "-t", "7", "words"},
  };
  for (const Words& words : forms) {
    CAPTURE(words[0]);
    const auto outcome = table.Parse(words);
    REQUIRE(std::holds_alternative<Arguments>(outcome));
    const auto& arguments = std::get<Arguments>(outcome);
    CHECK(arguments.List("path") == Words{"a", "b"});
    CHECK(arguments.Text("warn") == "load = 5");
    CHECK(arguments.Flag("show-all"));
    CHECK(arguments.Integer("timeout") == 7);
    CHECK(arguments.Given("timeout"));
    CHECK_FALSE(arguments.Flag("cores"));
    CHECK_FALSE(arguments.Given("pattern"));
    CHECK(arguments.Text("pattern") == "*");
    CHECK(arguments.List("warning") == Words{"load > 80"});
  }
}

TEST_CASE("no arguments give the defaults, and one given value replaces a default list") {
  const OptionTable table = SampleTable();
  CHECK(std::get<Arguments>(table.Parse({})).List("warning") == Words{"load > 80"});
  CHECK(std::get<Arguments>(table.Parse({"warning=x"})).List("warning") == Words{"x"});
  CHECK(std::get<Arguments>(table.Parse({"show-all=off"})).Flag("show-all") == false);
  CHECK(std::get<Arguments>(table.Parse({"show-all="})).Flag("show-all"));
}

TEST_CASE("an option whose bare name means its default tells that it was given") {
  OptionTable table;
  table.Text("total", "filter", "Add a total").BareIsDefault();
  const struct {
    Words words;
    bool given;
    const char* value;
  } rows[] = {
      {{}, false, "filter"},          {{"total"}, true, "filter"},
      {{"total=all"}, true, "all"},   {{"--total"}, true, "filter"},
      {{"--total=all"}, true, "all"},
  };
  for (const auto& row : rows) {
    const auto arguments = std::get<Arguments>(table.Parse(row.words));
    CHECK(arguments.Given("total") == row.given);
    CHECK(arguments.Text("total") == row.value);
  }
}

TEST_CASE("what is wrong with a command line is said in the words clients know") {
  const OptionTable table = SampleTable();
  const struct {
    Words words;
    const char* error;
  } rows[] = {
      {{"foo=1"}, "unrecognised option 'foo=1'"},
      {{"hello"}, "unrecognised option 'hello'"},
      {{"--foo"}, "unrecognised option '--foo'"},
      {{"--foo=1"}, "unrecognised option '--foo=1'"},
      {{"-x1234"}, "unrecognised option '-x1234'"},
      {{""}, "unrecognised option ''"},
      {{"=5"}, "unrecognised option '=5'"},
      {{"pat=*.log"},
       "option 'pat=*.log' is ambiguous and matches '--path', '--paths', and "
       "'--pattern'"},
      {{"--warni=a", "--p=1"},
       "option '--p=1' is ambiguous and matches '--path', '--paths', and '--pattern'"},
      {{"warn=a", "warn=b"}, "option '--warn' cannot be specified more than once"},
      {{"warn="}, "the required argument for option '--warn' is missing"},
      {{"warn"}, "the required argument for option '--warn' is missing"},
      {{"--warn"}, "the required argument for option '--warn' is missing"},
      {{"--warn", "--cores"}, "the required argument for option '--warn' is missing"},
      {{"-w", "x"}, "the required argument for option '--warn' is missing"},
      {{"timeout=1x"}, "the argument ('1x') for option '--timeout' is invalid"},
      {{"show-all=maybe"},
       "the argument ('maybe') for option '--show-all' is invalid. Valid choices are "
       "'on|off', 'yes|no', '1|0' and 'true|false'"},
      {{"cores=true"}, "option '--cores' does not take any arguments"},
      {Words(5000, "path=x"), "more than 4096 arguments"},
  };
  for (const auto& row : rows) {
    CHECK(Error(table, row.words) == std::string("Invalid command line: ") + row.error);
  }
}

TEST_CASE("an error brings the short help, one option a line, in one column") {
  const auto result = std::get<sdk::CheckResult>(SampleTable().Parse({"foo=1"}));
  CHECK(result.state == sdk::State::kUnknown);
  const std::string& text = result.lines.at(0).message;
  CHECK(text.find("\npath\t\t\tWhere to look\n") != std::string::npos);
  CHECK(text.find("\npattern=*\t\tWhat to look for\n") != std::string::npos);
  CHECK(text.find("\nwarning=load > 80\tWarning expression\n") != std::string::npos);
}

TEST_CASE("the rest after a bare positional name belongs to the wrapped command") {
  OptionTable table;
  table.Text("command", "", "What to run").List("arguments", {}, "Its arguments");
  table.Positional("arguments");
  const Words rest = {"warn=load>80", "show-all", "arguments", "--x"};
  Words words = {"command=check_cpu", "arguments"};
  words.insert(words.end(), rest.begin(), rest.end());
  CHECK(std::get<Arguments>(table.Parse(words)).List("arguments") == rest);
  const Words dashed = {"--command", "check_cpu", "a", "--arguments", "b", "--", "--c"};
  CHECK(std::get<Arguments>(table.Parse(dashed)).List("arguments") ==
        Words{"a", "b", "--c"});
  CHECK(Error(table, {"foo"}) ==
        "Failed to parse command line re-run with help to get help: unrecognised option "
        "'foo'");
}

TEST_CASE("a table describes itself in four forms") {
  OptionTable table = SampleTable();
  table.Fields({{"load", "Load in percent"}});
  auto answer = [&](const char* option) {
    const auto result = std::get<sdk::CheckResult>(table.Parse({option}));
    CHECK(result.state == sdk::State::kOk);
    return result;
  };
  const std::string defaults = answer("show-default").lines[0].message;
  CHECK(defaults.find("\"pattern=*\" \"warning=load > 80\" ") != std::string::npos);
  CHECK(defaults.find("timeout") == std::string::npos);
  CHECK(answer("help-short").lines[0].message.find("timeout=30") != std::string::npos);
  const std::string help = answer("help").lines[0].message;
  CHECK(help.find("  pattern=ARG          What to look for\n"
                  "                       Second line\n"
                  "                       Default value: pattern=*\n") !=
        std::string::npos);
  const auto pb = answer("help-pb");
  CHECK(pb.lines[0].message == "see data segment");
  const std::string field = std::string("\x0A\x04") + "load" + "\x12\x0F" +
                            "Load in percent" + "\x1A\x0F" + "Load in percent";
  CHECK(pb.data.find(std::string("\x12") + static_cast<char>(field.size()) + field) !=
        std::string::npos);
  CHECK(std::get<sdk::CheckResult>(table.Parse({"help", "show-default"}))
            .lines[0]
            .message == defaults);
}

TEST_CASE("a command line is split at blanks outside of quotes") {
  const struct {
    const char* line;
    Words words;
  } rows[] = {
      {"", {}},
      {"  a   b ", {"a", "b"}},
      {"check_cpu warn=load>80", {"check_cpu", "warn=load>80"}},
      {R"(c "warn=load > 80" x)", {"c", "warn=load > 80", "x"}},
      {R"(warn="a b"c)", {"warn=a bc"}},
      {R"(a "" b)", {"a", "b"}},
      {R"(a\"b c\\d e\nf)", {"a\"b", "c\\d", "e\nf"}},
      {"it's 'not quoted'", {"it's", "'not", "quoted'"}},
      {R"(check_ok "message=a b)", {"check_ok", "message=a b"}},
  };
  for (const auto& row : rows) {
    const auto words = SplitCommandLine(row.line);
    REQUIRE(words.ok());
    CHECK(*words == row.words);
  }
  CHECK(SplitCommandLine(R"(C:\temp)").status().message() == "unknown escape sequence");
  CHECK_FALSE(SplitCommandLine("a\\").ok());
  CHECK_FALSE(SplitCommandLine(std::string(kMaxCommandLineLength + 1, 'a')).ok());
}

TEST_CASE("durations are read and anything else is refused") {
  const struct {
    const char* text;
    std::optional<int64_t> seconds;
  } rows[] = {
      {"5s", 5},
      {"1m", 60},
      {"2H", 7200},
      {"3d", 259200},
      {"1w", 604800},
      {"3000", 3000},
      {" 5m ", 300},
      {"3000foobar", {}},
      {"", {}},
      {"s", {}},
      {"-1s", {}},
      {"5 s", {}},
      {"1.5h", {}},
      {"99999999999999999999", {}},
      {"9000000000000000w", {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(ParseDuration(row.text) == row.seconds);
  }
}

TEST_CASE("values are printed in the shared formats") {
  CHECK(FormatBytes(512) == "512B");
  CHECK(FormatBytes(0) == "0B");
  CHECK(FormatBytes(999) == "999B");
  CHECK(FormatBytes(1000) == "0.977KB");
  CHECK(FormatBytes(205.0 * 1024 * 1024 * 1024) == "205GB");
  CHECK(FormatBytes(-2048) == "-2KB");
  CHECK(FormatBytes(1e30).find("EB") != std::string::npos);
  CHECK(FormatBytesIn(1536, 'k') == "1.5");
  CHECK(FormatGeneral(0.52) == "0.52");
  CHECK(FormatGeneral(1234567) == "1.23457e+06");
  CHECK(DecodeSeparator(R"(\n\t\\\x\)") == "\n\t\\\\x\\");
  const struct {
    int64_t seconds;
    char largest;
    const char* text;
  } uptimes[] = {
      {6 * 604800 + 1, 'w', "6w 0d 00:00"},
      {42 * 86400, 'd', "42d 00:00"},
      {604800, 'w', "7d 00:00"},
      {14340, 'w', "03:59"},
      {420, 'w', "0:07"},
      {59, 'w', "59s"},
      {90000, 'h', "25:00"},
      {7200, 'm', "0:120"},
      {7200, 's', "7200s"},
      {0, 'w', "0"},
  };
  for (const auto& row : uptimes) {
    CHECK(FormatUptime(row.seconds, row.largest) == row.text);
  }
  CHECK(TruncateToInteger(1e300) == INT64_MAX);
  CHECK(TruncateToInteger(-1e300) == INT64_MIN);
  CHECK(RoundToInteger(2.5) == 3);
}

}  // namespace
}  // namespace nscp::checks
