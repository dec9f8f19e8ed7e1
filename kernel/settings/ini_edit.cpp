// Changes to an ini file: each touches the lines that it must and no others.
#include <algorithm>
#include <map>

#include "kernel/settings/ini_file.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::string_view IndentOf(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : text.substr(0, first);
}

}  // namespace

IniFile::Line IniFile::MakeKey(std::string_view indent, std::string_view section,
                               std::string_view key, std::string_view value) const {
  Line line;
  line.kind = Kind::kKey;
  line.section = FoldPath(section);
  line.name = key;
  line.value = value;
  line.text.append(indent).append(key).append(" =");
  if (!value.empty()) line.text.append(" ").append(value);
  return line;
}

IniFile::Line IniFile::MakeComment(std::string_view section,
                                   std::string_view text) const {
  Line line;
  line.kind = Kind::kComment;
  line.section = FoldPath(section);
  line.text = "; ";
  for (const char c : text) line.text += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  line.text += line_end_;
  return line;
}

Status IniFile::Set(std::string_view section, std::string_view key,
                    std::string_view value, const IniComments* comments) {
  RETURN_IF_ERROR(CheckIniSection(section));
  RETURN_IF_ERROR(CheckIniKey(key));
  RETURN_IF_ERROR(CheckIniValue(value));
  key = Trim(key);
  value = Trim(value);
  const std::string folded = FoldPath(section);
  // Of equal keys the last one counts, so that is the one to change.
  const auto found = std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& line) {
    return line.kind == Kind::kKey && line.section == folded &&
           EqualsIgnoreCase(line.name, key);
  });
  if (found == lines_.rend()) {
    AddKey(Trim(section), key, value, comments);
  } else if (found->value != value) {
    Line changed = MakeKey(IndentOf(found->text), section, found->name, value);
    if (EndsLine(found->text)) {
      changed.text +=
          EndsWith(found->text, "\r\n") ? "\r\n" : line_end_.substr(line_end_.size() - 1);
    }
    *found = std::move(changed);
  }
  return Status::Ok();
}

bool IniFile::EndsLine(std::string_view text) const {
  return !text.empty() && text.back() == line_end_.back();
}

void IniFile::EndLastLine() {
  if (!lines_.empty() && !EndsLine(lines_.back().text)) lines_.back().text += line_end_;
}

void IniFile::InsertBlank(size_t at) {
  Line blank;
  blank.text = line_end_;
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), std::move(blank));
}

size_t IniFile::AddSection(std::string_view section, const IniComments* comments) {
  EndLastLine();
  if (!lines_.empty() && lines_.back().kind != Kind::kBlank) InsertBlank(lines_.size());
  if (comments && !comments->section.empty()) {
    // It stands above the header, so it is the section before that it belongs to.
    lines_.push_back(
        MakeComment(lines_.empty() ? "" : lines_.back().section, comments->section));
  }
  Line header;
  header.kind = Kind::kSection;
  header.name = section;
  header.section = FoldPath(section);
  header.text = "[" + header.name + "]" + line_end_;
  lines_.push_back(std::move(header));
  return lines_.size() - 1;
}

size_t IniFile::CommentsBefore(size_t line) const {
  while (line > 0 && lines_[line - 1].kind == Kind::kComment) --line;
  return line;
}

bool IniFile::IsSpaced(const std::string& section) const {
  size_t here = 0, spaced_here = 0, anywhere = 0, spaced_anywhere = 0;
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].kind != Kind::kKey) continue;
    const size_t top = CommentsBefore(i);
    const bool spaced = top > 0 && lines_[top - 1].kind == Kind::kBlank;
    ++anywhere;
    spaced_anywhere += spaced;
    if (lines_[i].section != section) continue;
    ++here;
    spaced_here += spaced;
  }
  return here > 0 ? here == spaced_here : anywhere > 0 && anywhere == spaced_anywhere;
}

