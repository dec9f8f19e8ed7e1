// What module instances want to find again after a restart of theirs or of the agent:
// bookmarks, histories. Keys of each instance are its own; one file for each, read at its
// first use and written whole at each change. Owned by the kernel; any thread, but calls
// touch the disk. Source: plugin-protocol.md 1.2 and 5 (Storage).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "nscp/v1/host.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr size_t kMaxStorageKey = 1024;           // a context, or a key
constexpr size_t kMaxStorageValue = 1024 * 1024;  // one value
constexpr size_t kMaxStoredBytes =
    4 * 1024 * 1024;                         // of one instance: contexts, keys, values
constexpr size_t kMaxStoredEntries = 10000;  // of one instance
constexpr size_t kMaxStorageFile = 8 * 1024 * 1024;

class Storage {
 public:
  // Told in a sentence of a file that can't be understood; it is kept as <file>.damaged.
  using Warn = std::function<void(const std::string& sentence)>;
  Storage(std::string folder, Warn warn)
      : folder_(std::move(folder)), warn_(std::move(warn)) {}

  // An empty value removes the key. InvalidArgument without a key; ResourceExhausted
  // beyond a bound, and then nothing has changed; else what the disk says.
  Status Put(const std::string& instance, const v1::PutStorageRequest& request);
  // Sorted by key; of a key that is not there none.
  Result<v1::GetStorageResponse> Get(const std::string& instance,
                                     const v1::GetStorageRequest& request);

 private:
  using Key = std::pair<std::string, std::string>;  // context, key
  struct Entry {
    std::string value;
    bool private_data = false;
  };
  struct Entries {
    std::map<Key, Entry> by_key;
    size_t bytes = 0;
  };

  std::string FileOf(const std::string& instance) const;
  Result<Entries*> OpenLocked(const std::string& instance);
  Status WriteLocked(const std::string& instance, const Entries& entries) const;

  const std::string folder_;
  const Warn warn_;
  std::mutex mutex_;
  std::map<std::string, Entries> instances_;
};

}  // namespace nscp::kernel
