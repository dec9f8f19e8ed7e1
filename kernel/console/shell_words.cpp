#include "kernel/console/shell_words.h"

namespace nscp::kernel {

std::vector<std::string> SplitShellWords(std::string_view line) {
  constexpr std::string_view kEscapable = "\"' \t\\";
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool escapes = c == '\\' && quote != '\'' && i + 1 < line.size() &&
                         kEscapable.find(line[i + 1]) != std::string_view::npos;
    if (escapes) {
      word += line[++i];
      in_word = true;
    } else if (quote != 0 ? c == quote : (c == '"' || c == '\'')) {
      quote = quote != 0 ? '\0' : c;
      in_word = true;
    } else if (quote == 0 && (c == ' ' || c == '\t')) {
      if (in_word) words.push_back(word);
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

}  // namespace nscp::kernel
