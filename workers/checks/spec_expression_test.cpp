// filter-engine.md 4: the grammar, values and their coercion, functions, sure and unsure.
#include <doctest/doctest.h>

#include "proto/cpp/text.h"
#include "workers/checks/expression_bench.h"

namespace nscp::checks {
namespace {

struct Row {
  std::string section;
  const char* text;
  const char* verdict;  // as Bench::Judge gives it; of an error the beginning
};

// Judged twice: the same expression gives the same answer.
void CheckVerdicts(const std::vector<Row>& rows, bool with_object = true) {
  Bench bench;
  for (const Row& row : rows) {
    CAPTURE(row.section);
    CAPTURE(row.text);
    const std::string expected = row.verdict;
    const std::string verdict = bench.Judge(row.text, with_object);
    const bool is_verdict = EndsWith(expected, "true") || EndsWith(expected, "false");
    CHECK((is_verdict ? verdict : verdict.substr(0, expected.size())) == expected);
    CHECK(bench.Judge(row.text, with_object) == verdict);
  }
}

TEST_CASE("spec 4.1: operators") {
  // number is 5, name is notepad.
  CheckVerdicts({
      {"4.1 =", "number = 5", "true"},
      {"4.1 =", "number = 6", "false"},
      {"4.1 !=", "number != 6", "true"},
      {"4.1 <", "number < 6", "true"},
      {"4.1 <", "number < 5", "false"},
      {"4.1 <=", "number <= 5", "true"},
      {"4.1 >", "number > 4", "true"},
      {"4.1 >", "number > 5", "false"},
      {"4.1 >=", "number >= 5", "true"},
      {"4.1 eq", "number eq 5", "true"},
      {"4.1 EQ", "number EQ 6", "false"},
      {"4.1 ne", "number ne 6", "true"},
      {"4.1 lt", "number lt 6", "true"},
      {"4.1 le", "number Le 5", "true"},
      {"4.1 gt", "number gt 4", "true"},
      {"4.1 ge", "number gE 6", "false"},
      {"4.1 like", "name LIKE 'pad'", "true"},
      {"4.1 not like", "name not like 'pad'", "false"},
      {"4.1 not like", "name NOT LIKE 'x'", "true"},
      {"4.1 regexp", "name REGEXP 'n.*d'", "true"},
      {"4.1 not regexp", "name not regexp 'n.*d'", "false"},
      {"4.1 in", "number IN (4, 5)", "true"},
      {"4.1 not in", "number NOT IN (4, 5)", "false"},
      {"4.1 no blanks", "number>4and number<6", "Parsing failed"},  // 4a is a unit
      {"4.1 no blanks", "(number>4)and(number<6)", "true"},
      {"4.1 blanks", "  number\t>\n4\r ", "true"},
      {"4.1 word as part of a name", "number = 5 orx", "Parsing failed"},
  });
}

TEST_CASE("spec 4.1: precedence, not, & and |") {
  CheckVerdicts({
      {"4.1 and before or", "1 = 1 or 1 = 1 and 1 = 2", "true"},
      {"4.1 and before or", "1 = 2 and 1 = 1 or 1 = 1", "true"},
      {"4.1 parentheses", "(1 = 1 or 1 = 1) and 1 = 2", "false"},
      {"4.1 case of words", "1 = 2 OR 1 = 1 AND NOT 1 = 2", "true"},
      {"4.1 not binds to the next", "not name = 'x' and 1 = 2", "false"},
      {"4.1 not binds to the next", "not 1 = 2 or 1 = 1", "true"},
      {"4.1 not of a group", "not (1 = 2 or 1 = 1)", "false"},
      {"4.1 not of a group", "not (not (1 = 1))", "true"},
      {"4.1 not twice", "not not 1 = 1", "Parsing failed"},
      {"4.1 &", "number & 2", "true"},
      {"4.1 & is logical", "4 & 2", "true"},
      {"4.1 &", "number & 0", "false"},
      {"4.1 |", "0 | 2", "true"},
      {"4.1 |", "0 | 0", "false"},
      {"4.1 & compared", "number & 2 = 1", "true"},
      {"4.1 (a | b) compared", "(number | 0) = 1", "true"},
      {"4.1 compared with (a & b)", "1 = (number & 0)", "false"},
      {"4.1 only two", "1 & 1 & 1", "Parsing failed"},
      {"4.1 a name alone", "number", "false"},
      {"4.1 a name alone", "count_me", "true"},
      {"4.1 a number alone", "1", "true"},
      {"4.1 a number alone", "2", "false"},
      {"4.2 exactly 1", "real", "false"},
      {"4.1 deep parentheses", "((((((((number = 5))))))))", "true"},
  });
}

TEST_CASE("spec 4.1: literals, lists, calls, and what is refused") {
  CheckVerdicts({
      {"4.1 str()", "name = str(notepad)", "true"},
      {"4.1 str() raw", "name != str(it's \"quoted\")", "true"},
      {"4.1 str() with blanks", "'a b' = str(a b)", "true"},
      {"4.1 empty text", "name != ''", "true"},
      {"4.1 dot in text", "name != 'a) and (b'", "true"},
      {"4.1 negative", "number > -5", "true"},
      {"4.1 negative with unit", "written > -7d", "true"},
      {"4.1 float", "real = 1.5", "true"},
      {"4.1 float with unit", "age = 2.0h", "true"},
      {"4.1 unit", "size = 5k", "true"},
      {"4.1 unit of any case", "size = 5K", "true"},
      {"4.1 unit %", "load = 85%", "true"},
      {"4.1 mixed list", "name in ('x', number, 5, 'notepad')", "true"},
      {"4.1 calls in a list", "number in (neg(number), scale(10, 2))", "true"},
      {"4.1 call with a list", "letter(neg(-2)) = 't'", "true"},
      {"4.1 units in a list", "size in (1k, 5k)", "true"},
      {"4.1 underscore", "count_me = 1", "true"},
      {"refused", "", "Parsing failed of '' at: "},
      {"refused", "   ", "Parsing failed"},
      {"refused ==", "number == 5", "Parsing failed of 'number == 5' at:  == 5"},
      {"refused <>", "number <> 5", "Parsing failed"},
      {"refused &&", "1 = 1 && 1 = 1", "Parsing failed"},
      {"refused ||", "1 = 1 || 1 = 1", "Parsing failed"},
      {"refused !", "!number", "Parsing failed"},
      {"refused \"", "name = \"notepad\"", "Parsing failed"},
      {"refused +", "number + 1 = 6", "Parsing failed"},
      {"refused chain", "1 < 2 < 3", "Parsing failed of '1 < 2 < 3' at:  < 3"},
      {"refused MB", "size > 10MB", "Parsing failed of 'size > 10MB' at: B"},
      {"refused ms", "age > 100ms", "Parsing failed"},
      {"refused apart", "size > 10 k", "Parsing failed"},
      {"refused empty list", "number in ()", "Parsing failed"},
      {"refused list without (", "number in 5", "Parsing failed"},
      {"refused open text", "name = 'note", "Parsing failed"},
      {"refused open (", "(number = 5", "Parsing failed"},
      {"refused extra )", "number = 5)", "Parsing failed of 'number = 5)' at: )"},
      {"refused open str(", "name = str(x", "Parsing failed"},
      {"refused trailing and", "number = 5 and", "Parsing failed"},
      {"refused leading or", "or number = 5", "Parsing failed"},
      {"refused two operands", "number 5", "Parsing failed"},
      {"refused _name", "_x = 5", "Parsing failed"},
      {"refused without quotes", "name like note*", "Parsing failed"},
      {"names are case-sensitive", "NAME like 'x'", "Variable not found: NAME"},
      {"unknown name", "lod > 5", "Variable not found: lod"},
      {"unknown function", "nofun(size) = 1", "Function not found: nofun"},
  });
}

TEST_CASE("spec 4.2: texts, numbers, and which side is converted") {
  CheckVerdicts({
      {"4.2 int vs float", "number > 4.9", "true"},
      {"4.2 int vs float", "number = 5.1", "false"},
      {"4.2 float vs int", "real > 1", "true"},
      {"4.2 not rounded", "real = 2", "false"},
      {"4.2 variables", "number > real", "true"},
      {"4.2 variables", "real < number", "true"},
      {"4.2 text vs number is text", "name > 5", "true"},
      {"4.2 text vs number is text", "'f1.txt' > 5", "true"},
      {"4.2 text order", "name < 'notepae'", "true"},
      {"4.2 byte-wise", "name > 'NOTEPAD'", "true"},
      {"4.2 case-sensitive", "name = 'Notepad'", "false"},
      {"4.2 number vs text is number", "number = '5'", "true"},
      {"4.2 number vs text is number", "number < '10'", "true"},
      {"4.2 number vs text is number", "real = '1.5'", "true"},
      {"4.2 text that is no number", "number = 'five'", "unsure false"},
      {"4.2 text that is no number", "number > 'x'", "unsure true"},
      {"4.2 number vs text variable", "number = name", "unsure false"},
      {"4.2 text vs number variable", "name > number", "true"},
      {"4.2 literal first", "5 = number", "true"},
      {"4.2 literal first", "4 < number", "true"},
      {"4.2 literal first", "6 <= number", "false"},
      {"4.2 literal first", "-1h <= written", "true"},
      {"4.2 literal first", "'notepad' = name", "true"},
      {"4.2 converter on the left", "state = 'started'", "true"},
      {"4.2 converter on the right", "'stopped' != state", "true"},
      {"4.2 converter refuses", "state = 'bogus'", "no such state: bogus"},
      {"4.2 plain int has no units", "number > 5m", "Cannot compare number to 5m"},
  });
}

TEST_CASE("spec 4.2: dates, sizes, durations, optional and dual values") {
  // written is now - 1h, size is 5120, age is 2h.
  CheckVerdicts({
      {"4.2 date", "written > -2h", "true"},
      {"4.2 date", "written < -59m", "true"},
      {"4.2 date", "written >= -3600s", "true"},
      {"4.2 date", "written > -1d and written > -1w", "true"},
      {"4.2 date", "written in (-1h, -2h)", "true"},
      {"4.2 date needs a unit", "written > 5",
       "Cannot compare written to 5 (date to int)"},
      {"4.2 date needs a unit", "written > -5", "Cannot compare written to -5"},
      {"4.2 date no text", "written > '2020-01-01'",
       "Cannot compare written to '2020-01-01' (date to string)"},
      {"4.2 date unit", "written > 5k", "Cannot compare written to 5k"},
      {"4.2 date like", "written like '1'", "Cannot use like on a date"},
      {"4.2 size", "size = 5k and size > 4K and size < 1m", "true"},
      {"4.2 size", "size < 1g and size < 1t and size > 5119b", "true"},
      {"4.2 size is cut", "size = 5.9k", "true"},
      {"4.2 bare bytes", "size = 5120", "true"},
      {"4.2 size in", "size not in (1k, 5k)", "false"},
      {"4.2 size unit", "size > 5x", "Cannot compare size to 5x (size to int)"},
      {"4.2 size like", "size like '5'", "Cannot use like on a size"},
      {"4.2 duration", "age = 2h and age = 120m and age = 7200s and age < 1d", "true"},
      {"4.2 duration keeps decimals", "age > 1.5h", "true"},
      {"4.2 duration in seconds", "age = 7200", "true"},
      {"4.2 optional", "maybe > 5 or maybe < 5 or maybe = 0 or maybe != 5", "false"},
      {"4.2 optional", "maybe in (0) or maybe not in (0)", "false"},
      {"4.2 optional as text", "maybe = 'never'", "true"},
      {"4.2 optional as text", "maybe != 'never'", "false"},
      {"4.2 optional as text", "maybe in ('never')", "true"},
      {"4.2 dual as text", "core = 'core 5'", "true"},
      {"4.2 dual as text", "core like 'core'", "true"},
      {"4.2 dual as number", "core = 5 and core > 4", "true"},
      {"4.2 dual in a mixed list", "core in (1, 'core 5')", "true"},
      {"4.2 dual vs text variable", "core != name", "true"},
  });
}

TEST_CASE("spec 4.2: like, regexp, in") {
  CheckVerdicts({
      {"4.2 like ignores case", "name like 'NOTE'", "true"},
      {"4.2 like is symmetric", "name like 'my notepad is open'", "true"},
      {"4.2 like is symmetric", "'pad' like name", "true"},
      {"4.2 like without wildcards", "name like 'note%'", "false"},
      {"4.2 like one empty", "name like ''", "false"},
      {"4.2 like both empty", "'' like ''", "true"},
      {"4.2 not like one empty", "name not like ''", "true"},
      {"4.2 like on integers", "number like '5'", "true"},
      {"4.2 like on integers", "number like 15", "true"},
      {"4.2 like on floats", "real like '.5'", "true"},
      {"4.2 regexp whole", "name regexp 'note'", "false"},
      {"4.2 regexp whole", "name regexp '.*tep.*'", "true"},
      {"4.2 regexp case", "name regexp 'NOTEPAD'", "false"},
      {"4.2 regexp case", "name regexp '(?i)NOTEPAD'", "true"},
      {"4.2 regexp alternatives are whole", "name regexp 'note|pad'", "false"},
      {"4.2 regexp on integers", "number regexp '[0-9]'", "true"},
      {"4.2 regexp of a number", "number regexp 5", "true"},
      {"4.2 regexp bad", "name regexp '(('", "unsure false"},
      {"4.2 not regexp bad", "name not regexp '(('", "unsure false"},
      {"4.2 regexp pattern on the right", "'n.*' regexp name", "regexp needs a pattern"},
      {"4.2 in is case-sensitive", "name in ('NOTEPAD')", "false"},
      {"4.2 in by type", "name in (5)", "false"},
      {"4.2 in by type", "number in ('5')", "true"},
      {"4.2 in converter", "state in ('stopped', 'started')", "true"},
      {"4.2 not in converter", "state not in ('stopped')", "true"},
      {"4.2 in percent", "load in (85%)", "true"},
  });
}

TEST_CASE("spec 4.3: functions") {
  CheckVerdicts({
      {"4.3 convert", "size = convert(5, 'k')", "true"},
      {"4.3 auto_convert", "age = auto_convert(2, 'h')", "true"},
      {"4.3 convert", "size = convert(5)",
       "convert expects 2 arguments: number and unit"},
      {"4.3 neg", "number > neg(6) and neg(number) = -5", "true"},
      {"4.3 neg of a float", "neg(real) = -1.5", "true"},
      // Mirrored around now: an hour ago becomes in an hour.
      {"4.3 neg of a date", "neg(written) = 1h", "true"},
      {"4.3 neg", "neg() = 1", "neg expects 1 argument: value"},
      {"4.3 format_bytes", "format_bytes(size) = '5KB'", "true"},
      {"4.3 format_bytes", "format_bytes(1047552) = '1023KB'",
       "false"},  // > 999: 0.999MB
      {"4.3 format_bytes", "format_bytes(1047552) = '0.999MB'", "true"},
      {"4.3 format_bytes unit", "format_bytes(size, 'kb') = '5'", "true"},
      {"4.3 format_bytes", "format_bytes() = 'x'",
       "format_bytes expects 1 or 2 arguments: "},
      {"4.3 format_bytes", "format_bytes(1, 'k', 2) = 'x'",
       "format_bytes expects 1 or 2"},
      {"4.3 convert_bytes", "convert_bytes(size, 'K') = 5", "true"},
      {"4.3 convert_bytes", "convert_bytes(size, 'MB') < 0.01", "true"},
      {"4.3 convert_bytes", "convert_bytes(size) = 5",
       "convert_bytes expects 2 arguments"},
      {"4.3 scale", "scale(size, 1000) = 5.12", "true"},
      {"4.3 scale by nothing", "scale(size, 0) = 0", "unsure true"},
      {"4.3 of an optional value", "scale(maybe, 2) = 0 or scale(maybe, 2) != 0",
       "false"},
      {"4.3 own function", "is_big() and letter(0) = 'n'", "true"},
      {"4.3 own function, too few", "letter() = 'x'", "letter expects 1 arguments"},
      {"4.3 own function, too many", "is_big(1)", "is_big expects 0 arguments"},
      {"4.3 own function without ()", "is_big", "true"},
  });
}

TEST_CASE("spec 4.4: what is made up is unsure, and sure parts decide alone") {
  const bool without_object = false;
  // count is 6, total is 9.
  CheckVerdicts(
      {
          {"4.4 typed default", "number = 0", "unsure true"},
          {"4.4 typed default", "name = ''", "unsure true"},
          {"4.4 typed default", "real > 0", "unsure false"},
          {"4.4 propagates", "not number = 5", "unsure true"},
          {"4.4 propagates", "neg(number) = 0", "unsure true"},
          {"4.4 propagates", "format_bytes(size) = '0B'", "unsure true"},
          {"4.4 propagates", "number & 1", "unsure false"},
          {"4.4 propagates", "name like 'x'", "unsure false"},
          {"4.4 propagates", "name regexp ''", "unsure true"},
          {"4.4 propagates", "state in ('stopped')", "unsure true"},
          {"4.4 propagates", "state not in ('stopped')", "unsure false"},
          {"4.4 sure false decides and", "number = 0 and count = 1", "false"},
          {"4.4 sure false decides and", "count = 1 and number = 0", "false"},
          {"4.4 sure true decides or", "number = 5 or count = 6", "true"},
          {"4.4 sure true decides or", "count = 6 or number = 5", "true"},
          {"4.4 else unsure", "number = 0 and count = 6", "unsure true"},
          {"4.4 else unsure", "number = 5 or count = 1", "unsure false"},
          {"4.4 summary is sure", "count = 6 and total = 9", "true"},
          {"4.4 functions", "is_big()", "unsure false"},
      },
      without_object);
}

}  // namespace
}  // namespace nscp::checks
