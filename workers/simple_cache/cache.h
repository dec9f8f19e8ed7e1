// The last result of each service, in memory. Beyond its bounds the result that was
// stored longest ago is forgotten. Any thread.
#pragma once

#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "workers/sdk/check_result.h"

namespace nscp::simple_cache {

class Cache {
 public:
  static constexpr size_t kMaxEntries = 10000;
  static constexpr size_t kMaxBytes = 64 * 1024 * 1024;  // of keys and results

  void Put(const std::string& key, sdk::CheckResult result);
  std::optional<sdk::CheckResult> Find(const std::string& key) const;
  // Sorted.
  std::vector<std::string> Keys() const;

 private:
  struct Entry {
    sdk::CheckResult result;
    size_t bytes = 0;
    std::list<std::string>::iterator age;
  };
  void ForgetLocked(std::map<std::string, Entry>::iterator entry);

  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::list<std::string> ages_;  // keys, oldest first
  size_t bytes_ = 0;
};

}  // namespace nscp::simple_cache