void IniFile::AddKey(std::string_view section, std::string_view key,
                     std::string_view value, const IniComments* comments) {
  const std::string folded = FoldPath(section);
  const bool is_new = !HasSection(section);
  const bool spaced = (is_new && comments) || IsSpaced(folded);
  if (is_new) AddSection(section, comments);
  // After the section's last key, else after its first header.
  size_t after = lines_.size();
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].section != folded) continue;
    const bool first_header = lines_[i].kind == Kind::kSection && after == lines_.size();
    if (first_header || lines_[i].kind == Kind::kKey) after = i;
  }
  const std::string indent(lines_[after].kind == Kind::kKey ? IndentOf(lines_[after].text)
                                                            : "");
  if (after + 1 == lines_.size()) EndLastLine();
  if (spaced) InsertBlank(++after);
  if (spaced && comments && !comments->key.empty()) {
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(++after),
                  MakeComment(section, comments->key));
  }
  Line line = MakeKey(indent, section, key, value);
  line.text += line_end_;
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(after + 1), std::move(line));
}

void IniFile::Describe(std::string_view section, std::string_view key,
                       std::string_view comment) {
  const std::string folded = FoldPath(section);
  const Kind wanted = key.empty() ? Kind::kSection : Kind::kKey;
  const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) {
    return line.kind == wanted && line.section == folded &&
           (key.empty() || EqualsIgnoreCase(line.name, Trim(key)));
  });
  if (found == lines_.end()) return;
  const auto at = static_cast<size_t>(found - lines_.begin());
  if (at > 0 && lines_[at - 1].kind == Kind::kComment) return;
  lines_.insert(found, MakeComment(found->section, comment));
  if (at > 0 && lines_[at - 1].kind != Kind::kBlank) InsertBlank(at);
}

void IniFile::CommentOut(std::string_view section, std::string_view key,
                         std::string_view text) {
  const size_t line = LineOf(section, key);
  if (line > 0 && !key.empty()) lines_[line - 1] = MakeComment(section, text);
}

bool IniFile::Delete(std::string_view section, std::string_view key,
                     const IniComments* comments) {
  const std::string comment =
      comments && !comments->key.empty() ? MakeComment("", comments->key).text : "";
  const std::string folded = FoldPath(section);
  key = Trim(key);
  std::vector<Line> kept;
  bool any = false;
  for (size_t i = 0; i < lines_.size(); ++i) {
    const bool gone = lines_[i].kind == Kind::kKey && lines_[i].section == folded &&
                      EqualsIgnoreCase(lines_[i].name, key);
    any = any || gone;
    if (!gone) {
      kept.push_back(lines_[i]);
      continue;
    }
    if (!comments) continue;
    if (!comment.empty() && !kept.empty() && kept.back().text == comment) kept.pop_back();
    // Of the blank lines before and after it one is enough.
    const bool before_blank =
        i + 1 == lines_.size() || lines_[i + 1].kind == Kind::kBlank;
    if (before_blank && !kept.empty() && kept.back().kind == Kind::kBlank)
      kept.pop_back();
  }
  if (any) lines_ = std::move(kept);
  return any;
}

bool IniFile::DeleteSection(std::string_view section, const IniComments* comments) {
  const std::string comment = comments && !comments->section.empty()
                                  ? MakeComment("", comments->section).text
                                  : "";
  const std::string folded = FoldPath(section);
  std::vector<Line> kept;
  bool any = false;
  for (size_t i = 0; i < lines_.size();) {
    if (lines_[i].kind != Kind::kSection || lines_[i].section != folded) {
      kept.push_back(std::move(lines_[i++]));
      continue;
    }
    any = true;
    if (!comment.empty() && !kept.empty() && kept.back().text == comment) {
      kept.pop_back();
    }
    // Comments after the last key most likely speak of what follows: they stay.
    size_t end = i + 1;
    for (size_t j = end; j < lines_.size() && lines_[j].kind != Kind::kSection; ++j) {
      if (lines_[j].kind == Kind::kKey || lines_[j].kind == Kind::kJunk) end = j + 1;
    }
    const bool after_blank = kept.empty() || kept.back().kind == Kind::kBlank;
    while (after_blank && end < lines_.size() && lines_[end].kind == Kind::kBlank) ++end;
    i = end;
  }
  lines_ = std::move(kept);
  return any;
}

}  // namespace nscp::kernel
