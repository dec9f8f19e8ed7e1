#include "workers/check_disk/glob.h"

#include <cstddef>

namespace nscp::check_disk {
namespace {

constexpr size_t kNone = std::string_view::npos;

unsigned char Byte(char c) { return static_cast<unsigned char>(c); }

// The set in brackets that begins at `at`: whether it has `c`, and `at` behind it.
// Without a closing bracket there is no set: npos in `at`.
bool MatchSet(std::string_view pattern, size_t& at, char c) {
  size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool found = false;
  for (const size_t first = i; i < pattern.size(); ++i) {
    if (pattern[i] == ']' && i > first) {
      at = i + 1;
      return found != negated;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    const bool range =
        i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']';
    const char last = range ? pattern[i + 2] : pattern[i];
    found = found || (Byte(pattern[i]) <= Byte(c) && Byte(c) <= Byte(last));
    if (range) i += 2;
  }
  at = kNone;
  return false;
}

// One character of `name` against the pattern at `at`, which moves behind what it has
// used.
bool MatchOne(std::string_view pattern, size_t& at, char c) {
  if (pattern[at] == '?') {
    ++at;
    return true;
  }
  if (pattern[at] == '[') {
    size_t behind = at;
    const bool matches = MatchSet(pattern, behind, c);
    if (behind != kNone) {
      at = behind;
      return matches;
    }
  }
  if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
  return pattern[at++] == c;
}

}  // namespace

bool MatchesPattern(std::string_view pattern, std::string_view name) {
  if (pattern.empty() || pattern == "*" || pattern == "*.*") return true;
  size_t at = 0;
  size_t in_name = 0;
  // Behind the last star, and how much of the name it has taken so far.
  size_t star = kNone;
  size_t taken = 0;
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      taken = in_name;
      continue;
    }
    if (at < pattern.size() && MatchOne(pattern, at, name[in_name])) {
      ++in_name;
      continue;
    }
    if (star == kNone) return false;
    at = star;
    in_name = ++taken;
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace nscp::check_disk
