#include "workers/check_system/service_tags.h"

#include "workers/check_system/service_keywords.h"
#include "workers/check_system/service_name.h"

namespace nscp::check_system {
namespace {

constexpr char kEnabled[] = "enabled";

}  // namespace

ServiceTags::~ServiceTags() { ticker_.Stop(); }

void ServiceTags::Configure(const Pairs& pairs,
                            std::unique_ptr<const ServiceManager> manager,
                            sdk::Host* host) {
  ticker_.Stop();
  host_ = host;
  manager_ = std::move(manager);
  ids_.clear();
  tags_.clear();
  has_failed_ = false;
  for (const auto& [unit, tag] : pairs) {
    const auto id = UnitId(unit);
    if (!id.ok() || tag.empty() || ids_.size() == kMaxServiceTags) {
      const std::string reason = !id.ok()      ? id.status().message()
                                 : tag.empty() ? "it has no tag"
                                               : "there are too many of them";
      host_->Log(sdk::LogLevel::kError,
                 "service-tags, " + unit + " is left out: " + reason);
      continue;
    }
    ids_.push_back(*id);
    tags_.push_back(tag);
  }
  const std::set<std::string> meant(tags_.begin(), tags_.end());
  const std::set<std::string> before = active_;
  for (const std::string& tag : before) {
    if (meant.count(tag) == 0) Set(tag, false);
  }
  if (!ids_.empty()) ticker_.Start();
}

void ServiceTags::Stop() {
  ticker_.Stop();
  const std::set<std::string> before = active_;
  for (const std::string& tag : before) Set(tag, false);
}

void ServiceTags::Set(const std::string& tag, bool is_active) {
  if ((active_.count(tag) > 0) == is_active) return;
  const Status set = host_->SetTag(tag, is_active ? kEnabled : "");
  if (!set.ok()) {
    host_->Log(sdk::LogLevel::kError,
               "Failed to set the tag " + tag + ": " + set.message());
    return;
  }
  if (is_active) {
    active_.insert(tag);
  } else {
    active_.erase(tag);
  }
}

void ServiceTags::Look() {
  UnitWish wish;
  wish.cancelled = [this] { return ticker_.stopping(); };
  const auto units = manager_->Find(ids_, wish);
  if (ticker_.stopping()) return;
  if (!units.ok()) {
    // Once, and the tags stay as they are: nobody knows.
    if (!has_failed_) {
      host_->Log(sdk::LogLevel::kError,
                 "No tags of services: " + units.status().message());
    }
    has_failed_ = true;
    return;
  }
  has_failed_ = false;
  std::map<std::string, bool> tags;
  for (size_t i = 0; i < units->size(); ++i) {
    bool& is_active = tags[tags_[i]];
    is_active = is_active || IsStarted((*units)[i]);
  }
  for (const auto& [tag, is_active] : tags) Set(tag, is_active);
}

}  // namespace nscp::check_system
