// The registry as the checks read it: Windows' own (registry_source_win32.h), a table in
// tests. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "workers/check_system/registry_path.h"

namespace nscp::check_system {

struct RegistryKeyFacts {
  std::string class_name;
  int64_t values = 0;
  int64_t subkeys = 0;
  int64_t written = 0;  // seconds since 1970; 0 = not known
};

class RegistrySource {
 public:
  // Of the data of one value; what is longer is cut.
  static constexpr size_t kMaxData = 64 * 1024;
  // Keys or values of one key.
  static constexpr size_t kMaxEntries = 100000;

  virtual ~RegistrySource() = default;

  // NotFound: there is no such key or value. PermissionDenied is told apart from it.
  virtual Result<RegistryKeyFacts> Key(const RegistryPath& path, RegistryView view) = 0;
  virtual Result<std::vector<std::string>> SubKeys(const RegistryPath& path,
                                                   RegistryView view) = 0;
  virtual Result<std::vector<std::string>> ValueNames(const RegistryPath& path,
                                                      RegistryView view) = 0;
  // The value without a name is "".
  virtual Result<RegistryData> Value(const RegistryPath& path, const std::string& name,
                                     RegistryView view) = 0;
};

// Of this machine for an empty name. Only LocalMachine and Users exist of another one.
using OpenRegistry =
    std::function<Result<std::unique_ptr<RegistrySource>>(const std::string& computer)>;

}  // namespace nscp::check_system
