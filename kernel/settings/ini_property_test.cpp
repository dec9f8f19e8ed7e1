// What holds for every file there is: files made of odd pieces that meet in every order,
// edits of them, and how little of the file each may touch. The lines are counted here by
// rules of this test's own, not by IniFile.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "kernel/settings/ini_file.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr unsigned kPropertySeed = 20261122;
constexpr int kCases = 4000;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string OddFile(std::mt19937* random) {
  static const std::string kPieces[] = {"[/a]",
                                        "[/A]",
                                        "[ /a/b ]",
                                        "[/a/]",
                                        "[/a /]",
                                        "[]",
                                        "[open",
                                        "[/x] behind",
                                        "[/a]b]",
                                        "k = v",
                                        "K=w",
                                        "k=",
                                        "k",
                                        "key two = x y",
                                        "KEY TWO=z",
                                        "\t k\t=\t v \t",
                                        "k = a = b",
                                        "= v",
                                        "noise",
                                        "; c",
                                        "  # c",
                                        ";",
                                        "",
                                        "  ",
                                        "\f",
                                        "k = \xFF\xFE",
                                        "\xE4 = \xE4",
                                        "k = \"quoted\" \\",
                                        "z = " + std::string(70000, 'l'),
                                        "k = a\rb",
                                        std::string("k = a\0b", 7),
                                        "\xEF\xBB\xBF[/late mark]"};
  static const char* const kEnds[] = {"\n", "\n", "\r\n", "\r\n", "\r", "\n\n"};
  std::string text((*random)() % 4 == 0 ? kMark : "");
  // Most files keep to one line end.
  const size_t own = (*random)() % std::size(kEnds);
  const bool mixed = (*random)() % 4 == 0;
  const size_t count = (*random)() % 20;
  for (size_t i = 0; i < count; ++i) {
    // The long line comes seldom, for the time's sake.
    size_t piece = (*random)() % std::size(kPieces);
    if (kPieces[piece].size() > 1000 && (*random)() % 20 != 0) piece = 0;
    text += kPieces[piece];
    if (i + 1 == count && (*random)() % 3 == 0) break;  // no line end at the end
    text += kEnds[mixed ? (*random)() % std::size(kEnds) : own];
  }
  return text;
}

// With their ends. A lone CR ends lines where there is no LF.
std::vector<std::string> LinesOf(const std::string& text) {
  const char end = text.find('\n') == std::string::npos ? '\r' : '\n';
  std::vector<std::string> lines;
  // The byte order mark is a line of its own here.
  const size_t mark = StartsWith(text, kMark) ? kMark.size() : 0;
  if (mark > 0) lines.push_back(text.substr(0, mark));
  for (size_t at = mark; at < text.size();) {
    const size_t next = text.find(end, at);
    const size_t stop = next == std::string::npos ? text.size() : next + 1;
    lines.push_back(text.substr(at, stop - at));
    at = stop;
  }
  return lines;
}

// True when `all` holds the lines of `part` in order; an end may have been put to the
// last.
bool Keeps(const std::vector<std::string>& all, const std::vector<std::string>& part) {
  size_t found = 0;
  for (const std::string& line : all) {
    if (found == part.size()) break;
    const bool last = found + 1 == part.size();
    const bool ended = last && StartsWith(line, part[found]) &&
                       Trim(line.substr(part[found].size())).empty();
    if (line == part[found] || ended) ++found;
  }
  return found == part.size();
}

struct Place {
  std::string section;
  std::string key;
};

std::vector<Place> KeysOf(const IniFile& file) {
  std::vector<Place> keys;
  for (const IniSection& section : file.Contents()) {
    for (const IniEntry& entry : section.entries)
      keys.push_back({section.name, entry.key});
  }
  return keys;
}

// A place that CheckIniSection and CheckIniKey allow to be written.
bool Writable(const Place& place) {
  return CheckIniSection(place.section).ok() && CheckIniKey(place.key).ok();
}

TEST_CASE("loading and saving leaves any file as it was, byte for byte") {
  CAPTURE(kPropertySeed);
  std::mt19937 random(kPropertySeed);
  for (int i = 0; i < kCases; ++i) {
    const std::string text = OddFile(&random);
    CAPTURE(text);
    IniFile file = IniFile::Parse(text);
    REQUIRE(file.Serialize() == text);
    for (const Place& place : KeysOf(file)) {
      if (!Writable(place)) continue;
      const std::string value = *file.Get(place.section, place.key);
      if (!CheckIniValue(value).ok()) continue;
      REQUIRE(file.Set(place.section, place.key, value).ok());
      REQUIRE(file.Serialize() == text);
    }
  }
}

