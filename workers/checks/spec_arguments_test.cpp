// filter-engine.md 2: arguments, help, the options that every check has.
#include "workers/checks/command_line.h"
#include "workers/checks/spec_rows.h"

namespace nscp::checks {
namespace {

using sdk::State;

TEST_CASE("spec 2.1: both argument modes, prefixes, repetition") {
  CheckRows(QuietCheck(), NumberedThings(4),
            {
                {"2.1 no arguments", {}, State::kOk, "OK: "},
                {"2.1 key=value", {"warn=number > 3"}, State::kWarning, "WARNING: t4"},
                {"2.1 GNU =", {"--warn=number > 3"}, State::kWarning, "WARNING: t4"},
                {"2.1 GNU", {"--warning", "number > 3"}, State::kWarning, "WARNING: t4"},
                {"2.1 GNU flag",
                 {"--show-all", "--filter", "number < 3"},
                 State::kOk,
                 "OK: t1, t2"},
                {"2.1 value with =", {"top-syntax=a=b=c"}, State::kOk, "a=b=c"},
                {"2.1 GNU value with =", {"--top-syntax=a=b=c"}, State::kOk, "a=b=c"},
                {"2.1 blanks stay", {"top-syntax=  x  "}, State::kOk, "  x  "},
                {"2.1 second character -", {"a-b", "--top-syntax=x"}, State::kOk, "x"},
                {"2.1 GNU bare words", {"--top-syntax", "x", "y", "z"}, State::kOk, "x"},
                {"2.1 unique prefix", {"top=x"}, State::kOk, "x"},
                {"2.1 GNU unique prefix", {"--top", "x"}, State::kOk, "x"},
                {"2.1 exact wins", {"warn=number = 1"}, State::kWarning, "WARNING: t1"},
                {"2.1 exact wins", {"ok=number = 1"}, State::kOk, "OK: "},
                {"2.1 repeated list",
                 {"crit=number = 1", "crit=number = 4"},
                 State::kCritical,
                 "CRITICAL: t1, t4"},
                {"2.1 bool", {"show-all", "filter=number=1"}, State::kOk, "OK: t1"},
                {"2.1 bool", {"show-all=TRUE", "filter=number=1"}, State::kOk, "OK: t1"},
                {"2.1 bool", {"show-all=Yes", "filter=number=1"}, State::kOk, "OK: t1"},
                {"2.1 bool", {"show-all=on", "filter=number=1"}, State::kOk, "OK: t1"},
                {"2.1 bool", {"show-all=1", "filter=number=1"}, State::kOk, "OK: t1"},
                {"2.1 bool", {"show-all=false"}, State::kOk, "OK: "},
                {"2.1 bool", {"show-all=NO"}, State::kOk, "OK: "},
                {"2.1 bool", {"show-all=Off"}, State::kOk, "OK: "},
                {"2.1 bool", {"--show-all=0"}, State::kOk, "OK: "},
            });
}

TEST_CASE("spec 2.1, 8: what is wrong with arguments, then the short help") {
  const struct {
    std::string section;
    Words arguments;
    const char* error;
  } rows[] = {
      {"2.1 key=value", {"foo=1"}, "unrecognised option 'foo=1'"},
      {"2.1 bare word", {"hello"}, "unrecognised option 'hello'"},
      {"2.1 two characters", {"x", "--top-syntax"}, "unrecognised option 'x'"},
      {"2.1 GNU", {"--foo"}, "unrecognised option '--foo'"},
      {"2.1 GNU", {"--top-syntax=x", "--foo=1"}, "unrecognised option '--foo=1'"},
      {"2.1 one dash", {"-warn=number > 3"}, "unrecognised option '-warn=number > 3'"},
      {"2.1 scalar twice",
       {"top-syntax=a", "top-syntax=b"},
       "option '--top-syntax' cannot be specified more than once"},
      {"2.1 scalar twice",
       {"--debug", "--debug"},
       "option '--debug' cannot be specified more than once"},
      {"2.1 ambiguous",
       {"perf=x"},
       "option 'perf=x' is ambiguous and matches '--perf-config', and '--perf-syntax'"},
      {"8 empty value",
       {"detail-syntax="},
       "the required argument for option '--detail-syntax' is missing"},
      {"8 empty value",
       {"warn="},
       "the required argument for option '--warn' is missing"},
      {"8 bad bool",
       {"debug=maybe"},
       "the argument ('maybe') for option '--debug' is invalid. Valid choices are "
       "'on|off', 'yes|no', '1|0' and 'true|false'"},
      {"2.1 show-all=",
       {"show-all=2"},
       "the argument ('2') for option '--show-all' is invalid. Valid choices are "
       "'on|off', 'yes|no', '1|0' and 'true|false'"},
  };
  const auto check = QuietCheck();
  const std::string help = RunThings(check, {"help-short"}, {}).lines[0].message;
  for (const auto& row : rows) {
    CAPTURE(row.section);
    const auto result = RunThings(check, row.arguments, NumberedThings(1));
    CHECK(result.state == State::kUnknown);
    CHECK(sdk::FormatPlain(result) ==
          std::string("Invalid command line: ") + row.error + "\n" + help);
  }
}

OptionTable WrapperTable() {
  OptionTable table;
  table.Text("command", "", "What to run").List("arguments", {}, "Its arguments");
  table.Switch("quiet", "Say nothing").Positional("arguments");
  return table;
}

TEST_CASE("spec 2.1: the positional form of commands that wrap others") {
  const struct {
    Words arguments;
    Words rest;
  } rows[] = {
      {{"command=x", "arguments", "warn=load>80", "show-all"},
       {"warn=load>80", "show-all"}},
      {{"command=x", "arguments", "arguments", "--a=b"}, {"arguments", "--a=b"}},
      {{"command=x", "arguments=one", "arguments=two=2"}, {"one", "two=2"}},
      {{"command=x", "arguments"}, {}},
      {{"--command", "x", "one", "two"}, {"one", "two"}},
  };
  const OptionTable table = WrapperTable();
  for (const auto& row : rows) {
    CAPTURE(Join(row.arguments, " | "));
    const auto outcome = table.Parse(row.arguments);
    REQUIRE(std::holds_alternative<Arguments>(outcome));
    CHECK(std::get<Arguments>(outcome).List("arguments") == row.rest);
  }
  // Only the first character chooses the form here, and errors begin with other words.
  const auto refused = table.Parse({"a-=x"});
  REQUIRE(std::holds_alternative<sdk::CheckResult>(refused));
  CHECK(StartsWith(std::get<sdk::CheckResult>(refused).lines[0].message,
                   "Failed to parse command line re-run with help to get help: "
                   "unrecognised option 'a-=x'\n"));
}

OptionTable HelpTable() {
  OptionTable table;
  table.Text("path", "/tmp", "Where to look\nMore about it");
  table.Switch("cores", "All cores");
  table.List("warning", {"a", "b"},
             "A description that is so long that it does not fit into a single line of "
             "eighty characters");
  table.Fields({{"load", "Load in percent"}});
  return table;
}

std::string Answer(const Words& arguments) {
  const auto outcome = HelpTable().Parse(arguments);
  REQUIRE(std::holds_alternative<sdk::CheckResult>(outcome));
  const auto& result = std::get<sdk::CheckResult>(outcome);
  CHECK(result.state == State::kOk);
  return result.lines.at(0).message;
}

constexpr char kShortHelp[] =
    "help\t\tShow help screen (this screen)\n"
    "help-pb\t\tShow help screen as a protocol buffer payload\n"
    "show-default\tShow default values for a given command\n"
    "help-short\tShow help screen (short format)\n"
    "path=/tmp\tWhere to look\n"
    "cores\t\tAll cores\n"
    "warning=a, b\tA description that is so long that it does not fit into a single line "
    "of eighty characters\n";

constexpr char kFullHelp[] =
    "  help=ARG             Show help screen (this screen)\n"
    "  help-pb=ARG          Show help screen as a protocol buffer payload\n"
    "  show-default=ARG     Show default values for a given command\n"
    "  help-short=ARG       Show help screen (short format)\n"
    "  path=ARG             Where to look\n"
    "                       More about it\n"
    "                       Default value: path=/tmp\n"
    "  cores                All cores\n"
    "  warning=ARG          A description that is so long that it does not fit into a\n"
    "                       single line of eighty characters\n"
    "                       Default value: warning=a, b\n";

constexpr char kDefaults[] = "\"path=/tmp\" \"warning=a, b\" ";

TEST_CASE("spec 2.2: the forms of help, and which comes first") {
  CHECK(Answer({"help-short"}) == kShortHelp);
  CHECK(Answer({"help"}) == kFullHelp);
  CHECK(Answer({"show-default"}) == kDefaults);
  CHECK(Answer({"help-pb"}) == "see data segment");
  CHECK(Answer({"--help"}) == kFullHelp);
  CHECK(Answer({"help", "help-short"}) == kShortHelp);
  CHECK(Answer({"help", "help-short", "help-pb"}) == "see data segment");
  CHECK(Answer({"help-pb", "help", "show-default", "path=x"}) == kDefaults);
}

// The fields of one protobuf message: number and bytes, or the varint as text.
std::vector<std::pair<int, std::string>> Decode(std::string_view bytes) {
  size_t at = 0;
  auto varint = [&] {
    uint64_t number = 0;
    for (int shift = 0; at < bytes.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes[at++]);
      number |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) break;
    }
    return number;
  };
  std::vector<std::pair<int, std::string>> fields;
  while (at < bytes.size()) {
    const uint64_t tag = varint();
    const uint64_t value = varint();
    const bool is_bytes = (tag & 7) == 2;
    fields.emplace_back(
        static_cast<int>(tag >> 3),
        is_bytes ? std::string(bytes.substr(at, value)) : std::to_string(value));
    if (is_bytes) at += value;
  }
  return fields;
}

