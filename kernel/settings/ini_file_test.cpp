#include "kernel/settings/ini_file.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::string AfterSet(std::string_view before, std::string_view section,
                     std::string_view key, std::string_view value) {
  IniFile file = IniFile::Parse(before);
  const Status status = file.Set(section, key, value);
  return status.ok() ? file.Serialize() : "refused: " + status.message();
}

TEST_CASE("a value is the trimmed rest of the line after the first equals sign") {
  struct Case {
    const char* line;
    const char* key;
    const char* value;
  };
  const Case cases[] = {
      {"k = v", "k", "v"},
      {"k=v", "k", "v"},
      {"  allowed hosts =  10.0.0.1 , ::1  ", "allowed hosts", "10.0.0.1 , ::1"},
      {"a = b ; c", "a", "b ; c"},
      {"a = b # c", "a", "b # c"},
      {"cmd = check \"x=1\" $ARG1$", "cmd", "check \"x=1\" $ARG1$"},
      {"path = C:\\x\\", "path", "C:\\x\\"},
      {"empty =", "empty", ""},
      {"a.b:c = d", "a.b:c", "d"},
      {"\tt\t=\tv\t", "t", "v"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    const IniFile file = IniFile::Parse("[s]\n" + std::string(c.line));
    CHECK(file.Get("s", c.key) == std::optional<std::string>(c.value));
    CHECK(file.diagnostics().empty());
  }
}

TEST_CASE(
    "sections and keys are found without case, repeated ones merge, the last key "
    "counts") {
  const IniFile file = IniFile::Parse(
      "[/Settings/A]\nKey = 1\n[/b]\nx = y\n[/settings/a] trailing\nkEY = 2\nnew = 3\n");
  CHECK(file.Get("/settings/a", "KEY") == std::optional<std::string>("2"));
  CHECK(file.Get("/SETTINGS/A/", "new") == std::optional<std::string>("3"));
  CHECK_FALSE(file.Get("/settings", "key"));
  const auto contents = file.Contents();
  REQUIRE(contents.size() == 2);
  CHECK(contents[0].name == "/Settings/A");
  REQUIRE(contents[0].entries.size() == 2);
  CHECK(contents[0].entries[0].key == "kEY");
  CHECK(contents[0].entries[0].value == "2");
}

TEST_CASE("line ends are LF, CRLF mixed with it, or lone CR where there is no LF") {
  CHECK(AfterSet("[q]\ra = 1\r", "q", "b", "2") == "[q]\ra = 1\rb = 2\r");
  CHECK(AfterSet("[q]\na = 1\r\nb = 1\r", "q", "a", "2") == "[q]\na = 2\r\nb = 1\r");
  CHECK(AfterSet("[q]\na = 1\r", "q", "b", "2") == "[q]\na = 1\r\nb = 2\n");
}

TEST_CASE("lines that make no sense are told with their number and kept") {
  const std::string text = "early = 1\n[a]\nnoise\n = v\n[broken\nk = v\n";
  const IniFile file = IniFile::Parse(text, "x.ini");
  REQUIRE(file.diagnostics().size() == 4);
  const size_t lines[] = {1, 3, 4, 5};
  for (size_t i = 0; i < 4; ++i) {
    CHECK(file.diagnostics()[i].line == lines[i]);
    CHECK(file.diagnostics()[i].file == "x.ini");
  }
  CHECK(file.Get("a", "k") == std::optional<std::string>("v"));
  CHECK(file.Serialize() == text);
}

TEST_CASE("the number of diagnostics is bounded") {
  std::string text = "[a]\n";
  for (int i = 0; i < 5000; ++i) text += "noise\n";
  CHECK(IniFile::Parse(text).diagnostics().size() == kMaxIniDiagnostics);
}

TEST_CASE("an edit changes the lines that it must and no others") {
  struct Case {
    const char* what;
    std::string before, section, key, value, after;
  };
  const Case cases[] = {
      {"a changed key keeps its place and spelling", "[q]\na = 1\nB=2 \nc = 3\n", "/Q",
       "b", "9", "[q]\na = 1\nB=2 \nc = 3\n\n[/Q]\nb = 9\n"},
      {"in place", "[q]\na = 1\nB=2 \nc = 3\n", "Q", "b", "9",
       "[q]\na = 1\nB = 9\nc = 3\n"},
      {"the same value changes nothing", "[q]\nB=2 \n", "q", "b", "2", "[q]\nB=2 \n"},
      {"the last of equal keys", "[q]\nb = 1\nb = 2\n", "q", "b", "3",
       "[q]\nb = 1\nb = 3\n"},
      {"line ends and mark", "\xEF\xBB\xBF[q]\r\nb = 1\r\nc = 2\r\n", "q", "b", "3",
       "\xEF\xBB\xBF[q]\r\nb = 3\r\nc = 2\r\n"},
      {"a new key with the file's line end", "[q]\r\nb = 1\r\n\r\n[r]\r\n", "q", "c", "3",
       "[q]\r\nb = 1\r\nc = 3\r\n\r\n[r]\r\n"},
      {"no line end at the end", "[q]\nb = 1", "q", "c", "3", "[q]\nb = 1\nc = 3\n"},
      {"a changed last line stays unended", "[q]\nb = 1", "q", "b", "3", "[q]\nb = 3"},
      {"spaced files get a blank line", "[q]\n\n; B - b\nb = 1\n", "q", "c", "3",
       "[q]\n\n; B - b\nb = 1\n\nc = 3\n"},
      {"indentation is kept", "[q]\n  b=1\n", "q", "c", "3", "[q]\n  b=1\n  c = 3\n"},
      {"an empty file", "", "/modules", "CheckSystem", "enabled",
       "[/modules]\nCheckSystem = enabled\n"},
      {"a comment is all there is", "; mine\n", "/a", "b", "c",
       "; mine\n\n[/a]\nb = c\n"},
      {"an empty value", "[q]\nb = 1\n", "q", "b", "", "[q]\nb =\n"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(AfterSet(c.before, c.section, c.key, c.value) == c.after);
  }
}

TEST_CASE("what an ini file can't hold is refused and changes nothing") {
  struct Case {
    std::string section, key, value;
  };
  const Case cases[] = {
      {"", "k", "v"},      {"/", "k", "v"},
      {"/a]b", "k", "v"},  {"/a\n[/modules]", "k", "v"},
      {"/a", "", "v"},     {"/a", " ", "v"},
      {"/a", "k=l", "v"},  {"/a", ";k", "v"},
      {"/a", "#k", "v"},   {"/a", "[k", "v"},
      {"/a", "k\nl", "v"}, {"/a", "k", "v\n[/modules]\nx = y"},
      {"/a", "k", "a\rb"}, {"/a", "k", std::string("a\0b", 3)},
  };
  for (const Case& c : cases) {
    CAPTURE(c.section);
    CAPTURE(c.key);
    IniFile file = IniFile::Parse("[/a]\nx = 1\n");
    CHECK_FALSE(file.Set(c.section, c.key, c.value).ok());
    CHECK(file.Serialize() == "[/a]\nx = 1\n");
  }
}

TEST_CASE(
    "deleting takes every line of a key, or a section with what stands between its "
    "keys") {
  IniFile file = IniFile::Parse(
      "; top\n\n[a]\nx = 1\n; about y\ny = 2\nX = 3\n\n; about b\n[b]\nz = 4\n");
  CHECK(file.Delete("A", "x"));
  CHECK_FALSE(file.Delete("a", "x"));
  CHECK(file.Serialize() == "; top\n\n[a]\n; about y\ny = 2\n\n; about b\n[b]\nz = 4\n");
  CHECK(file.DeleteSection("A"));
  CHECK_FALSE(file.DeleteSection("a"));
  CHECK(file.Serialize() == "; top\n\n; about b\n[b]\nz = 4\n");
}

TEST_CASE("sorting keeps every line, comments with what they precede, modules first") {
  IniFile file = IniFile::Parse(
      "; file\n\n; about z\n[/z]\nb = 1\n; about A\nA = 2\n[/modules]\nM = "
      "enabled\n[/Z]\nc = 3\n"
      "noise\n[/a]\nk = v");
  file.Sort();
  const std::string sorted = file.Serialize();
  CHECK(sorted ==
        "; file\n\n[/modules]\nM = enabled\n\n[/a]\nk = v\n\n; about z\n[/z]\n; about "
        "A\nA = 2\n"
        "b = 1\nc = 3\nnoise\n");
  IniFile again = IniFile::Parse(sorted);
  again.Sort();
  CHECK(again.Serialize() == sorted);
}

TEST_CASE("a comment is written once above a key and never over lines") {
  IniFile file = IniFile::Parse("[a]\nk = v\n");
  file.Describe("a", "k", "TITLE - two\nlines");
  file.Describe("a", "k", "TITLE - again");
  file.Describe("a", "missing", "TITLE");
  CHECK(file.Serialize() == "[a]\n\n; TITLE - two lines\nk = v\n");
}

TEST_CASE(
    "a set with comments lays out what it adds as NSClient++ does, and takes it back") {
  const IniComments comments = {"SECTION - all", "KEY - one"};
  const auto after = [&](std::string_view before, const char* section, const char* key) {
    IniFile file = IniFile::Parse(before);
    REQUIRE(file.Set(section, key, "v", &comments).ok());
    return file.Serialize();
  };
  struct Case {
    const char* what;
    const char* before;
    const char* after;
  };
  const Case cases[] = {
      {"a new file", "", "; SECTION - all\n[/a]\n\n; KEY - one\nk = v\n"},
      {"behind another section", "[/x]\r\ny = z\r\n",
       "[/x]\r\ny = z\r\n\r\n; SECTION - all\r\n[/a]\r\n\r\n; KEY - one\r\nk = v\r\n"},
      {"among keys that have room", "[/a]\n\n; J\nj = 1\n",
       "[/a]\n\n; J\nj = 1\n\n; KEY - one\nk = v\n"},
      {"among keys that stand close", "[/a]\nj = 1\n", "[/a]\nj = 1\nk = v\n"},
      {"a key that is there", "[/a]\nk = 1\n", "[/a]\nk = v\n"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(after(c.before, "/a", "k") == c.after);
  }
  // Set and removed again and again, a file does not grow.
  IniFile file = IniFile::Parse("[/x]\ny = z\n");
  REQUIRE(file.Set("/a", "k", "v", &comments).ok());
  const std::string once = file.Serialize();
  CHECK(file.DeleteSection("/a", &comments));
  CHECK(file.Serialize() == "[/x]\ny = z\n\n");
  REQUIRE(file.Set("/a", "k", "v", &comments).ok());
  CHECK(file.Serialize() == once);
  REQUIRE(file.Set("/a", "l", "v", &comments).ok());
  CHECK(file.Delete("/a", "l", &comments));
  CHECK(file.Serialize() == once);
  // Another comment is somebody's own.
  file = IniFile::Parse("[/a]\n\n; mine\nk = v\n");
  CHECK(file.Delete("/a", "k", &comments));
  CHECK(file.Serialize() == "[/a]\n\n; mine\n");
}

TEST_CASE("a key's place can be taken by a comment") {
  IniFile file = IniFile::Parse("[/a]\nk = v\nl = w\n");
  file.CommentOut("/a", "K", "k = ***");
  file.CommentOut("/a", "none", "x");
  CHECK(file.Serialize() == "[/a]\n; k = ***\nl = w\n");
}

// Files made of pieces that meet in every order.
std::string RandomFile(std::mt19937* random) {
  static const char* const kPieces[] = {
      "[/a]",     "[/A]",         "[ /b/c ]", "[]",
      "[open",    "k = v",        "K=w",      "key two = x y",
      "= v",      "noise",        "; c",      "# c",
      "",         "  ",           "\tk = v",  "k = a = b",
      "\xFF\xFE", "k = \xC3\xA4", "[/x]y",    "a\vb",
      "[/a]b]c"};
  static const char* const kEnds[] = {"\n", "\r\n", "\r", "\n\n", ""};
  std::string text = (*random)() % 4 == 0 ? "\xEF\xBB\xBF" : "";
  const size_t count = (*random)() % 30;
  for (size_t i = 0; i < count; ++i) {
    text += kPieces[(*random)() % std::size(kPieces)];
    text += kEnds[(*random)() % std::size(kEnds)];
  }
  return text;
}

std::string Shown(const IniFile& file) {
  std::string text;
  for (const IniSection& section : file.Contents()) {
    text += "[" + FoldPath(section.name) + "]";
    for (const IniEntry& e : section.entries) {
      text += ToLowerAscii(e.key) + "=" + e.value + "\n";
    }
  }
  return text;
}

TEST_CASE("any file is written as it was read") {
  std::mt19937 random(20261121);
  for (int i = 0; i < 20000; ++i) {
    const std::string text = RandomFile(&random);
    CAPTURE(text);
    REQUIRE(IniFile::Parse(text).Serialize() == text);
  }
}

TEST_CASE(
    "in any file an edit is read back, and taking it back restores all other keys") {
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = RandomFile(&random);
    CAPTURE(text);
    IniFile file = IniFile::Parse(text);
    const std::string before = Shown(file);
    const bool had = file.Get("/a", "k").has_value();
    REQUIRE(file.Set("/a", "k", "changed").ok());
    const IniFile read = IniFile::Parse(file.Serialize());
    REQUIRE(read.Get("/A", "K") == std::optional<std::string>("changed"));
    REQUIRE(Shown(read) == Shown(file));
    if (had || !file.HasSection("/a")) continue;
    REQUIRE(file.Delete("/a", "k"));
    const std::string after = Shown(IniFile::Parse(file.Serialize()));
    REQUIRE(ReplaceAll(after, "[/a]", "") == ReplaceAll(before, "[/a]", ""));
  }
}

TEST_CASE("sorting any file loses no key and is done after one pass") {
  std::mt19937 random(99);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = RandomFile(&random);
    CAPTURE(text);
    IniFile file = IniFile::Parse(text);
    file.Sort();
    const std::string sorted = file.Serialize();
    IniFile again = IniFile::Parse(sorted);
    for (const IniSection& section : IniFile::Parse(text).Contents()) {
      for (const IniEntry& e : section.entries) {
        REQUIRE(again.Get(section.name, e.key) == std::optional<std::string>(e.value));
      }
    }
    again.Sort();
    REQUIRE(again.Serialize() == sorted);
  }
}

}  // namespace
}  // namespace nscp::kernel
