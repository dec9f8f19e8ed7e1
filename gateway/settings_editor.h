// What the commands of `nscp web` need of the kernel's settings: values in clear, and one
// batch of changes that is written at once. One command, one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/kernel_client.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

class SettingsEditor {
 public:
  static constexpr std::chrono::milliseconds kLimit{10000};

  SettingsEditor(KernelClient& kernel, std::string request_id);

  // Empty when there is none. With `defaults`, the manifest's where no value stands.
  Result<std::string> Get(const std::string& path, const std::string& key,
                          bool defaults = false) const;
  // Names of the keys that stand directly under `path`, defaults too.
  Result<std::vector<std::string>> Keys(const std::string& path) const;
  // A path with tokens as the name of a file or folder.
  Result<std::string> Expand(const std::string& path) const;
  // An empty value removes the key. Nothing is written before Write.
  void Set(const std::string& path, const std::string& key, const std::string& value);
  // All of it or nothing.
  Status Write();

 private:
  KernelClient& kernel_;
  const CallOptions options_;
  v1::UpdateSettingsRequest batch_;
};

}  // namespace nscp::gateway
