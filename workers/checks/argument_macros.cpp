#include "workers/checks/argument_macros.h"

#include <optional>

#include "proto/cpp/text.h"

namespace nscp::checks {
namespace {

constexpr size_t kMaxDigits = 4;

// A place at the start of a text.
struct Macro {
  size_t length = 0;
  size_t index = 0;  // from 1; 0 = all arguments
  bool quoted = false;
};

std::optional<Macro> ReadAll(std::string_view text, char mark) {
  for (const bool quoted : {false, true}) {
    const std::string name = std::string(1, mark) + (quoted ? "ARGS\"" : "ARGS") + mark;
    if (StartsWith(text, name)) return Macro{name.size(), 0, quoted};
  }
  return std::nullopt;
}

std::optional<Macro> ReadMacro(std::string_view text) {
  const char mark = text[0];
  if ((mark != '$' && mark != '%') || text.substr(1, 3) != "ARG") return std::nullopt;
  if (auto all = ReadAll(text, mark)) return all;
  size_t at = 4;
  size_t index = 0;
  while (at < text.size() && at < 4 + kMaxDigits && text[at] >= '0' && text[at] <= '9') {
    index = index * 10 + static_cast<size_t>(text[at++] - '0');
  }
  if (index == 0 || at >= text.size() || text[at] != mark) return std::nullopt;
  return Macro{at + 1, index, false};
}

std::string JoinAll(const std::vector<std::string>& arguments, bool quoted) {
  std::string all;
  for (const std::string& argument : arguments) {
    if (!all.empty()) all += ' ';
    all += quoted ? '"' + argument + '"' : argument;
  }
  return all;
}

}  // namespace

Result<std::string> ExpandMacros(std::string_view text,
                                 const std::vector<std::string>& arguments) {
  std::string expanded;
  while (!text.empty()) {
    const auto macro = ReadMacro(text);
    if (!macro || macro->index > arguments.size()) {
      expanded += text[0];
      text.remove_prefix(1);
      continue;
    }
    expanded += macro->index == 0 ? JoinAll(arguments, macro->quoted)
                                  : arguments[macro->index - 1];
    if (expanded.size() > kMaxExpandedWord) {
      return Status::ResourceExhausted("an argument grows beyond " +
                                       std::to_string(kMaxExpandedWord) + " bytes");
    }
    text.remove_prefix(macro->length);
  }
  return expanded;
}

Result<std::vector<std::string>> ExpandMacros(const std::vector<std::string>& words,
                                              const std::vector<std::string>& arguments) {
  std::vector<std::string> expanded;
  for (const std::string& word : words) {
    const auto macro = word.empty() ? std::nullopt : ReadMacro(word);
    if (macro && macro->index == 0 && macro->length == word.size()) {
      expanded.insert(expanded.end(), arguments.begin(), arguments.end());
      continue;
    }
    ASSIGN_OR_RETURN(std::string one, ExpandMacros(word, arguments));
    expanded.push_back(std::move(one));
  }
  return expanded;
}

bool LacksArgument(std::string_view text, size_t count) {
  for (; !text.empty(); text.remove_prefix(1)) {
    const auto macro = ReadMacro(text);
    if (macro && macro->index > count) return true;
  }
  return false;
}

}  // namespace nscp::checks
