#include "kernel/settings/tree.h"

#include "proto/cpp/text.h"

namespace nscp::kernel {

std::string FoldKey(std::string_view path, std::string_view key) {
  return FoldPath(path) + "\n" + ToLowerAscii(Trim(key));
}

void Tree::AddPath(std::string_view path) {
  if (paths_.emplace(FoldPath(path), sections_.size()).second) {
    sections_.push_back({std::string(path), {}});
  }
}

void Tree::Set(std::string_view path, std::string_view key, std::string_view value) {
  AddPath(path);
  auto& entries = sections_[paths_.at(FoldPath(path))].entries;
  const auto [place, is_new] = keys_.emplace(FoldKey(path, key), entries.size());
  if (is_new) {
    entries.push_back({std::string(key), std::string(value)});
  } else {
    entries[place->second].value = value;
  }
}

bool Tree::Remove(std::string_view path, std::string_view key) {
  const auto found = keys_.find(FoldKey(path, key));
  if (found == keys_.end()) return false;
  auto& entries = sections_[paths_.at(FoldPath(path))].entries;
  const size_t place = found->second;
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(place));
  keys_.erase(found);
  for (size_t i = place; i < entries.size(); ++i)
    keys_[FoldKey(path, entries[i].key)] = i;
  return true;
}

void Tree::RemovePath(std::string_view path) {
  const auto found = paths_.find(FoldPath(path));
  if (found == paths_.end()) return;
  const size_t place = found->second;
  for (const IniEntry& entry : sections_[place].entries)
    keys_.erase(FoldKey(path, entry.key));
  sections_.erase(sections_.begin() + static_cast<std::ptrdiff_t>(place));
  paths_.erase(found);
  for (auto& [name, other] : paths_) {
    if (other > place) --other;
  }
}

const std::string* Tree::Find(std::string_view path, std::string_view key) const {
  const auto found = keys_.find(FoldKey(path, key));
  if (found == keys_.end()) return nullptr;
  return &sections_[paths_.at(FoldPath(path))].entries[found->second].value;
}

const IniSection* Tree::FindPath(std::string_view path) const {
  const auto found = paths_.find(FoldPath(path));
  return found == paths_.end() ? nullptr : &sections_[found->second];
}

}  // namespace nscp::kernel
