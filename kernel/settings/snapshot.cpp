#include "kernel/settings/snapshot.h"

#include <set>

#include "kernel/settings/tree.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kSettings = "/settings/";
constexpr std::string_view kDefaults = "/settings/default";
constexpr std::string_view kAliasToken = "${alias}";

class Collector {
 public:
  Collector(const v1::Manifest& manifest, std::string_view alias,
            const Settings& settings, const PathTokens& tokens)
      : manifest_(manifest), alias_(alias), settings_(settings), tokens_(tokens) {}

  std::vector<v1::EffectiveSetting> Run() {
    for (const v1::SettingsPath& path : manifest_.settings()) {
      const std::string source = PathOfInstance(manifest_, alias_, path.path());
      for (const v1::SettingsKey& key : path.keys()) AddKnown(path.path(), source, key);
      AddPresent(path, source, path.path());
      if (path.object()) AddObjects(path, source);
    }
    return std::move(all_);
  }

 private:
  void Add(const std::string& path, const std::string& key, const std::string& value,
           v1::SettingType type) {
    if (all_.size() >= kMaxEffectiveSettings) return;
    if (!seen_.insert(FoldKey(path, key)).second) return;
    v1::EffectiveSetting setting;
    setting.set_path(RepairUtf8(path));
    setting.set_key(key);
    setting.set_value(type == v1::FILE ? tokens_.Expand(value) : value);
    all_.push_back(std::move(setting));
  }

  void AddKnown(const std::string& path, const std::string& source,
                const v1::SettingsKey& key) {
    auto value = settings_.Value(source, key.key());
    if (!key.parent().empty()) {
      const auto inherited = settings_.Value(key.parent(), key.key());
      if (EqualsIgnoreCase(key.parent(), kDefaults) && inherited) {
        Add(std::string(kDefaults), key.key(), *inherited, key.type());
      }
      if (!value) value = inherited;
    }
    if (value) {
      Add(path, key.key(), *value, key.type());
    } else if (!key.default_value().empty()) {
      Add(path, key.key(), key.default_value(), key.type());
    }
  }

  // Keys that stand there without a description.
  void AddPresent(const v1::SettingsPath& described, const std::string& source,
                  const std::string& path) {
    for (const IniEntry& entry : settings_.Keys(source)) {
      v1::SettingType type = v1::STRING;
      for (const v1::SettingsKey& key : described.object_keys()) {
        if (path != described.path() && EqualsIgnoreCase(key.key(), entry.key))
          type = key.type();
      }
      Add(path, entry.key, entry.value, type);
    }
  }

  void AddObjects(const v1::SettingsPath& path, const std::string& source) {
    for (const std::string& section : settings_.Paths(source)) {
      if (FoldPath(section) == FoldPath(source)) continue;
      AddPresent(path, section, path.path() + section.substr(source.size()));
    }
  }

  const v1::Manifest& manifest_;
  const std::string_view alias_;
  const Settings& settings_;
  const PathTokens& tokens_;
  std::vector<v1::EffectiveSetting> all_;
  std::set<std::string> seen_;
};

}  // namespace

std::string PathOfInstance(const v1::Manifest& manifest, std::string_view alias,
                           std::string_view path) {
  if (alias.empty() || IsUnder(FoldPath(path), kDefaults)) return std::string(path);
  if (!manifest.settings_root().empty()) {
    const std::string& root = manifest.settings_root();
    if (!IsUnder(FoldPath(path), FoldPath(root))) return std::string(path);
    return ReplaceAll(manifest.alias_root(), kAliasToken, alias) +
           std::string(path.substr(root.size()));
  }
  if (!StartsWith(ToLowerAscii(path), kSettings)) return std::string(path);
  const size_t rest = path.find('/', kSettings.size());
  return std::string(kSettings) + std::string(alias) +
         std::string(rest == std::string_view::npos ? "" : path.substr(rest));
}

std::vector<v1::EffectiveSetting> EffectiveSettings(const v1::Manifest& manifest,
                                                    std::string_view alias,
                                                    const Settings& settings,
                                                    const PathTokens& tokens) {
  return Collector(manifest, alias, settings, tokens).Run();
}

bool OwnsPath(const v1::Manifest& manifest, std::string_view alias,
              std::string_view path) {
  const std::string folded = FoldPath(path);
  for (const v1::SettingsPath& own : manifest.settings()) {
    const std::string root = FoldPath(PathOfInstance(manifest, alias, own.path()));
    if (own.object() ? IsUnder(folded, root) : folded == root) return true;
  }
  return false;
}

}  // namespace nscp::kernel
