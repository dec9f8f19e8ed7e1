#include "kernel/settings/ini_file.h"

#include <unordered_map>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

// The first line with its end.
std::string_view FirstLine(std::string_view bytes, char end) {
  const size_t at = bytes.find(end);
  return at == std::string_view::npos ? bytes : bytes.substr(0, at + 1);
}

}  // namespace

std::string FoldPath(std::string_view path) {
  path = Trim(path);
  while (!path.empty() && path.back() == '/')
    path = Trim(path.substr(0, path.size() - 1));
  return ToLowerAscii(path);
}

IniFile IniFile::ForNewFile() {
  IniFile file;
  file.mark_ = StyleOfNewFiles().mark;
  file.line_end_ = StyleOfNewFiles().line_end;
  return file;
}

IniFile IniFile::Parse(std::string_view bytes, std::string name) {
  IniFile file;
  file.name_ = std::move(name);
  if (StartsWith(bytes, kMark)) {
    file.mark_ = kMark;
    bytes.remove_prefix(kMark.size());
  }
  // A lone CR ends lines only in a file that has no LF at all.
  if (bytes.find('\n') == std::string_view::npos &&
      bytes.find('\r') != std::string_view::npos) {
    file.line_end_ = "\r";
  } else if (EndsWith(FirstLine(bytes, '\n'), "\r\n")) {
    file.line_end_ = "\r\n";
  }
  std::string section;
  bool inside = false;
  for (size_t number = 1; !bytes.empty(); ++number) {
    const std::string_view text = FirstLine(bytes, file.line_end_.back());
    bytes.remove_prefix(text.size());
    Line line = file.Read(text, inside ? &section : nullptr, number);
    if (line.kind == Kind::kSection) {
      section = line.section;
      inside = true;
    }
    file.lines_.push_back(std::move(line));
  }
  return file;
}

IniFile::Line IniFile::Read(std::string_view text, const std::string* section,
                            size_t number) {
  Line line;
  line.text = text;
  if (section) line.section = *section;
  const std::string_view body = Trim(text);
  const auto junk = [&](std::string why) {
    Note(number, std::move(why));
    line.kind = Kind::kJunk;
    return line;
  };
  if (body.empty()) return line;
  if (body[0] == ';' || body[0] == '#') {
    line.kind = Kind::kComment;
    return line;
  }
  if (body[0] == '[') {
    const size_t close = body.find(']');
    if (close == std::string_view::npos) return junk("a section line without \"]\"");
    line.kind = Kind::kSection;
    line.name = Trim(body.substr(1, close - 1));
    line.section = FoldPath(line.name);
    return line;
  }
  if (!section) return junk("text before the first section");
  const size_t equals = body.find('=');
  if (equals == std::string_view::npos) return junk("a line without \"=\"");
  line.name = Trim(body.substr(0, equals));
  if (line.name.empty()) return junk("a line without a key before \"=\"");
  line.kind = Kind::kKey;
  line.value = Trim(body.substr(equals + 1));
  return line;
}

void IniFile::Note(size_t number, std::string text) {
  if (diagnostics_.size() < kMaxIniDiagnostics) {
    diagnostics_.push_back({name_, number, std::move(text) + "; the line is ignored"});
  } else {
    diagnostics_.back() = {name_, number, "more lines that make no sense are ignored"};
  }
}

std::string IniFile::Serialize() const {
  std::string bytes = mark_;
  for (const Line& line : lines_) bytes += line.text;
  return bytes;
}

std::vector<IniSection> IniFile::Contents() const {
  std::vector<IniSection> contents;
  std::unordered_map<std::string, size_t> sections;
  std::unordered_map<std::string, size_t> keys;
  for (const Line& line : lines_) {
    if (line.kind == Kind::kSection) {
      if (sections.emplace(line.section, contents.size()).second) {
        contents.push_back({line.name, {}});
      }
    } else if (line.kind == Kind::kKey) {
      auto& entries = contents[sections.at(line.section)].entries;
      const auto [place, is_new] =
          keys.emplace(line.section + "\n" + ToLowerAscii(line.name), entries.size());
      if (is_new) {
        entries.push_back({line.name, line.value});
      } else {
        entries[place->second] = {line.name, line.value};
      }
    }
  }
  return contents;
}

bool IniFile::HasSection(std::string_view section) const {
  const std::string folded = FoldPath(section);
  for (const Line& line : lines_) {
    if (line.kind == Kind::kSection && line.section == folded) return true;
  }
  return false;
}

std::optional<std::string> IniFile::Get(std::string_view section,
                                        std::string_view key) const {
  const std::string folded = FoldPath(section);
  key = Trim(key);
  for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
    if (line->kind == Kind::kKey && line->section == folded &&
        EqualsIgnoreCase(line->name, key)) {
      return line->value;
    }
  }
  return std::nullopt;
}

size_t IniFile::LineOf(std::string_view section, std::string_view key) const {
  const std::string folded = FoldPath(section);
  const Kind wanted = key.empty() ? Kind::kSection : Kind::kKey;
  size_t found = 0;
  for (size_t i = 0; i < lines_.size() && (found == 0 || !key.empty()); ++i) {
    const Line& line = lines_[i];
    if (line.kind != wanted || line.section != folded) continue;
    if (key.empty() || EqualsIgnoreCase(line.name, Trim(key))) found = i + 1;
  }
  return found;
}

namespace {

constexpr size_t kMaxIniName = 4096;

Status CheckText(std::string_view what, std::string_view text,
                 std::string_view forbidden) {
  const size_t bad = text.find_first_of(forbidden);
  if (bad == std::string_view::npos) return Status::Ok();
  const char c = text[bad];
  const std::string shown = c == '\n' || c == '\r' ? "a line break"
                            : c == '\0'            ? "a NUL character"
                                                   : std::string("\"") + c + "\"";
  return Status::InvalidArgument("a settings " + std::string(what) + " can't contain " +
                                 shown + ": an ini file has no way to write it");
}

constexpr std::string_view kBreaks("\r\n\0", 3);

}  // namespace

Status CheckIniSection(std::string_view section) {
  if (FoldPath(section).empty())
    return Status::InvalidArgument("a settings path is missing");
  if (section.size() > kMaxIniName) {
    return Status::InvalidArgument("a settings path is longer than " +
                                   std::to_string(kMaxIniName) + " bytes");
  }
  return CheckText("path", Trim(section), std::string(kBreaks) + "]");
}

Status CheckIniKey(std::string_view key) {
  key = Trim(key);
  if (key.empty()) return Status::InvalidArgument("a settings key is missing");
  if (key.size() > kMaxIniName) {
    return Status::InvalidArgument("a settings key is longer than " +
                                   std::to_string(kMaxIniName) + " bytes");
  }
  if (key[0] == ';' || key[0] == '#' || key[0] == '[') {
    return Status::InvalidArgument("a settings key can't start with \"" +
                                   std::string(1, key[0]) + "\"");
  }
  return CheckText("key", key, std::string(kBreaks) + "=");
}

Status CheckIniValue(std::string_view value) {
  return CheckText("value", Trim(value), kBreaks);
}

}  // namespace nscp::kernel
