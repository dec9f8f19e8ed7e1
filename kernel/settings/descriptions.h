// What is known about settings without starting a module: the manifests' paths and keys.
// The catalogue (kernel/modules) implements it; the settings ask it what to mask, to
// hash, to default and to describe. Implementations may be called from any thread and
// give values, so that a manifest may be replaced meanwhile.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "nscp/v1/manifest.pb.h"
#include "nscp/v1/settings.pb.h"

namespace nscp::kernel {

// Below an object's path, a section of this name is an example and no object.
inline constexpr std::string_view kSampleObject = "sample";

class Descriptions {
 public:
  virtual ~Descriptions() = default;

  // Paths and keys are compared without case. A key of an object
  // ("/settings/WEB/server/users/admin" : "password") is found by its object's path.
  virtual std::optional<v1::SettingsKey> FindKey(std::string_view path,
                                                 std::string_view key) const = 0;
  // True when some module (or the kernel) knows the path, or it lies below an object's
  // path.
  virtual bool KnowsPath(std::string_view path) const = 0;
  // Every registered path (`key` empty) and key, each once, without values; `modules` are
  // those that registered it.
  virtual std::vector<v1::SettingDescription> All() const = 0;
  // The keys of each object below the path, where they are described.
  virtual std::vector<v1::SettingsKey> ObjectKeys(std::string_view) const { return {}; }
};

// Knows nothing.
class NoDescriptions final : public Descriptions {
 public:
  std::optional<v1::SettingsKey> FindKey(std::string_view,
                                         std::string_view) const override {
    return std::nullopt;
  }
  bool KnowsPath(std::string_view) const override { return false; }
  std::vector<v1::SettingDescription> All() const override { return {}; }
};

}  // namespace nscp::kernel
