#include "workers/checks/bookmarks.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::checks {
namespace {

constexpr char kBookmarkDrawer[] = "bookmarks";
constexpr char kBookmarkKey[] = "positions";
constexpr char kPart = '\x1f';

std::string BookmarkOf(const std::string& name, const std::string& thing) {
  return name + kPart + thing;
}

}  // namespace

std::string Bookmarks::Find(const std::string& name, const std::string& thing) {
  const std::lock_guard<std::mutex> lock(mutex_);
  LoadLocked();
  const auto found = kept_.find(BookmarkOf(name, thing));
  if (found == kept_.end()) return {};
  found->second.used = ++clock_;
  return found->second.place;
}

Status Bookmarks::Save(const std::string& name, const Places& places) {
  const std::lock_guard<std::mutex> saving(saving_);
  std::string text;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    LoadLocked();
    bool changed = false;
    for (const auto& [thing, place] : places) {
      Kept& kept = kept_[BookmarkOf(name, thing)];
      changed = changed || kept.place != place;
      kept = {place, ++clock_};
    }
    if (!changed) return Status::Ok();
    text = WriteLocked();
  }
  return host_.Store(kBookmarkDrawer, kBookmarkKey, text);
}

// Each entry is "<length of the key> <key> <place>\n", the least used first.
void Bookmarks::LoadLocked() {
  if (loaded_) return;
  loaded_ = true;
  auto stored = host_.Stored(kBookmarkDrawer);
  if (stored.ok()) return ReadLocked((*stored)[kBookmarkKey]);
  host_.Log(sdk::LogLevel::kWarning,
            "The bookmarks cannot be read, so all is read as if for the first time: " +
                stored.status().message());
}

void Bookmarks::ReadLocked(std::string_view text) {
  while (!text.empty() && kept_.size() < kMaxPositions) {
    size_t length = 0;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9' &&
           length < kMaxBookmarkText) {
      length = length * 10 + static_cast<size_t>(text[0] - '0');
      text.remove_prefix(1);
    }
    // Damaged: what comes first was used longest ago and is the least loss.
    if (text.size() < length + 2 || text[0] != ' ' || text[length + 1] != ' ') return;
    const std::string key(text.substr(1, length));
    text.remove_prefix(length + 2);
    const size_t end = std::min(text.find('\n'), text.size());
    std::string place(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!place.empty() && !key.empty()) kept_[key] = {std::move(place), ++clock_};
  }
}

std::string Bookmarks::WriteLocked() {
  std::vector<std::pair<uint64_t, const std::string*>> by_use;
  for (const auto& [key, kept] : kept_) by_use.emplace_back(kept.used, &key);
  std::sort(by_use.rbegin(), by_use.rend());
  std::vector<std::string> lines;
  size_t bytes = 0;
  std::vector<std::string> forgotten;
  for (const auto& [used, key] : by_use) {
    std::string line =
        std::to_string(key->size()) + ' ' + *key + ' ' + kept_.at(*key).place + '\n';
    bytes += line.size();
    if (lines.size() < kMaxPositions && bytes <= kMaxBookmarkText) {
      lines.push_back(std::move(line));
    } else {
      forgotten.push_back(*key);
    }
  }
  for (const std::string& key : forgotten) kept_.erase(key);
  std::reverse(lines.begin(), lines.end());
  return Join(lines, "");
}

}  // namespace nscp::checks
