// All registered settings paths and keys in one place, found without case. Built once
// from manifests, then only read. Private to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nscp/v1/manifest.pb.h"
#include "nscp/v1/settings.pb.h"

namespace nscp::kernel {

class KeyIndex {
 public:
  // The manifest's paths as the instance `alias` (empty without one) has them.
  void Add(const v1::Manifest& manifest, std::string_view alias);
  // One key of [/modules] for each module that can be loaded.
  void AddModule(const v1::Manifest& manifest);

  std::optional<v1::SettingsKey> FindKey(std::string_view path,
                                         std::string_view key) const;
  bool KnowsPath(std::string_view path) const;
  std::vector<v1::SettingsKey> ObjectKeys(std::string_view path) const;
  const std::vector<v1::SettingDescription>& All() const { return all_; }

 private:
  void AddPath(const v1::SettingsPath& path, const std::string& where,
               const std::string& owner);
  void AddAliasPattern(const v1::Manifest& manifest, const v1::SettingsPath& path);
  // What an object of an instance with any alias has.
  const v1::SettingsKey* FindInPatterns(const std::string& path,
                                        std::string_view key) const;
  void AddKey(const std::string& where, const v1::SettingsKey& key,
              const std::string& owner);
  v1::SettingDescription& Place(const std::string& where, const std::string& key,
                                const std::string& owner);

  std::vector<v1::SettingDescription> all_;
  std::unordered_map<std::string, size_t> places_;  // FoldKey -> place in all_
  // "/settings/web/" any alias "/users" any name: a password there is a login password
  // before somebody configures that instance.
  struct AliasPattern {
    std::string before;
    std::string after;
    std::vector<v1::SettingsKey> keys;
  };
  std::vector<AliasPattern> patterns_;
  // Folded path of an object -> its keys.
  std::unordered_map<std::string, std::vector<v1::SettingsKey>> objects_;
};

}  // namespace nscp::kernel
