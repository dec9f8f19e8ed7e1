#include <doctest/doctest.h>

#include "workers/checks/expression_bench.h"

namespace nscp::checks {
namespace {

TEST_CASE("expressions are true or false as the language says") {
  const struct {
    const char* text;
    const char* verdict;
  } rows[] = {
      {"number = 5", "true"},
      {"number=5", "true"},
      {"number != 5", "false"},
      {"number eq 5 AND number GE 5 and number le 5", "true"},
      {"number ne 5 or number lt 5 or number gt 5", "false"},
      {"5 < number", "false"},
      {"4 < number", "true"},
      {"number > 4.5", "true"},
      {"number = 5.0", "true"},
      {"real = 1.5", "true"},
      {"real > 1", "true"},
      {"number > -5", "true"},
      {"not name = 'x' and 1 = 2", "false"},
      {"not name = 'x' and 1 = 1", "true"},
      {"not (name = 'x' or 1 = 1)", "false"},
      {"name = 'x' or number = 5 and real = 2.5", "false"},
      {"(name = 'x' or number = 5) and real = 1.5", "true"},
      {"name = 'notepad'", "true"},
      {"name = 'NOTEPAD'", "false"},
      {"name = str(notepad)", "true"},
      {"name != ''", "true"},
      {"name < 'z'", "true"},
      {"name > 5", "true"},
      {"made = 'notepad!'", "true"},
      {"name like 'NOTE'", "true"},
      {"name like 'my notepad is open'", "true"},
      {"name like ''", "false"},
      {"name not like 'x'", "true"},
      {"number like '5'", "true"},
      {"name regexp 'note'", "false"},
      {"name regexp 'note.*'", "true"},
      {"name regexp '(?i)NOTEPAD'", "true"},
      {"name not regexp '.*\\.exe'", "true"},
      {"name in ('a', 'notepad')", "true"},
      {"name not in ('a', 'NOTEPAD')", "true"},
      {"number in (1, 5)", "true"},
      {"number not in (1, 5)", "false"},
      {"size in (1k, 5k)", "true"},
      {"size not in (5120b, 1k)", "false"},
      {"size = 5k", "true"},
      {"size = 5120", "true"},
      {"size > 4.9k", "true"},
      {"size = 5.9k", "true"},
      {"size > 1G", "false"},
      {"size = convert(5, 'k')", "true"},
      {"written > -1h", "false"},
      {"written >= -1h", "true"},
      {"written = -60m", "true"},
      {"written in (-1h)", "true"},
      {"written < 1d", "true"},
      {"age = 2h", "true"},
      {"age > 1.5h", "true"},
      {"age = 7200", "true"},
      {"load > 80", "true"},
      {"load > 80%", "true"},
      {"load > 80k", "true"},
      {"state = 'started'", "true"},
      {"state in ('stopped', 'started')", "true"},
      {"state != 'stopped'", "true"},
      {"core = 'core 5'", "true"},
      {"core = 5", "true"},
      {"core like 'CORE'", "true"},
      {"maybe > 5", "false"},
      {"maybe < 5", "false"},
      {"maybe != 5", "false"},
      {"maybe in (5)", "false"},
      {"maybe not in (5)", "false"},
      {"maybe = 'never'", "true"},
      {"neg(number) = -5", "true"},
      {"age > neg(5)", "true"},
      {"neg(age) < 0", "true"},
      {"number & 1", "true"},
      {"number & 0", "false"},
      {"(number | 0) = 1", "true"},
      {"number", "false"},
      {"count_me", "true"},
      {"is_big()", "true"},
      {"is_big() = 1", "true"},
      {"letter(0) = 'n'", "true"},
      {"format_bytes(size) = '5KB'", "true"},
      {"format_bytes(size, 'KB') = '5'", "true"},
      {"convert_bytes(size, 'k') = 5", "true"},
      {"scale(size, 10) = 512", "true"},
      {"count = 6 and total > 8", "true"},
      {"number = '5'", "true"},
      {"number = 'five'", "unsure false"},
      {"name regexp '(('", "unsure false"},
      {"scale(size, 0) = 1", "unsure false"},
      {" \t number\n=\t5 ", "true"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(Bench().Judge(row.text) == row.verdict);
  }
}

TEST_CASE("an optional value that is there is a number like any other") {
  Bench bench;
  bench.thing.maybe = 5;
  for (const char* text : {"maybe = 5", "maybe in (1, 5)", "maybe not in (1)",
                           "maybe != 'never'", "maybe = '5'"}) {
    CAPTURE(text);
    CHECK(bench.Judge(text) == "true");
  }
}

TEST_CASE("what is not valid is refused with its reason") {
  const struct {
    const char* text;
    const char* error;
  } rows[] = {
      {"", "Parsing failed of '' at: "},
      {"number >", "Parsing failed of 'number >' at:  >"},
      {"number == 5", "Parsing failed of 'number == 5' at:  == 5"},
      {"number <> 5", "Parsing failed"},
      {"1 < number < 9", "Parsing failed of '1 < number < 9' at:  < 9"},
      {"size > 10MB", "Parsing failed of 'size > 10MB' at: B"},
      {"name = \"x\"", "Parsing failed"},
      {"name = 'x", "Parsing failed"},
      {"(number = 5", "Parsing failed"},
      {"number = 5)", "Parsing failed of 'number = 5)' at: )"},
      {"number = 5 && 1 = 1", "Parsing failed"},
      {"number in ()", "Parsing failed"},
      {"number = 5 and", "Parsing failed"},
      {"not not number = 5", "Parsing failed"},
      {"number = 99999999999999999999", "Parsing failed"},
      {"lod > 5", "Variable not found: lod"},
      {"NAME like 'x'", "Variable not found: NAME"},
      {"nofun(size) = 1", "Function not found: nofun"},
      {"format_bytes() = 'x'", "format_bytes expects 1 or 2 arguments: value and unit"},
      {"letter() = 'x'", "letter expects 1 arguments"},
      {"written > 5", "Cannot compare written to 5 (date to int): write a time from now"},
      {"written > '2020-01-01'",
       "Cannot compare written to '2020-01-01' (date to string): write"},
      {"number > 5m",
       "Cannot compare number to 5m (int to int): the keyword has no units"},
      {"age > 5k", "Cannot compare age to 5k (duration to int): write"},
      {"size > 5x", "Cannot compare size to 5x (size to int): write"},
      {"size like '500'", "Cannot use like on a size"},
      {"state = 'bogus'", "no such state: bogus"},
      {"name regexp made", "regexp needs a pattern in quotes on its right"},
      {"5m", "The unit of 5m needs a keyword to be compared with"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(Bench().Judge(row.text).rfind(row.error, 0) == 0);
  }
}

TEST_CASE("without an object its values are unsure, and sure parts decide alone") {
  const struct {
    const char* text;
    const char* verdict;
  } rows[] = {
      {"number = 0", "unsure true"},
      {"name = ''", "unsure true"},
      {"state in ('stopped')", "unsure true"},
      {"number = 5 or count = 6", "true"},
      {"count = 6 or number = 5", "true"},
      {"number = 0 and count = 0", "false"},
      {"number = 0 and count = 6", "unsure true"},
      {"not number = 5", "unsure true"},
      {"count > 5", "true"},
      {"is_big()", "unsure false"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(Bench().Judge(row.text, false) == row.verdict);
  }
}

TEST_CASE("only expressions about objects are judged for each object") {
  const struct {
    const char* text;
    bool needs_object;
  } rows[] = {
      {"count > 5", false},
      {"count > 5 and total = 9", false},
      {"1 = 1", false},
      {"number = 5", true},
      {"count > 5 or number = 5", true},
      {"is_big()", true},
      {"count in (1, 2)", true},
      {"name like 'x'", true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(Bench().Compile(row.text)->needs_object == row.needs_object);
  }
}

TEST_CASE("a unit that a percentage does not know is logged and ignored") {
  Bench bench;
  CHECK(bench.Judge("load > 80k") == "true");
  CHECK(bench.log == std::vector<std::string>{"Invalid unit: k"});
  bench.log.clear();
  bench.Judge("name regexp '(('");
  REQUIRE(bench.log.size() == 1);
  CHECK(bench.log[0].rfind("Invalid syntax in regular expression:(( error: ", 0) == 0);
}

TEST_CASE("text that is not UTF-8 is matched like any other") {
  Bench bench;
  bench.thing.name = "gr\xFC\xDF.exe";
  CHECK(bench.Judge("name regexp '.*\\.exe'") == "true");
  CHECK(bench.Judge("name regexp 'gr..\\.exe'") == "true");
  CHECK(bench.Judge("name like 'GR\xFC'") == "true");
  bench.thing.name = "caf\xC3\xA9";
  CHECK(bench.Judge("name regexp 'caf.'") == "true");
}

TEST_CASE("expressions are bounded in length and depth") {
  auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '(') + "1 = 1" +
           std::string(static_cast<size_t>(depth), ')');
  };
  CHECK(Bench().Judge(nested(kMaxExpressionDepth)) == "true");
  CHECK(Bench().Judge(nested(kMaxExpressionDepth + 1)).find("nested deeper") !=
        std::string::npos);
  CHECK(Bench().Judge(nested(16000)).find("nested deeper") != std::string::npos);
  std::string calls = "1";
  for (int i = 0; i < 1000; ++i) calls = "neg(" + calls + ")";
  CHECK(Bench().Judge(calls + " = 1").find("nested deeper") != std::string::npos);
  CHECK(Bench().Judge(std::string(kMaxExpressionLength + 1, ' ')).find("longer") !=
        std::string::npos);
  std::string chain = "1 = 1";
  while (chain.size() + 10 < kMaxExpressionLength) chain += " and 1=1";
  CHECK(Bench().Judge(chain) == "true");
  CHECK(Bench().Judge("name regexp '((((a{1,1000}){1,1000}){1,1000}){1,1000})*'") ==
        "unsure false");
}

}  // namespace
}  // namespace nscp::checks
