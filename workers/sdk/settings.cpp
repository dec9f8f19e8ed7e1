#include <charconv>

#include "proto/cpp/text.h"
#include "workers/sdk/module.h"

namespace nscp::sdk {
namespace {

std::string_view WithoutSlash(std::string_view path) {
  while (EndsWith(path, "/")) path.remove_suffix(1);
  return path;
}

std::string IndexKey(std::string_view path, std::string_view key) {
  return ToLowerAscii(WithoutSlash(path)) + '\n' + ToLowerAscii(key);
}

}  // namespace

Settings::Settings(std::vector<Entry> entries) {
  for (Entry& entry : entries) {
    const auto [known, added] =
        index_.emplace(IndexKey(entry.path, entry.key), entries_.size());
    if (added) {
      entries_.push_back(std::move(entry));
    } else {
      entries_[known->second].value = std::move(entry.value);
    }
  }
}

std::optional<std::string> Settings::Find(std::string_view path,
                                          std::string_view key) const {
  const auto found = index_.find(IndexKey(path, key));
  if (found == index_.end()) return std::nullopt;
  return entries_[found->second].value;
}

std::string Settings::Get(std::string_view path, std::string_view key,
                          std::string_view otherwise) const {
  return Find(path, key).value_or(std::string(otherwise));
}

bool Settings::GetBool(std::string_view path, std::string_view key,
                       bool otherwise) const {
  return ParseBool(Get(path, key), otherwise);
}

bool ParseBool(std::string_view word, bool otherwise) {
  const std::string lower = ToLowerAscii(Trim(word));
  for (const char* yes : {"true", "yes", "on", "1", "enabled"}) {
    if (lower == yes) return true;
  }
  for (const char* no : {"false", "no", "off", "0", "disabled"}) {
    if (lower == no) return false;
  }
  return otherwise;
}

int64_t Settings::GetInt(std::string_view path, std::string_view key,
                         int64_t otherwise) const {
  const std::string text = Get(path, key);
  const std::string_view digits = Trim(text);
  int64_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole ? number : otherwise;
}

std::vector<Settings::Entry> Settings::Keys(std::string_view path) const {
  std::vector<Entry> keys;
  for (const Entry& entry : entries_) {
    if (EqualsIgnoreCase(WithoutSlash(entry.path), WithoutSlash(path))) {
      keys.push_back(entry);
    }
  }
  return keys;
}

std::vector<std::string> Settings::Sections(std::string_view path) const {
  const std::string parent = std::string(WithoutSlash(path)) + '/';
  std::vector<std::string> names;
  std::map<std::string, bool> seen;
  for (const Entry& entry : entries_) {
    const std::string_view whole = WithoutSlash(entry.path);
    if (whole.size() <= parent.size() ||
        !EqualsIgnoreCase(whole.substr(0, parent.size()), parent)) {
      continue;
    }
    const std::string_view below = whole.substr(parent.size());
    const std::string name(below.substr(0, below.find('/')));
    if (seen.emplace(ToLowerAscii(name), true).second) names.push_back(name);
  }
  return names;
}

}  // namespace nscp::sdk
