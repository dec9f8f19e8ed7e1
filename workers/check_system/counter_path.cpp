#include "workers/check_system/counter_path.h"

#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

Status NoPath(std::string_view text) {
  constexpr size_t kShown = 200;
  return Status::InvalidArgument(
      "'" + std::string(text.substr(0, kShown)) +
      "' is no counter: write \\object\\counter or \\object(instance)\\counter, such as "
      "\\Processor(_Total)\\% Processor Time");
}

}  // namespace

std::string CounterPath::Text() const {
  std::string text;
  if (!machine.empty()) text += "\\\\" + machine;
  text += "\\" + object;
  if (has_instance) text += "(" + instance + ")";
  return text + "\\" + counter;
}

bool CounterPath::is_wild() const {
  return (object + instance + counter).find('*') != std::string::npos;
}

Result<CounterPath> ParseCounterPath(std::string_view text) {
  const std::string_view whole = text;
  if (text.size() > kMaxCounterPath || text.find('\0') != std::string_view::npos) {
    return NoPath(whole);
  }
  CounterPath path;
  if (StartsWith(text, "\\\\")) {
    text.remove_prefix(2);
    const size_t end = text.find('\\');
    if (end == 0 || end == std::string_view::npos) return NoPath(whole);
    path.machine = text.substr(0, end);
    text.remove_prefix(end);
  }
  if (!StartsWith(text, "\\")) return NoPath(whole);
  text.remove_prefix(1);
  const size_t end = text.find_first_of("(\\");
  if (end == 0 || end == std::string_view::npos) return NoPath(whole);
  path.object = text.substr(0, end);
  path.has_instance = text[end] == '(';
  text.remove_prefix(end + 1);
  if (path.has_instance) {
    // A name may hold brackets and backslashes of its own.
    const size_t close = text.find(")\\");
    if (close == std::string_view::npos) return NoPath(whole);
    path.instance = text.substr(0, close);
    text.remove_prefix(close + 2);
  }
  if (text.empty()) return NoPath(whole);
  path.counter = text;
  return path;
}

Result<CounterType> ParseCounterType(std::string_view word) {
  if (EqualsIgnoreCase(word, "double")) return CounterType::kDouble;
  if (EqualsIgnoreCase(word, "large")) return CounterType::kLarge;
  if (EqualsIgnoreCase(word, "long")) return CounterType::kLong;
  return Status::InvalidArgument("Invalid type: '" + std::string(word) +
                                 "' (expected double, large or long)");
}

Status AddCounterFlags(std::string_view words, CounterFormat& format) {
  for (const std::string& word : SplitList(ReplaceAll(words, " ", ","))) {
    if (EqualsIgnoreCase(word, "nocap100")) {
      format.no_cap = true;
    } else if (word == "1000") {
      format.thousand = true;
    } else if (EqualsIgnoreCase(word, "noscale")) {
      format.no_scale = true;
    } else if (!EqualsIgnoreCase(word, "none")) {
      return Status::InvalidArgument("Invalid flag: '" + word +
                                     "' (expected nocap100, 1000 or noscale)");
    }
  }
  return Status::Ok();
}

Result<CounterNames> ParseCounterNames(std::string_view word) {
  if (word.empty() || EqualsIgnoreCase(word, "auto")) return CounterNames::kAuto;
  if (EqualsIgnoreCase(word, "english")) return CounterNames::kEnglish;
  for (const char* local : {"local", "localized", "native"}) {
    if (EqualsIgnoreCase(word, local)) return CounterNames::kLocal;
  }
  return Status::InvalidArgument("Invalid resolution: '" + std::string(word) +
                                 "' (expected auto, english or local)");
}

NamedCounter SplitCounterAlias(std::string_view text) {
  // The first backslash begins the path: what stands before its colon is the alias.
  const size_t slash = text.find('\\');
  const size_t colon = slash == std::string_view::npos ? text.find(':') : slash - 1;
  const bool has_alias = colon < text.size() && colon > 0 && text[colon] == ':';
  if (!has_alias) return {"", std::string(text)};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

CounterIndexes ParseCounterIndexes(const std::vector<std::string>& words) {
  CounterIndexes indexes;
  const size_t pairs = std::min(words.size() / 2, kMaxCounterIndexes);
  for (size_t i = 0; i < pairs; ++i) {
    const std::string& number = words[2 * i];
    uint32_t index = 0;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), index);
    if (error != std::errc() || end != number.data() + number.size()) continue;
    // Of names that are there twice the first one is Windows' own.
    indexes.emplace(ToLowerAscii(words[2 * i + 1]), index);
  }
  return indexes;
}

}  // namespace nscp::check_system
