// Settings in memory: paths in order, keys in order, found without case. A value; guard
// it from outside.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/settings/ini_file.h"

namespace nscp::kernel {

// The identity of a key in any spelling.
std::string FoldKey(std::string_view path, std::string_view key);

class Tree {
 public:
  // Adds the path, without a key.
  void AddPath(std::string_view path);
  // Adds or changes; spelling and place of what exists stay.
  void Set(std::string_view path, std::string_view key, std::string_view value);
  bool Remove(std::string_view path, std::string_view key);
  void RemovePath(std::string_view path);

  // Null when there is none; valid until the next change.
  const std::string* Find(std::string_view path, std::string_view key) const;
  const IniSection* FindPath(std::string_view path) const;
  const std::vector<IniSection>& sections() const { return sections_; }

 private:
  std::vector<IniSection> sections_;
  std::unordered_map<std::string, size_t> paths_;  // folded path -> place
  std::unordered_map<std::string, size_t> keys_;   // FoldKey -> place in its section
};

}  // namespace nscp::kernel
