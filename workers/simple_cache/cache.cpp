#include "workers/simple_cache/cache.h"

namespace nscp::simple_cache {
namespace {

size_t SizeOf(const sdk::CheckResult& result) {
  size_t size = sizeof(sdk::CheckResult) + result.data.size() + result.command.size();
  for (const sdk::Line& line : result.lines) {
    size += sizeof(sdk::Line) + line.message.size();
    for (const sdk::PerfValue& perf : line.perf) {
      size += sizeof(sdk::PerfValue) + perf.label.size() + perf.unit.size();
    }
  }
  return size;
}

}  // namespace

void Cache::ForgetLocked(std::map<std::string, Entry>::iterator entry) {
  bytes_ -= entry->second.bytes;
  ages_.erase(entry->second.age);
  entries_.erase(entry);
}

void Cache::Put(const std::string& key, sdk::CheckResult result) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto old = entries_.find(key); old != entries_.end()) ForgetLocked(old);
  const size_t bytes = key.size() + SizeOf(result);
  entries_[key] = {std::move(result), bytes, ages_.insert(ages_.end(), key)};
  bytes_ += bytes;
  while (entries_.size() > kMaxEntries || bytes_ > kMaxBytes) {
    ForgetLocked(entries_.find(ages_.front()));
  }
}

std::optional<sdk::CheckResult> Cache::Find(const std::string& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  return found->second.result;
}

std::vector<std::string> Cache::Keys() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> keys;
  keys.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) keys.push_back(key);
  return keys;
}

}  // namespace nscp::simple_cache
