// Looking at the settings from outside: descriptions and differences.
#include <set>

#include "kernel/settings/store_settings.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

v1::SettingDescription Unregistered(const IniSection& section, const std::string& key) {
  v1::SettingDescription item;
  item.set_path(section.name);
  item.set_key(key);
  v1::SettingsKey& known = *item.mutable_description();
  known.set_key(key);
  known.set_advanced(true);
  if (!key.empty() && FoldPath(section.name) == "/modules") {
    // A module that is not installed, or an instance with an alias.
    item.set_registered(true);
    known.set_type(v1::BOOL);
    known.set_title("Load on startup");
    known.set_default_value("false");
    known.set_advanced(false);
  }
  return item;
}

}  // namespace

// Value and default of a registered or found key, masked. With the mutex held.
void StoreSettings::DescribeKey(v1::SettingDescription* item) const {
  v1::SettingsKey* known = item->mutable_description();
  const std::string* value = effective_.Find(item->path(), item->key());
  item->set_has_value(value != nullptr);
  if (!value && !known->parent().empty())
    value = effective_.Find(known->parent(), item->key());
  item->set_value(value ? *value : known->default_value());
  if (!IsSensitive(descriptions_, item->path(), item->key())) return;
  known->set_sensitive(true);
  if (!item->value().empty()) item->set_value(std::string(kMask));
  if (!known->default_value().empty()) known->set_default_value(std::string(kMask));
}

std::vector<v1::SettingDescription> StoreSettings::SamplesOf(
    const v1::SettingDescription& object) const {
  const auto keys = descriptions_.ObjectKeys(object.path());
  std::vector<v1::SettingDescription> samples;
  if (keys.empty()) return samples;
  v1::SettingDescription one = object;
  one.set_path(object.path() + "/" + std::string(kSampleObject));
  one.set_object(false);
  one.set_registered(true);
  one.set_sample(true);
  samples.push_back(one);
  for (const v1::SettingsKey& key : keys) {
    one.set_key(key.key());
    *one.mutable_description() = key;
    DescribeKey(&one);
    samples.push_back(one);
  }
  return samples;
}

Result<v1::DescribeSettingsResponse> StoreSettings::Describe(
    const v1::DescribeSettingsRequest& request) const {
  const std::string root = FoldPath(request.path());
  // The beginning of a path's name is enough (rest-api.md 5.13).
  const auto wanted = [&](const std::string& path) {
    return request.recursive() ? StartsWith(path, root) : path == root;
  };
  v1::DescribeSettingsResponse response;
  std::set<std::string> seen;
  const auto registered = descriptions_.All();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const v1::SettingDescription& item : registered) {
    if (!wanted(FoldPath(item.path()))) continue;
    if (!seen.insert(FoldKey(item.path(), item.key())).second) continue;
    v1::SettingDescription* added = response.add_descriptions();
    *added = item;
    added->set_registered(true);
    if (!item.key().empty()) DescribeKey(added);
  }
  if (request.samples()) {
    for (const v1::SettingDescription& item : registered) {
      if (!item.object()) continue;
      for (v1::SettingDescription& sample : SamplesOf(item)) {
        if (!wanted(FoldPath(sample.path()))) continue;
        if (!seen.insert(FoldKey(sample.path(), sample.key())).second) continue;
        *response.add_descriptions() = std::move(sample);
      }
    }
  }
  for (const IniSection& section : effective_.sections()) {
    if (!wanted(FoldPath(section.name))) continue;
    if (seen.insert(FoldKey(section.name, "")).second) {
      auto* added = response.add_descriptions();
      *added = Unregistered(section, "");
      added->set_registered(descriptions_.KnowsPath(section.name));
    }
    for (const IniEntry& entry : section.entries) {
      if (!seen.insert(FoldKey(section.name, entry.key)).second) continue;
      auto* added = response.add_descriptions();
      *added = Unregistered(section, entry.key);
      if (const auto known = descriptions_.FindKey(section.name, entry.key)) {
        *added->mutable_description() = *known;
        added->mutable_description()->set_key(entry.key);
        added->set_registered(true);
      }
      DescribeKey(added);
    }
  }
  if (response.descriptions_size() > 0) return response;
  return Status::NotFound("Key not found: " + request.path());
}

v1::DiffSettingsResponse StoreSettings::Diff(
    const v1::DiffSettingsRequest& request) const {
  v1::DiffSettingsResponse response;
  const std::string root = FoldPath(request.path());
  const auto wanted = [&](const std::string& path) {
    return request.recursive() ? IsUnder(path, root) : path == root;
  };
  const std::lock_guard<std::mutex> lock(mutex_);
  Tree now = base_;
  pending_.ApplyTo(&now);
  std::set<std::string> new_paths;
  for (const Edit& edit : pending_.Edits()) {
    const std::string path = FoldPath(edit.path);
    if (!wanted(path)) continue;
    const auto add = [&](v1::SettingDifference::Change change) {
      v1::SettingDifference* item = response.add_differences();
      item->set_path(edit.path);
      item->set_change(change);
      return item;
    };
    if (edit.key.empty()) {
      if (!now.FindPath(edit.path)) add(v1::SettingDifference::PATH_REMOVED);
      continue;
    }
    if (edit.value && !base_.FindPath(edit.path) && new_paths.insert(path).second) {
      add(v1::SettingDifference::PATH_ADDED);
    }
    const std::string* before = base_.Find(edit.path, edit.key);
    if (before && edit.value && *before == *edit.value) continue;
    v1::SettingDifference* item = add(!edit.value ? v1::SettingDifference::REMOVED
                                      : !before   ? v1::SettingDifference::ADDED
                                                  : v1::SettingDifference::MODIFIED);
    item->set_key(edit.key);
    item->set_sensitive(IsSensitive(descriptions_, edit.path, edit.key));
    const auto shown = [&](const std::string& value) {
      return item->sensitive() && !value.empty() ? std::string(kMask) : value;
    };
    if (before) item->set_old_value(shown(*before));
    if (edit.value) item->set_new_value(shown(*edit.value));
  }
  return response;
}

}  // namespace nscp::kernel
