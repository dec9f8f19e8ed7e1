// What the tests of Settings share: a few descriptions, and short ways to ask and to
// change.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "kernel/settings/settings.h"
#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel::settings_testing {

using nscp::testing::TempFolder;

// One hashed password in an object, one key with parent and default, one sensitive key.
class Known final : public Descriptions {
 public:
  std::optional<v1::SettingsKey> FindKey(std::string_view path,
                                         std::string_view key) const override {
    for (const auto& item : All()) {
      if (FoldPath(item.path()) == FoldPath(path) && EqualsIgnoreCase(item.key(), key) &&
          !item.key().empty()) {
        return item.description();
      }
    }
    if (StartsWith(FoldPath(path), "/web/users/") && EqualsIgnoreCase(key, "password")) {
      v1::SettingsKey password;
      password.set_key("password");
      password.set_type(v1::PASSWORD);
      password.set_hashed(true);
      password.set_default_value("pbkdf2-sha256$1$00$11");
      return password;
    }
    return std::nullopt;
  }
  bool KnowsPath(std::string_view path) const override {
    return IsUnder(FoldPath(path), "/web");
  }
  std::vector<v1::SettingDescription> All() const override {
    std::vector<v1::SettingDescription> all;
    const auto add = [&](const char* key, const char* otherwise, const char* parent) {
      v1::SettingDescription item;
      item.set_path("/web");
      item.set_key(key);
      item.mutable_description()->set_key(key);
      item.mutable_description()->set_default_value(otherwise);
      item.mutable_description()->set_parent(parent);
      all.push_back(item);
    };
    add("", "", "");
    add("hosts", "127.0.0.1", "/default");
    add("token", "secret-default", "");
    all.back().mutable_description()->set_sensitive(true);
    return all;
  }
};

inline const Known kKnown;

inline std::unique_ptr<Settings> Open(const std::string& context,
                                      SettingsOptions options = {
                                          "", PathTokens("/x", {}), {}, {}, {}}) {
  options.context = context;
  options.hash_password = [](std::string_view plain) {
    return Result<std::string>("pbkdf2-sha256$" +
                               std::string(plain.rbegin(), plain.rend()));
  };
  auto settings = Settings::Open(std::move(options), kKnown);
  REQUIRE_MESSAGE(settings.ok(), settings.status().message());
  return std::move(settings).value();
}

inline Status Set(Settings& settings, const std::string& path, const std::string& key,
                  const std::string& value, bool persist = false) {
  v1::UpdateSettingsRequest request;
  auto* entry = request.add_entries();
  entry->set_path(path);
  entry->set_key(key);
  entry->set_value(value);
  request.set_persist(persist);
  return settings.Update(request).status();
}

inline Result<v1::DeleteSettingsResponse> Remove(Settings& settings,
                                                 const std::string& path,
                                                 const std::string& key, bool recursive,
                                                 bool persist = false) {
  v1::DeleteSettingsRequest request;
  auto* removal = request.add_removals();
  removal->set_path(path);
  removal->set_key(key);
  removal->set_recursive(recursive);
  request.set_persist(persist);
  return settings.Delete(request);
}

inline std::string Listed(const Settings& settings, const std::string& path,
                          bool recursive = true, bool defaults = false,
                          bool clear = false) {
  v1::GetSettingsRequest request;
  request.set_path(path);
  request.set_recursive(recursive);
  request.set_defaults(defaults);
  request.set_clear(clear);
  std::string text;
  const auto answer = settings.Get(request);
  for (const auto& e : answer.entries()) {
    text += e.path() + ":" + e.key() + "=" + e.value() + "|";
  }
  return text;
}

inline std::string Differences(const Settings& settings) {
  v1::DiffSettingsRequest request;
  request.set_recursive(true);
  std::string text;
  const auto answer = settings.Diff(request);
  for (const auto& d : answer.differences()) {
    text += v1::SettingDifference::Change_Name(d.change()) + " " + d.path() + ":" +
            d.key() + " " + d.old_value() + ">" + d.new_value() + "|";
  }
  return text;
}

}  // namespace nscp::kernel::settings_testing
