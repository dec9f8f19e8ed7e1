#include "gateway/api/listing_memory.h"

#include <utility>

namespace nscp::gateway {

void ListingMemory::Heard(uint64_t revision) {
  const std::lock_guard<std::mutex> lock(mutex_);
  hears_ = true;
  newest_ = revision;
  for (auto text = texts_.begin(); text != texts_.end();) {
    text = text->second.revision < revision ? texts_.erase(text) : std::next(text);
  }
}

void ListingMemory::Deaf() {
  const std::lock_guard<std::mutex> lock(mutex_);
  hears_ = false;
  texts_.clear();
}

std::shared_ptr<const std::string> ListingMemory::Find(const std::string& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = texts_.find(key);
  return found == texts_.end() ? nullptr : found->second.text;
}

uint64_t ListingMemory::Mark() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return changes_;
}

void ListingMemory::Keep(const std::string& key, uint64_t mark, uint64_t revision,
                         std::string text) {
  if (key.size() > kMaxKeyBytes || text.size() > kMaxTextBytes) return;
  auto kept = std::make_shared<const std::string>(std::move(text));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!hears_ || mark != changes_ || revision < newest_) return;
  if (texts_.size() >= kMaxTexts) texts_.clear();
  texts_[key] = {revision, std::move(kept)};
}

void ListingMemory::Forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++changes_;
  texts_.clear();
}

}  // namespace nscp::gateway
