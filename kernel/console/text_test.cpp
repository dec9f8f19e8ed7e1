#include <doctest/doctest.h>

#include <limits>

#include "kernel/console/perf_text.h"
#include "kernel/console/shell_words.h"

namespace nscp::kernel {
namespace {

TEST_CASE("a typed line is split as a shell splits it") {
  const struct {
    const char* line;
    const char* words;  // each in brackets
  } kRows[] = {
      {"", ""},
      {"  ", ""},
      {"check_ok", "[check_ok]"},
      {"a  b\tc", "[a][b][c]"},
      {"a \"b c\" d", "[a][b c][d]"},
      {"'a b'c", "[a bc]"},
      {"message=\"a b\"", "[message=a b]"},
      {"\"\" x", "[][x]"},
      {R"(a\ b \"q\")", R"([a b]["q"])"},
      {R"(C:\Temp\x)", R"([C:\Temp\x])"},
      {R"('a\ b')", R"([a\ b])"},
      {"\"open end", "[open end]"},
      {R"(end\)", R"([end\])"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.line);
    std::string shown;
    for (const std::string& word : SplitShellWords(row.line)) shown += "[" + word + "]";
    CHECK(shown == row.words);
  }
}

v1::Perf* AddNumber(const char* label, double value, const char* unit, v1::Line* line) {
  v1::Perf* perf = line->add_perf();
  perf->set_label(label);
  perf->mutable_number()->set_value(value);
  perf->mutable_number()->set_unit(unit);
  return perf;
}

TEST_CASE("performance data follows all messages behind one bar") {
  v1::CheckResult result;
  v1::Line* first = result.add_lines();
  first->set_message("one ");
  v1::Number* full = AddNumber("a b", 1.23456789, "%", first)->mutable_number();
  full->mutable_warning()->set_value(80);
  full->mutable_critical()->set_range("@0:90");
  full->set_maximum(100);
  AddNumber("c", 0, "", first)->mutable_number()->set_minimum(0);
  v1::Line* second = result.add_lines();
  second->set_message("two");
  second->add_perf()->set_label("t");
  second->mutable_perf(0)->set_text("U");
  AddNumber("inf", std::numeric_limits<double>::infinity(), "ms", second);
  AddNumber("neg", -0.000001, "", second);
  CHECK(ResultText(result) ==
        "one two|'a b'=1.23456%;80;@0:90;;100 'c'=0;;;0 't'=U 'inf'=U 'neg'=0");
  CHECK(PerfText(*second) == "'t'=U 'inf'=U 'neg'=0");
}

TEST_CASE("a result without performance data has no bar") {
  v1::CheckResult result;
  result.add_lines()->set_message("x");
  CHECK(ResultText(result) == "x");
}

}  // namespace
}  // namespace nscp::kernel
