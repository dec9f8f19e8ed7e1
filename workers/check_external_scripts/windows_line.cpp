#include "workers/check_external_scripts/windows_line.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::check_external_scripts {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::string BaseName(std::string_view program) {
  // Windows drops dots and blanks at the end of a name.
  const size_t last = program.find_last_not_of(". ");
  program = program.substr(0, last == std::string_view::npos ? 0 : last + 1);
  const size_t slash = program.find_last_of("/\\:");
  if (slash != std::string_view::npos) program.remove_prefix(slash + 1);
  return ToLowerAscii(program);
}

// Characters that cmd.exe takes for themselves outside of quotes.
bool IsPlain(char c) {
  const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
  return is_word || std::string_view("#$*+-./:?@\\_").find(c) != std::string_view::npos;
}

// One argument of a batch file. Within quotes only two characters still mean something:
// the quote, which is doubled, and the percent sign, in front of which an empty piece of
// the variable CD is put, so that no name of a variable can follow.
std::string BatchWord(const std::string& word, bool always_quoted) {
  const bool quoted = always_quoted || word.empty() || word.back() == '\\' ||
                      !std::all_of(word.begin(), word.end(), IsPlain);
  std::string out = quoted ? "\"" : "";
  size_t backslashes = 0;
  for (const char c : word) {
    if (c == '"') out.append(backslashes, '\\') += '"';
    if (c == '%') out += "%%cd:~,";
    backslashes = c == '\\' ? backslashes + 1 : 0;
    out += c;
  }
  if (quoted) out.append(backslashes, '\\') += '"';
  return out;
}

}  // namespace

std::vector<std::string> SplitWindowsLine(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  bool in_quotes = false;
  for (size_t at = 0; at < line.size(); ++at) {
    if (IsBlank(line[at]) && !in_quotes) {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
      continue;
    }
    in_word = true;
    const size_t end = std::min(line.find_first_not_of('\\', at), line.size());
    const size_t backslashes = end - at;
    const bool before_quote = end < line.size() && line[end] == '"';
    word.append(before_quote ? backslashes / 2 : backslashes, '\\');
    at = end;
    if (at == line.size()) break;
    if (line[at] != '"') {
      // A blank behind backslashes is looked at again.
      if (IsBlank(line[at]) && !in_quotes) {
        --at;
      } else {
        word += line[at];
      }
    } else if (backslashes % 2 == 1) {
      word += '"';
    } else if (in_quotes && at + 1 < line.size() && line[at + 1] == '"') {
      word += line[++at];
    } else {
      in_quotes = !in_quotes;
    }
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

bool IsCommandShell(std::string_view program) {
  const std::string name = BaseName(program);
  return name == "cmd" || name == "cmd.exe";
}

bool IsBatchFile(std::string_view program) {
  const std::string name = BaseName(program);
  return EndsWith(name, ".bat") || EndsWith(name, ".cmd");
}

Result<std::string> BatchLine(const std::vector<std::string>& words) {
  constexpr std::string_view kUnwritable("\r\n\0", 3);
  std::string line = "cmd.exe /e:ON /v:OFF /d /c \"";
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].find_first_of(kUnwritable) != std::string::npos) {
      return Status::InvalidArgument(
          "a batch file can't be given a line end or a zero byte");
    }
    std::string word = words[i];
    if (i == 0) {
      std::replace(word.begin(), word.end(), '/', '\\');
    } else {
      line += ' ';
    }
    line += BatchWord(word, i == 0);
  }
  return line + "\"";
}

}  // namespace nscp::check_external_scripts
