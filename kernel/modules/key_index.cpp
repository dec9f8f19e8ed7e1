#include "kernel/modules/key_index.h"

#include <algorithm>

#include "kernel/settings/settings.h"
#include "kernel/settings/snapshot.h"
#include "kernel/settings/tree.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kAliasToken = "${alias}";

std::string_view ParentOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

v1::SettingsKey ModuleSwitch(const v1::Manifest& manifest) {
  v1::SettingsKey key;
  key.set_key(manifest.name());
  key.set_type(v1::BOOL);
  key.set_default_value("0");
  key.set_title(manifest.title());
  key.set_description(manifest.description());
  return key;
}

}  // namespace

// The first one to register decides; later ones are named too and fill what it left
// empty.
v1::SettingDescription& KeyIndex::Place(const std::string& where, const std::string& key,
                                        const std::string& owner) {
  const auto [found, is_new] = places_.emplace(FoldKey(where, key), all_.size());
  if (is_new) {
    v1::SettingDescription item;
    item.set_path(where);
    item.set_key(key);
    item.set_registered(true);
    all_.push_back(std::move(item));
  }
  v1::SettingDescription& item = all_[found->second];
  if (std::find(item.modules().begin(), item.modules().end(), owner) ==
      item.modules().end()) {
    item.add_modules(owner);
  }
  return item;
}

void KeyIndex::AddKey(const std::string& where, const v1::SettingsKey& key,
                      const std::string& owner) {
  v1::SettingsKey* known = Place(where, key.key(), owner).mutable_description();
  if (known->key().empty()) {
    *known = key;
    if (key.type() == v1::PASSWORD || key.hashed()) known->set_sensitive(true);
    return;
  }
  if (known->description().empty()) known->set_description(key.description());
  if (known->title().empty()) known->set_title(key.title());
  // A secret for one is a secret for all.
  if (key.sensitive() || key.hashed() || key.type() == v1::PASSWORD)
    known->set_sensitive(true);
}

void KeyIndex::AddPath(const v1::SettingsPath& path, const std::string& where,
                       const std::string& owner) {
  v1::SettingDescription& item = Place(where, "", owner);
  if (path.object()) item.set_object(true);
  v1::SettingsKey* known = item.mutable_description();
  if (known->title().empty()) known->set_title(path.title());
  if (known->description().empty()) known->set_description(path.description());
  if (path.advanced()) known->set_advanced(true);
  if (!path.object()) return;
  auto& keys = objects_[FoldPath(where)];
  keys.insert(keys.end(), path.object_keys().begin(), path.object_keys().end());
}

void KeyIndex::AddAliasPattern(const v1::Manifest& manifest,
                               const v1::SettingsPath& path) {
  const std::string root = FoldPath(manifest.settings_root());
  const std::string where = FoldPath(path.path());
  const std::string instances = ToLowerAscii(manifest.alias_root());
  const size_t token = instances.find(kAliasToken);
  if (root.empty() || token == std::string::npos || !IsUnder(where, root)) return;
  AliasPattern pattern;
  pattern.before = instances.substr(0, token);
  pattern.after =
      instances.substr(token + kAliasToken.size()) + where.substr(root.size()) + "/";
  pattern.keys.assign(path.object_keys().begin(), path.object_keys().end());
  patterns_.push_back(std::move(pattern));
}

const v1::SettingsKey* KeyIndex::FindInPatterns(const std::string& path,
                                                std::string_view key) const {
  for (const AliasPattern& pattern : patterns_) {
    if (!StartsWith(path, pattern.before)) continue;
    const size_t slash = path.find('/', pattern.before.size());
    if (slash == std::string::npos ||
        path.compare(slash, pattern.after.size(), pattern.after) != 0) {
      continue;
    }
    for (const v1::SettingsKey& known : pattern.keys) {
      if (EqualsIgnoreCase(known.key(), Trim(key))) return &known;
    }
  }
  return nullptr;
}

void KeyIndex::Add(const v1::Manifest& manifest, std::string_view alias) {
  const std::string owner(alias.empty() ? manifest.name() : std::string(alias));
  for (const v1::SettingsPath& path : manifest.settings()) {
    const std::string where = PathOfInstance(manifest, alias, path.path());
    AddPath(path, where, owner);
    if (alias.empty() && path.object()) AddAliasPattern(manifest, path);
    for (const v1::SettingsKey& key : path.keys()) {
      AddKey(where, key, owner);
      if (key.parent().empty()) continue;
      Place(key.parent(), "", owner);
      v1::SettingsKey inherited = key;
      inherited.clear_parent();
      inherited.clear_hashed();  // other protocols need the shared value as it is
      AddKey(key.parent(), inherited, owner);
    }
  }
}

void KeyIndex::AddModule(const v1::Manifest& manifest) {
  AddKey("/modules", ModuleSwitch(manifest), manifest.name());
}

std::optional<v1::SettingsKey> KeyIndex::FindKey(std::string_view path,
                                                 std::string_view key) const {
  const auto found = places_.find(FoldKey(path, key));
  if (found != places_.end() && !Trim(key).empty())
    return all_[found->second].description();
  const std::string folded = FoldPath(path);
  for (std::string_view up = ParentOf(folded); !up.empty(); up = ParentOf(up)) {
    const auto object = objects_.find(std::string(up));
    if (object == objects_.end()) continue;
    for (const v1::SettingsKey& known : object->second) {
      if (EqualsIgnoreCase(known.key(), Trim(key))) return known;
    }
  }
  const v1::SettingsKey* known = FindInPatterns(folded, key);
  return known ? std::optional(*known) : std::nullopt;
}

std::vector<v1::SettingsKey> KeyIndex::ObjectKeys(std::string_view path) const {
  const auto object = objects_.find(FoldPath(path));
  return object == objects_.end() ? std::vector<v1::SettingsKey>() : object->second;
}

bool KeyIndex::KnowsPath(std::string_view path) const {
  if (places_.count(FoldKey(path, "")) != 0) return true;
  const std::string folded = FoldPath(path);
  for (std::string_view up = ParentOf(folded); !up.empty(); up = ParentOf(up)) {
    if (objects_.count(std::string(up)) != 0) return true;
  }
  return false;
}

}  // namespace nscp::kernel
