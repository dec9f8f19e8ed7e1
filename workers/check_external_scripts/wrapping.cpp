#include "workers/check_external_scripts/wrapping.h"

#include <vector>

#include "proto/cpp/text.h"

namespace nscp::check_external_scripts {
namespace {

std::string ExtensionOf(const std::string& script) {
  const std::string base = script.substr(script.find_last_of("/\\") + 1);
  const size_t dot = base.rfind('.');
  return dot == std::string::npos ? "" : ToLowerAscii(base.substr(dot + 1));
}

std::string QuoteEach(const std::string& line) {
  std::string quoted;
  for (const std::string& word : Split(line, ' ')) {
    if (word.empty()) continue;
    if (!quoted.empty()) quoted += ' ';
    quoted += '"' + ReplaceAll(word, "\"", "") + '"';
  }
  return quoted;
}

}  // namespace

Result<std::string> Wrap(const Wrappings& wrappings, const std::string& line) {
  const std::string trimmed(Trim(line));
  const size_t blank = trimmed.find(' ');
  const std::string script = trimmed.substr(0, blank);
  const std::string rest =
      blank == std::string::npos ? "" : std::string(Trim(trimmed.substr(blank)));
  const std::string extension = ExtensionOf(script);
  const auto found = wrappings.find(extension);
  if (found == wrappings.end() || found->second.empty()) {
    return Status::NotFound("Failed to find wrapping for type: " + extension);
  }
  std::string wrapped = found->second;
  for (const char* mark : {"%", "$"}) {
    const std::string m(mark);
    wrapped = ReplaceAll(wrapped, m + "SCRIPT" + m, script);
    wrapped = ReplaceAll(wrapped, m + "ARGS\"" + m, QuoteEach(rest));
    wrapped = ReplaceAll(wrapped, m + "ARGS" + m, rest);
  }
  return wrapped;
}

std::string QuoteWord(const std::string& word, LineStyle style) {
  if (style == LineStyle::kWindows) {
    return word.find(' ') == std::string::npos ? word : '"' + word + '"';
  }
  const bool plain = word.find_first_of(" \"\\") == std::string::npos;
  if (plain) return word;
  return '"' + ReplaceAll(ReplaceAll(word, "\\", "\\\\"), "\"", "\\\"") + '"';
}

}  // namespace nscp::check_external_scripts
