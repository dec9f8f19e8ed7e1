// Reading performance data as plugins print it (filter-engine.md 7.6). Lenient: a
// plugin's output is what it is, and one broken item must not lose the others.
#include <charconv>
#include <cmath>

#include "proto/cpp/text.h"
#include "workers/sdk/check_result.h"

namespace nscp::sdk {
namespace {

// More than any plugin prints; what follows is left out.
constexpr size_t kMaxPerfItems = 10000;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether a number starts at `text[at]`: [-][point or comma]digit.
bool StartsNumber(std::string_view text, size_t at) {
  if (text[at] == '-') ++at;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) ++at;
  return at < text.size() && IsDigit(text[at]);
}

struct Number {
  double value = 0;
  bool found = false;
  std::string_view rest;  // what follows: the unit
};

Number ReadNumber(std::string_view text) {
  size_t at = 0;
  while (at < text.size() && !StartsNumber(text, at)) ++at;
  if (at == text.size()) return {};
  std::string digits(text.substr(at));
  for (char& c : digits) {
    if (c == ',') c = '.';
  }
  Number number;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number.value);
  number.rest = text.substr(at + static_cast<size_t>(end - digits.data()));
  number.found = error == std::errc() && std::isfinite(number.value);
  if (!number.found) number.value = 0;
  return number;
}

std::optional<Bound> ReadBound(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Bound bound;
  const bool is_range = text.find_first_of("@~:") != std::string_view::npos;
  if (is_range) bound.range = std::string(text);
  const std::string_view lower = is_range ? text.substr(0, text.find(':')) : text;
  const Number number = ReadNumber(lower);
  if (!is_range && !number.found) return std::nullopt;
  bound.value = number.value;
  return bound;
}

std::optional<double> ReadOptional(std::string_view text) {
  const Number number = ReadNumber(text);
  if (!number.found) return std::nullopt;
  return number.value;
}

bool IsUndefined(std::string_view text) {
  return EqualsIgnoreCase(text, "u") || EqualsIgnoreCase(text, "u%");
}

PerfValue ReadItem(std::string_view label, std::string_view fields_text) {
  PerfValue item;
  item.label = std::string(label);
  const std::vector<std::string> fields = Split(fields_text, ';');
  auto field = [&](size_t i) -> std::string_view {
    return i < fields.size() ? std::string_view(fields[i]) : std::string_view();
  };
  if (IsUndefined(field(0))) {
    item.text = "U";
    return item;
  }
  const Number number = ReadNumber(field(0));
  item.value = number.value;
  item.unit = std::string(number.rest);
  item.warning = ReadBound(field(1));
  item.critical = ReadBound(field(2));
  item.minimum = ReadOptional(field(3));
  item.maximum = ReadOptional(field(4));
  return item;
}

// Takes the label and its '=' off the front of `text`. False when no '=' follows any
// more.
bool TakeLabel(std::string_view& text, std::string_view& label) {
  if (text.front() == '\'') {
    const size_t close = text.find('\'', 1);
    const size_t equals =
        close == std::string_view::npos ? close : text.find('=', close + 1);
    if (equals == std::string_view::npos) return false;
    label = text.substr(1, close - 1);
    text.remove_prefix(equals + 1);
    return true;
  }
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  label = Trim(text.substr(0, equals));
  text.remove_prefix(equals + 1);
  return true;
}

}  // namespace

std::vector<PerfValue> ParsePerf(std::string_view text) {
  std::vector<PerfValue> items;
  while (items.size() < kMaxPerfItems) {
    text = Trim(text);
    std::string_view label;
    if (text.empty() || !TakeLabel(text, label)) break;
    size_t end = 0;
    while (end < text.size() && !IsBlank(text[end])) ++end;
    if (!label.empty()) items.push_back(ReadItem(label, text.substr(0, end)));
    text.remove_prefix(end);
  }
  return items;
}

}  // namespace nscp::sdk