TEST_CASE("spec 2.2: help-pb describes parameters and fields as ParameterDetails") {
  const auto outcome = HelpTable().Parse({"help-pb"});
  const auto details = Decode(std::get<sdk::CheckResult>(outcome).data);
  REQUIRE(details.size() == 8);
  using Fields = std::vector<std::pair<int, std::string>>;
  CHECK(Decode(details[0].second) == Fields{{1, "help"},
                                            {2, ""},
                                            {5, "4"},
                                            {6, "Show help screen (this screen)"},
                                            {7, "Show help screen (this screen)"}});
  CHECK(Decode(details[4].second) == Fields{{1, "path"},
                                            {2, "/tmp"},
                                            {5, "2"},
                                            {6, "Where to look"},
                                            {7, "Where to look\nMore about it"}});
  const Fields warning = Decode(details[6].second);
  CHECK(warning[1] == std::pair<int, std::string>(2, "a, b"));
  CHECK(warning[2] == std::pair<int, std::string>(4, "1"));  // repeatable
  CHECK(details[7].first == 2);
  CHECK(Decode(details[7].second) ==
        Fields{{1, "load"}, {2, "Load in percent"}, {3, "Load in percent"}});
}

TEST_CASE("spec 2.3: the options of every filter check") {
  FilterDefaults defaults = ThingDefaults();
  defaults.filter = {"number < 4"};
  defaults.warning = {"number > 1"};
  defaults.critical = {"number > 2"};
  defaults.ok_syntax = "fine";
  defaults.empty_syntax = "nothing";
  defaults.perf_syntax.clear();
  CheckRows(ThingCheck(defaults), NumberedThings(4),
            {
                {"2.3 defaults", {}, State::kCritical, "CRITICAL: t2, t3"},
                {"2.3 filter replaces",
                 {"filter=number = 4"},
                 State::kCritical,
                 "CRITICAL: t4"},
                {"2.3 warning replaces",
                 {"crit=none", "warning=number = 1"},
                 State::kWarning,
                 "WARNING: t1"},
                {"2.3 warn replaces warning and its default",
                 {"crit=none", "warning=number = 1", "warn=number = 2"},
                 State::kWarning,
                 "WARNING: t2"},
                {"2.3 crit replaces critical",
                 {"warn=none", "critical=number = 1", "crit=number = 2"},
                 State::kCritical,
                 "CRITICAL: t2"},
                {"2.3 none among others",
                 {"crit=none", "warn=none", "warn=number = 3"},
                 State::kWarning,
                 "WARNING: t3"},
                {"1.3 none", {"warn=none", "crit=none"}, State::kOk, "fine"},
                {"1.3 filter=none",
                 {"filter=none", "warn=none", "crit=number > 3"},
                 State::kCritical,
                 "CRITICAL: t4"},
                {"2.3 ok does not undo",
                 {"ok=number > 0"},
                 State::kCritical,
                 "CRITICAL: t2, t3"},
                {"2.3 escape-html",
                 {"escape-html", "top-syntax=<b>%(status)</b> & \"x\""},
                 State::kCritical,
                 "&lt;b&gt;CRITICAL&lt;/b&gt; & \"x\""},
                {"2.3 list-separator",
                 {"list-separator=;"},
                 State::kCritical,
                 "CRITICAL: t2;t3"},
                {"2.3 list-separator escapes",
                 {"list-separator=\\n\\r\\t\\\\\\x\\"},
                 State::kCritical,
                 "CRITICAL: t2\n\r\t\\\\x\\t3"},
                {"2.3 ok-syntax",
                 {"filter=number = 1", "ok-syntax=all %(count) well"},
                 State::kOk,
                 "all 1 well"},
                {"2.3 empty-syntax", {"filter=number = 9"}, State::kUnknown, "nothing"},
                {"2.3 detail-syntax",
                 {"detail-syntax=[${name}=${number}]"},
                 State::kCritical,
                 "CRITICAL: [t2=2], [t3=3]"},
                {"2.3 detail-syntax=none",
                 {"detail-syntax=none"},
                 State::kCritical,
                 "CRITICAL: "},
                {"2.3 top-syntax=none", {"top-syntax=none"}, State::kCritical, ""},
                {"2.3 unique-index",
                 {"crit=none", "unique-index=%(real)"},
                 State::kWarning,
                 "WARNING: "},
            });
}

TEST_CASE("spec 2.4: one text into arguments") {
  const struct {
    const char* line;
    Words words;
  } rows[] = {
      {"check_cpu warn=load>80 show-all", {"check_cpu", "warn=load>80", "show-all"}},
      {"a \"warn=load > 80\" b", {"a", "warn=load > 80", "b"}},
      {"a\"b c\"d\" e\"", {"ab cd e"}},
      {R"(say \"x\" C:\\temp a\nb)", {"say", "\"x\"", "C:\\temp", "a\nb"}},
      {"a \"\" b", {"a", "b"}},
      {"it's 'two words'", {"it's", "'two", "words'"}},
      {"a\tb", {"a\tb"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(*SplitCommandLine(row.line) == row.words);
  }
  for (const char* line : {R"(C:\temp)", R"(a\d)", "a\\"}) {
    CAPTURE(line);
    CHECK_FALSE(SplitCommandLine(line).ok());
  }
}

}  // namespace
}  // namespace nscp::checks