TEST_CASE("changing a key of any file changes one line, in its place") {
  CAPTURE(kPropertySeed);
  std::mt19937 random(kPropertySeed + 1);
  int changed = 0;
  for (int i = 0; i < kCases; ++i) {
    const std::string text = OddFile(&random);
    CAPTURE(text);
    IniFile file = IniFile::Parse(text);
    const auto keys = KeysOf(file);
    if (keys.empty()) continue;
    const Place place = keys[random() % keys.size()];
    if (!Writable(place)) continue;
    REQUIRE(
        file.Set(ToLowerAscii(place.section), ToLowerAscii(place.key), "new value").ok());
    const auto before = LinesOf(text), after = LinesOf(file.Serialize());
    REQUIRE(after.size() == before.size());
    size_t different = 0;
    for (size_t line = 0; line < before.size(); ++line) {
      if (before[line] == after[line]) continue;
      ++different;
      REQUIRE(Trim(after[line]) == place.key + " = new value");
      REQUIRE(Trim(before[line].substr(0, before[line].find('='))) == place.key);
    }
    REQUIRE(different == 1);
    REQUIRE(IniFile::Parse(file.Serialize()).Get(place.section, place.key) ==
            std::optional<std::string>("new value"));
    ++changed;
  }
  CHECK(changed > kCases / 4);
}

TEST_CASE(
    "a new key adds lines to any file and changes none, a removed one takes its own") {
  CAPTURE(kPropertySeed);
  std::mt19937 random(kPropertySeed + 2);
  for (int i = 0; i < kCases; ++i) {
    const std::string text = OddFile(&random);
    CAPTURE(text);
    IniFile file = IniFile::Parse(text);
    const char* const section = i % 3 == 0 ? "/brand/new" : "/a /";
    REQUIRE(file.Set(section, "added", "v").ok());
    const std::string added = file.Serialize();
    REQUIRE(Keeps(LinesOf(added), LinesOf(text)));
    const IniFile read = IniFile::Parse(added);
    REQUIRE(read.Get(section, "ADDED") == std::optional<std::string>("v"));
    REQUIRE(file.Delete(section, "added"));
    REQUIRE(Keeps(LinesOf(file.Serialize()), LinesOf(text)));
    for (const Place& place : KeysOf(file)) {
      file.Delete(place.section, place.key);
      REQUIRE_FALSE(file.Get(place.section, place.key));
    }
    REQUIRE(Keeps(LinesOf(added), LinesOf(file.Serialize())));
    REQUIRE(KeysOf(IniFile::Parse(file.Serialize())).empty());
  }
}

TEST_CASE(
    "what a set with comments adds to any file goes with the key, and no file grows") {
  CAPTURE(kPropertySeed);
  std::mt19937 random(kPropertySeed + 3);
  const IniComments comments[] = {{"SECTION - all", "KEY - one"},
                                  {"in flight - TODO", ""}};
  for (int i = 0; i < kCases; ++i) {
    const std::string text = OddFile(&random);
    CAPTURE(text);
    const IniComments& mine = comments[i % 2];
    const char* const section = i % 3 == 0 ? "/brand/new" : "/a /";
    IniFile file = IniFile::Parse(text);
    std::string taken_back;
    for (int turn = 0; turn < 3; ++turn) {
      REQUIRE(file.Set(section, "added", "v", &mine).ok());
      const std::string added = file.Serialize();
      REQUIRE(Keeps(LinesOf(added), LinesOf(taken_back.empty() ? text : taken_back)));
      REQUIRE(IniFile::Parse(added).Get(section, "added") ==
              std::optional<std::string>("v"));
      REQUIRE(file.Delete(section, "Added", &mine));
      const std::string again = file.Serialize();
      if (turn == 2) REQUIRE(again == taken_back);
      taken_back = again;
    }
  }
}

TEST_CASE("sorting any file loses no line, and no key its value") {
  CAPTURE(kPropertySeed);
  std::mt19937 random(kPropertySeed + 4);
  for (int i = 0; i < kCases; ++i) {
    const std::string text = OddFile(&random);
    CAPTURE(text);
    IniFile file = IniFile::Parse(text);
    IniFile sorted = file;
    sorted.Sort();
    const std::string after = sorted.Serialize();
    const IniFile read = IniFile::Parse(after);
    for (const Place& place : KeysOf(file)) {
      REQUIRE(read.Get(place.section, place.key) == file.Get(place.section, place.key));
    }
    // Save for headers that stood twice, every line is there as often as before.
    std::vector<std::string> before_lines, after_lines;
    const auto collect = [](const std::string& from, std::vector<std::string>* lines) {
      for (const std::string& line : LinesOf(from)) {
        const std::string body(Trim(line));
        if (!body.empty() && body[0] != '[') lines->push_back(body);
      }
      std::sort(lines->begin(), lines->end());
    };
    collect(text, &before_lines);
    collect(after, &after_lines);
    REQUIRE(after_lines == before_lines);
  }
}

}  // namespace
}  // namespace nscp::kernel
