// One ini file as a document that loses nothing: comments, blank lines, order, line ends,
// the byte order mark and lines that make no sense stay as they are, and changing one key
// changes one line. The dialect is NSClient++'s: `;` and `#` start whole-line comments,
// no quotes, no escapes, no continuation lines; the first `=` ends the key; of equal keys
// the last one counts; names are compared without case (ASCII) and keep their spelling.
//
// What is odd, and what becomes of it (ini_property_test.cpp):
//   line ends         LF and CRLF, also mixed: each line keeps its own, new ones get the
//                     first line's. A lone CR ends lines only in a file without any LF.
//   byte order mark   UTF-8's is kept; a new file has one on Windows alone. Of UTF-16
//   text
//                     the store says so (store.cpp) and reads nothing.
//   last line         may lack its end, and lacks it after a change; a line that is put
//                     behind it ends it.
//   same key again    all lines stay; the last counts, and is the one that a change
//                     changes. Removing the key removes all.
//   same section, in  one section; each spelling stays where it stands. A new key goes
//   any case, again   behind its last key. "[/a/]" and "[/a /]" are "[/a]".
//   spacing           kept, until the key is changed: then the indentation stays and the
//                     rest is "key = value", with the key as the file spells it.
//   no "=", no key,   kept and told in diagnostics().
//   no "]", no section
//   bytes, long lines any byte, in lines of any length; nothing is taken for UTF-8. What
//   an
//                     edit writes is kept from line breaks and NUL (CheckIniValue).
//
// A value without threads of its own: guard it from outside. Text is bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr size_t kMaxIniBytes = 16 * 1024 * 1024;
// Diagnostics beyond are counted in the last one.
constexpr size_t kMaxIniDiagnostics = 100;

struct IniDiagnostic {
  std::string file;
  size_t line = 0;  // from 1
  std::string text;
};

struct IniEntry {
  std::string key;
  std::string value;
};

struct IniSection {
  std::string name;  // in its first spelling
  std::vector<IniEntry> entries;
};

// What Set writes above a section and a key that it adds; an empty text is left out.
struct IniComments {
  std::string section;
  std::string key;
};

// How section names (settings paths) compare: "/Settings/a/" and "/settings/A" are one.
// Lower case, without slashes and blanks at the end; the root is "".
std::string FoldPath(std::string_view path);

class IniFile {
 public:
  IniFile() = default;
  // Without a line, in the system's style (byte order mark and CRLF on Windows).
  static IniFile ForNewFile();
  // Never fails: what it does not understand is kept and told in diagnostics(). `name` is
  // the file's name in them.
  static IniFile Parse(std::string_view bytes, std::string name = "");
  // The bytes as read, save for the edits.
  std::string Serialize() const;
  const std::vector<IniDiagnostic>& diagnostics() const { return diagnostics_; }
  // Without a line.
  bool empty() const { return lines_.empty(); }

  // Sections in order of first appearance, repeated ones merged, those without keys too;
  // in each the keys in order of first appearance, of equal ones the last spelling and
  // value.
  std::vector<IniSection> Contents() const;
  bool HasSection(std::string_view section) const;
  std::optional<std::string> Get(std::string_view section, std::string_view key) const;
  // Where the line that counts stands, from 1; without a key the section's first. 0 =
  // none.
  size_t LineOf(std::string_view section, std::string_view key) const;

  // Changes the key where it stands, or adds it (and its section) in the file's own
  // style. What an ini file can't hold is InvalidArgument and changes nothing: see
  // CheckIniName. With `comments` a new section is laid out as NSClient++ does it, each
  // key after a blank line and its comment; so is a new key among such keys.
  Status Set(std::string_view section, std::string_view key, std::string_view value,
             const IniComments* comments = nullptr);
  // A comment line before the key, in the style of files that a save with comments
  // writes. Nothing where such a line stands there already, or the key does not exist.
  void Describe(std::string_view section, std::string_view key, std::string_view comment);
  // A comment with this text in the key's place.
  void CommentOut(std::string_view section, std::string_view key, std::string_view text);
  // Every line of that key, and what Set with these `comments` put above it; false when
  // there was none.
  bool Delete(std::string_view section, std::string_view key,
              const IniComments* comments = nullptr);
  // The section's lines with what stands between them, and the line of `comments` above;
  // not the sections below it by name.
  bool DeleteSection(std::string_view section, const IniComments* comments = nullptr);
  // Sections and keys in alphabetical order without case, `[/modules]` first. Comments
  // stay with the line they precede, the file's own comment at the top; nothing is lost.
  void Sort();

 private:
  enum class Kind { kBlank, kComment, kSection, kKey, kJunk };
  struct Line {
    std::string text;  // with its line end
    Kind kind = Kind::kBlank;
    std::string section;  // folded; the section that the line belongs to
    std::string name;     // section or key as spelled
    std::string value;
  };
  // Where one key goes in a sorted section, with the lines before it; or the section
  // itself.
  struct Block;

  Line Read(std::string_view text, const std::string* section, size_t number);
  Line MakeKey(std::string_view indent, std::string_view section, std::string_view key,
               std::string_view value) const;
  void Note(size_t number, std::string text);
  bool EndsLine(std::string_view text) const;
  void EndLastLine();
  void InsertBlank(size_t at);
  Line MakeComment(std::string_view section, std::string_view text) const;
  size_t AddSection(std::string_view section, const IniComments* comments);
  void AddKey(std::string_view section, std::string_view key, std::string_view value,
              const IniComments* comments);
  // Whether each key stands after a blank line and its comments, as generated files have
  // it.
  bool IsSpaced(const std::string& section) const;
  size_t CommentsBefore(size_t line) const;
  std::vector<Block> TakeBlocks();

  std::string mark_;  // byte order mark
  std::string line_end_ = "\n";
  std::string name_;
  std::vector<Line> lines_;
  std::vector<IniDiagnostic> diagnostics_;
};

// Whether text can stand in an ini file and be read back the same.
Status CheckIniSection(std::string_view section);
Status CheckIniKey(std::string_view key);
Status CheckIniValue(std::string_view value);

// The platform's part: what a new file looks like.
struct IniStyle {
  std::string_view mark;
  std::string_view line_end;
};
IniStyle StyleOfNewFiles();

}  // namespace nscp::kernel
