#include "workers/check_log_file/lines.h"

#include <doctest/doctest.h>

#include <vector>

#include "proto/cpp/text.h"
#include "workers/check_log_file/text_source.h"

namespace nscp::check_log_file {
namespace {

// All texts are constructed.

// "<text>" of each line, the last one with a '~' when its end is missing; and where
// reading would go on.
std::string Lines(const std::string& text, const std::string& separator, size_t piece,
                  uint64_t from = 0) {
  const TextSource source(text, piece);
  std::string out;
  const auto read =
      ReadLines(source, {from, source.size()}, separator, {}, [&](const Line& line) {
        out += "<" + std::string(line.text) + (line.complete ? ">" : "~>");
        return true;
      });
  REQUIRE(read.ok());
  return out + std::to_string(read->next);
}

TEST_CASE("lines are the same however the file comes") {
  const struct {
    std::string text;
    std::string separator;
    std::string lines;
  } rows[] = {
      {"", "\n", "0"},
      {"one", "\n", "<one~>0"},
      {"one\n", "\n", "<one>4"},
      {"one\ntwo", "\n", "<one><two~>4"},
      {"\n\n", "\n", "<><>2"},
      {"a\r\nb\r\r\n\r\nc\r", "\n", "<a><b\r><><c~>9"},
      {"a;b;c", ";", "<a><b><c~>4"},
      {"a\r;b\r", ";", "<a\r><b\r~>3"},
      {"a--b---c-", "--", "<a><b><-c-~>6"},
      {"one<br>two<b><br>", "<br>", "<one><two<b>>17"},
      {std::string("a\0b\n\xff\xfe\n", 7), "\n", std::string("<a\0b><\xff\xfe>7", 10)},
      {"xxxx", "xx", "<><>4"},
      {"aXYXYZb", "XYZ", "<aXY><b~>6"},
  };
  for (const auto& row : rows) {
    for (const size_t piece : {1, 2, 3, 1000}) {
      CAPTURE(row.text);
      CAPTURE(piece);
      CHECK(Lines(row.text, row.separator, piece) == row.lines);
    }
  }
  CHECK(Lines("one\ntwo\nthree\n", "\n", 2, 4) == "<two><three>14");
}

TEST_CASE("a line of any length costs no more than its bound, and says that it was cut") {
  const std::string longest(kMaxLine, 'x');
  const std::string text =
      longest + "\n" + longest + "y\r\nshort\n" + longest + longest + longest;
  std::vector<std::string> lines;
  std::vector<bool> cut;
  const TextSource source(text);
  const auto read =
      ReadLines(source, {0, source.size()}, "\n", {}, [&](const Line& line) {
        lines.emplace_back(line.text);
        cut.push_back(line.cut);
        return true;
      });
  REQUIRE(read.ok());
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == longest);
  CHECK(lines[1] == longest + kCutMark);
  CHECK(lines[2] == "short");
  CHECK(lines[3] == longest + kCutMark);
  CHECK(cut == std::vector<bool>{false, true, false, true});
  CHECK(read->cut == 2);
  CHECK(read->next == 2 * kMaxLine + 1 + 3 + 6);
}

TEST_CASE("reading ends when enough is known, nobody waits or the file is cut short") {
  const TextSource source("1\n2\n3\n4\n");
  int seen = 0;
  const auto two = ReadLines(source, {0, source.size()}, "\n", {},
                             [&](const Line&) { return ++seen < 2; });
  REQUIRE(two.ok());
  CHECK(two->next == 4);
  const auto cancelled = ReadLines(
      source, {0, source.size()}, "\n", [] { return true; },
      [](const Line&) { return true; });
  CHECK(cancelled.status().code() == Code::kCancelled);
  CHECK(StartOfLast(source, {0, source.size()}, "\n", 1, [] { return true; })
            .status()
            .code() == Code::kCancelled);
  const auto shorter =
      ReadLines(source, {0, 1000}, "\n", {}, [](const Line&) { return true; });
  REQUIRE(shorter.ok());
  CHECK(shorter->next == 8);
}

TEST_CASE("the last lines are found from the end") {
  const struct {
    std::string text;
    std::string separator;
    uint64_t from;
    uint64_t count;
    uint64_t start;
  } rows[] = {
      {"1\n2\n3\n", "\n", 0, 1, 4},
      {"1\n2\n3\n", "\n", 0, 2, 2},
      {"1\n2\n3\n", "\n", 0, 3, 0},
      {"1\n2\n3\n", "\n", 0, 9, 0},
      {"1\n2\n3", "\n", 0, 1, 4},
      {"1\n2\n3", "\n", 0, 0, 5},
      {"", "\n", 0, 5, 0},
      {"no end", "\n", 0, 1, 0},
      {"1--2--3--", "--", 0, 2, 3},
      {"1\n2\n3\n", "\n", 2, 9, 2},
      {"1\n2\n3\n", "\n", 4, 1, 4},
      {"\n\n\n", "\n", 0, 2, 1},
      {"a<br>b<br>c", "<br>", 0, 2, 5},
  };
  for (const auto& row : rows) {
    for (const size_t piece : {1, 3, 1000}) {
      CAPTURE(row.text);
      CAPTURE(row.count);
      const TextSource source(row.text, piece);
      const auto start =
          StartOfLast(source, {row.from, source.size()}, row.separator, row.count, {});
      REQUIRE(start.ok());
      CHECK(*start == row.start);
    }
  }
  // Over many pieces, whose borders lie anywhere in a separator.
  std::string many;
  for (int i = 0; i < 60000; ++i) many += std::to_string(i) + "##";
  const TextSource source(many);
  for (const uint64_t count : {1, 2, 10000, 59999}) {
    const auto start = StartOfLast(source, {0, source.size()}, "##", count, {});
    REQUIRE(start.ok());
    uint64_t lines = 0;
    REQUIRE(ReadLines(source, {*start, source.size()}, "##", {}, [&](const Line& line) {
              if (lines == 0) CHECK(line.text == std::to_string(60000 - count));
              ++lines;
              return true;
            }).ok());
    CHECK(lines == count);
  }
}

TEST_CASE("columns are counted from one, and those that are not there are empty") {
  const struct {
    const char* line;
    const char* separator;
    int64_t n;
    const char* column;
  } rows[] = {
      {"a,b,,d", ",", 1, "a"}, {"a,b,,d", ",", 2, "b"},    {"a,b,,d", ",", 3, ""},
      {"a,b,,d", ",", 4, "d"}, {"a,b,,d", ",", 5, ""},     {"a,b,,d", ",", 0, ""},
      {"a,b", ",", -3, ""},    {"a::b:c", "::", 2, "b:c"}, {"", ",", 1, ""},
      {"abc", ",", 1, "abc"},  {"abc", "", 1, ""},         {"a,", ",", 2, ""},
  };
  for (const auto& row : rows) {
    CHECK(ColumnOf(row.line, row.separator, row.n) == row.column);
  }
  CHECK(ColumnOf("a,b", ",", INT64_MAX).empty());
}

}  // namespace
}  // namespace nscp::check_log_file
