#include <doctest/doctest.h>

#include <limits>

#include "kernel/output/json.h"
#include "kernel/output/quantity_text.h"
#include "kernel/output/table.h"
#include "kernel/output/visible.h"

namespace nscp::kernel {
namespace {

Screen Terminal(size_t columns, bool colour) {
  Screen screen;
  screen.output = true;
  screen.columns = columns;
  screen.colour = colour;
  return screen;
}

TEST_CASE("control characters and bad bytes become visible") {
  const struct {
    std::string bytes;
    std::string line;
    std::string lines;
  } kRows[] = {
      {"plain \xC3\xA4", "plain \xC3\xA4", "plain \xC3\xA4"},
      {"a\nb\tc\rd", "a\\nb\\tc\\rd", "a\nb\tc\\rd"},
      {"\x1b[31mred\x07", "\\x1b[31mred\\x07", "\\x1b[31mred\\x07"},
      {std::string("a\0b", 3), "a\\x00b", "a\\x00b"},
      {"\xC2\x9B"
       "31m",
       "\\u009b31m", "\\u009b31m"},
      {"\xE2\x80\xAE"
       "exe",
       "\\u202eexe", "\\u202eexe"},
      {"bad \xFF", "bad \xEF\xBF\xBD", "bad \xEF\xBF\xBD"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.line);
    CHECK(Visible(row.bytes) == row.line);
    CHECK(VisibleLines(row.bytes) == row.lines);
  }
}

TEST_CASE("width counts columns, not bytes") {
  CHECK(DisplayWidth("") == 0);
  CHECK(DisplayWidth("abc") == 3);
  CHECK(DisplayWidth("\xC3\xA4\xC3\xB6") == 2);
  CHECK(DisplayWidth("e\xCC\x81") == 1);
  CHECK(DisplayWidth("\xE6\xBC\xA2") == 2);
  CHECK(CutToWidth("abcdef", 6) == "abcdef");
  CHECK(CutToWidth("abcdef", 4) == "abc\xE2\x80\xA6");
  CHECK(CutToWidth("\xE6\xBC\xA2\xE6\xBC\xA2", 3) == "\xE6\xBC\xA2\xE2\x80\xA6");
  CHECK(CutToWidth("abc", 0).empty());
}

TEST_CASE("columns stand below their headings, and no line ends with blanks") {
  Table table({{"NAME"}, {"COUNT", true}, {"TEXT", false, true}});
  table.Add({Cell("a"), Cell("7"), Cell("x")});
  table.Add(
      {Cell("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"), Cell("1234567"), Cell("")});
  table.Add({Cell("b")});
  CHECK(table.Text({}) ==
        "NAME     COUNT  TEXT\n"
        "a            7  x\n"
        "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4  1234567\n"
        "b\n");
}

TEST_CASE("a cell after an empty number keeps its column") {
  Table table({{"A"}, {"NUM", true}, {"B"}});
  table.Add({Cell("a"), Cell(""), Cell("b")});
  CHECK(table.Text({}) == "A  NUM  B\na       b\n");
}

TEST_CASE("what does not fit is cut on a terminal alone, down to a bound") {
  Table table({{"NAME"}, {"TEXT", false, true}});
  table.Add({Cell("name"), Cell(std::string(100, 'x'))});
  CHECK(table.Text({}).find(std::string(100, 'x')) != std::string::npos);
  CHECK(table.Text(Terminal(0, false)).find(std::string(100, 'x')) != std::string::npos);
  CHECK(table.Text(Terminal(30, false)) ==
        "NAME  TEXT\nname  " + std::string(23, 'x') + "\xE2\x80\xA6\n");
  CHECK(table.Text(Terminal(5, false)) ==
        "NAME  TEXT\nname  " + std::string(11, 'x') + "\xE2\x80\xA6\n");
}

TEST_CASE("colours come from the table alone") {
  Table table({{"STATE"}});
  table.Add({Cell("\x1b[31mfake", Tone::kGood)});
  CHECK(table.Text(Terminal(80, true)) ==
        "\x1b[1mSTATE\x1b[0m\n\x1b[32m\\x1b[31mfake\x1b[0m\n");
  CHECK(table.Text(Terminal(80, false)) == "STATE\n\\x1b[31mfake\n");
  CHECK(Toned("x", Tone::kBad, Terminal(80, true)) == "\x1b[31mx\x1b[0m");
  CHECK(Toned("x", Tone::kBad, {}) == "x");
}

TEST_CASE("JSON keeps the order, escapes and separates") {
  JsonWriter json;
  json.BeginObject();
  json.Key("text").Text("a\"\\\n\x1b\x7F\xFF\xC3\xA4\xC2\x9B\xE2\x80\xAE");
  json.Key("numbers").BeginArray();
  json.Integer(-5)
      .Count(std::numeric_limits<uint64_t>::max())
      .Real(0.1)
      .Real(2e9)
      .Real(1e300);
  json.Real(std::numeric_limits<double>::quiet_NaN());
  json.EndArray();
  json.Key("empty").BeginObject().EndObject();
  json.Key("yes").Bool(true).Key("no").Bool(false).Key("none").Null();
  json.EndObject();
  CHECK(json.text() ==
        "{\"text\":\"a\\\"\\\\\\n\\u001b\\u007f\xEF\xBF\xBD\xC3\xA4\\u009b\\u202e\","
        "\"numbers\":[-5,18446744073709551615,0.1,2000000000,1e+300,null],"
        "\"empty\":{},\"yes\":true,\"no\":false,\"none\":null}");
}

TEST_CASE("a filter sees the texts that are values, and nothing else") {
  JsonWriter json([](std::string text) { return "<" + text + ">"; });
  json.BeginObject().Key("k").Text("v").Key("n").Integer(1).Key("b").Bool(true);
  CHECK(json.EndObject().text() == "{\"k\":\"<v>\",\"n\":1,\"b\":true}");
}

TEST_CASE("durations and sizes have at most two units and one decimal") {
  using std::chrono::seconds;
  CHECK(DurationText(std::chrono::milliseconds(-1)) == "0 s");
  CHECK(DurationText(std::chrono::milliseconds(1999)) == "1 s");
  CHECK(DurationText(seconds(60)) == "1 min");
  CHECK(DurationText(seconds(187)) == "3 min 7 s");
  CHECK(DurationText(seconds(7500)) == "2 h 5 min");
  CHECK(DurationText(seconds(86400 * 12 + 3 * 3600 + 59)) == "12 d 3 h");
  CHECK(BytesText(0) == "0 B");
  CHECK(BytesText(1023) == "1023 B");
  CHECK(BytesText(1536) == "1.5 KiB");
  CHECK(BytesText(14 * 1024 * 1024 + 210 * 1024) == "14.2 MiB");
}

}  // namespace
}  // namespace nscp::kernel
