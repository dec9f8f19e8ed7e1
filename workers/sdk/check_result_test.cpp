#include "workers/sdk/check_result.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "workers/sdk/module.h"

namespace nscp::sdk {
namespace {

TEST_CASE("numbers are printed plainly, cut at five decimals and never rounded") {
  const struct {
    double number;
    const char* text;
  } rows[] = {
      {1.04, "1.04"},
      {0, "0"},
      {-0.0, "0"},
      {0.00001, "0.00001"},
      {0.000009, "0"},
      {-0.000009, "0"},
      {0.96, "0.95999"},
      {14.203125, "14.20312"},
      {-3.5, "-3.5"},
      {1e15, "1000000000000000"},
      {100, "100"},
      {std::nan(""), "U"},
      {1.0 / 3, "0.33333"},
      {-std::numeric_limits<double>::infinity(), "U"},
      {0.99999999, "0.99999"},
      {1536, "1536"},
  };
  for (const auto& row : rows) CHECK(FormatNumber(row.number) == row.text);
  CHECK(FormatNumber(std::numeric_limits<double>::max()).size() == 309);
  CHECK(FormatNumber(std::numeric_limits<double>::denorm_min()) == "0");
}

TEST_CASE("performance data leaves out what is absent at the end, not in the middle") {
  PerfValue value;
  value.label = "a label";
  value.value = 30;
  CHECK(FormatPerf(value) == "'a label'=30");
  value.unit = "Z";
  value.critical = Bound{30, ""};
  CHECK(FormatPerf(value) == "'a label'=30Z;;30");
  value.warning = Bound{4, "4:5"};
  value.maximum = 50;
  CHECK(FormatPerf(value) == "'a label'=30Z;4:5;30;;50");
  value.minimum = 10;
  CHECK(FormatPerf(value) == "'a label'=30Z;4:5;30;10;50");
  value.maximum = std::nan("");
  value.value = std::nan("");
  CHECK(FormatPerf(value) == "'a label'=U;4:5;30;10");
  value.text = "U";
  CHECK(FormatPerf(value) == "'a label'=U");
}

TEST_CASE("a result with several lines becomes one text with one tail") {
  CheckResult result = CheckResult::Of(State::kWarning, "one");
  CHECK(FormatPlain(result) == "one");
  result.lines[0].perf = ParsePerf("a=1 b=2");
  result.lines.push_back({", two", {}});
  result.lines.push_back({"", ParsePerf("c=3")});
  CHECK(FormatPlain(result) == "one, two|'a'=1 'b'=2 'c'=3");
  CHECK(FormatPlain(CheckResult{}).empty());
}

TEST_CASE("what plugins print is read leniently") {
  const struct {
    const char* text;
    const char* canonical;
  } rows[] = {
      {"", ""},
      {"   ", ""},
      {"no equals sign", ""},
      {"a=1", "'a'=1"},
      {"'a label'=30Z;20;30;10;50", "'a label'=30Z;20;30;10;50"},
      {"a=1 b=2kB;;5", "'a'=1 'b'=2kB;;5"},
      {"a=1,5s", "'a'=1.5s"},
      {"a=-5", "'a'=-5"},
      {"a=.5", "'a'=0.5"},
      {"a=>7ms", "'a'=7ms"},
      {"a=U b=u% c=U;1;2", "'a'=U 'b'=U 'c'=U"},
      {"a=foo", "'a'=0"},
      {"a=", "'a'=0"},
      {"a=5;4:5;@0:90", "'a'=5;4:5;@0:90"},
      {"a=5;~:10;10:", "'a'=5;~:10;10:"},
      {"a=5%;80%;90%;0%;100%", "'a'=5%;80;90;0;100"},
      {"=5 b=1", "'b'=1"},
      {"''=5 b=1", "'b'=1"},
      {"'open=5", ""},
      {"a=1e400", "'a'=0"},
      {"a=1\tb=2\nc=3", "'a'=1 'b'=2 'c'=3"},
      {"a b=1", "'a b'=1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(FormatPerf(ParsePerf(row.text)) == row.canonical);
  }
  const auto ranged = ParsePerf("a=5;4:5;@7:90");
  REQUIRE(ranged.size() == 1);
  CHECK(ranged[0].warning->value == 4);
  CHECK(ranged[0].critical->value == 7);
}

TEST_CASE("performance data that was printed reads back the same") {
  const char* text = "'x y'=1.5GB;2:3;4;0;100 'z'=U 'w'=-7;;1";
  CHECK(FormatPerf(ParsePerf(text)) == text);
}

TEST_CASE("performance data is bounded") {
  std::string text;
  for (int i = 0; i < 10050; ++i) text += "a=1 ";
  CHECK(ParsePerf(text).size() == 10000);
}

TEST_CASE("states are read in every spelling and anything else is unknown") {
  const struct {
    const char* word;
    State state;
  } rows[] = {
      {"o", State::kOk},          {"OK", State::kOk},
      {"0", State::kOk},          {"w", State::kWarning},
      {"Warn", State::kWarning},  {"WARNING", State::kWarning},
      {"1", State::kWarning},     {"c", State::kCritical},
      {"crit", State::kCritical}, {"Critical", State::kCritical},
      {"2", State::kCritical},    {"3", State::kUnknown},
      {"", State::kUnknown},      {"bogus", State::kUnknown},
  };
  for (const auto& row : rows) CHECK(ParseState(row.word) == row.state);
  CHECK(StateName(State::kUnknown) == "UNKNOWN");
  CHECK(StateName(ParseState("c")) == "CRITICAL");
}

TEST_CASE("settings are found without regard to case") {
  const Settings settings({{"/settings/Default", "Allowed Hosts", "127.0.0.1"},
                           {"/settings/a", "flag", "Yes"},
                           {"/settings/a", "off", "disabled"},
                           {"/settings/a", "number", " 42 "},
                           {"/settings/a", "broken", "42x"},
                           {"/settings/A/", "NUMBER", "43"}});
  CHECK(settings.Get("/settings/default", "allowed hosts") == "127.0.0.1");
  CHECK(settings.Get("/settings/default/", "missing", "x") == "x");
  CHECK_FALSE(settings.Find("/settings", "missing"));
  CHECK(settings.GetBool("/settings/a", "flag", false));
  CHECK_FALSE(settings.GetBool("/settings/a", "off", true));
  CHECK(settings.GetBool("/settings/a", "number", true));
  CHECK(settings.GetInt("/settings/a", "number", 0) == 43);
  CHECK(settings.GetInt("/settings/a", "broken", 7) == 7);
  CHECK(settings.GetInt("/settings/a", "missing", -1) == -1);
  CHECK(settings.all().size() == 5);
}

TEST_CASE("keys and sections come in the file's order, each once") {
  const Settings settings({{"/s/targets/b", "address", "1"},
                           {"/s", "z", "1"},
                           {"/s", "a", "2"},
                           {"/s/targets/B/deep", "x", "1"},
                           {"/s/targets/a", "address", "2"},
                           {"/s/targetsx", "no", "1"}});
  const auto keys = settings.Keys("/S/");
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].key == "z");
  CHECK(keys[1].value == "2");
  CHECK(settings.Sections("/s/targets") == std::vector<std::string>{"b", "a"});
  CHECK(settings.Sections("/s") == std::vector<std::string>{"targets", "targetsx"});
  CHECK(settings.Sections("/none").empty());
}

}  // namespace
}  // namespace nscp::sdk
