#include <algorithm>

#include "archive/archive.h"
#include "proto/cpp/text.h"

namespace nscp {
namespace {

bool IsSegment(std::string_view text) {
  if (text.empty() || text.front() == '.') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '+' || c == '-';
  });
}

}  // namespace

bool IsEntryName(std::string_view name) {
  if (name.empty() || name.size() > kMaxEntryName) return false;
  const auto segments = Split(name, '/');
  return std::all_of(segments.begin(), segments.end(), IsSegment);
}

}  // namespace nscp
