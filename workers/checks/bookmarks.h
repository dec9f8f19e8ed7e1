// How far checks have read under a name, for each thing that they read (a file, a log):
// in memory, and beyond the process where the module's storage is. What a place looks
// like is the module's own: here it is a text of one line. At most kMaxPositions; of
// more, those that were not used for longest are forgotten.
//
// Any thread. Save waits for the storage.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workers/sdk/module.h"

namespace nscp::checks {

constexpr size_t kMaxPositions = 1000;
constexpr size_t kMaxBookmarkName = 200;  // bytes
// Of all of them as text.
constexpr size_t kMaxBookmarkText = 900 * 1024;

class Bookmarks {
 public:
  using Places = std::vector<std::pair<std::string, std::string>>;  // by thing

  // `host` outlives it. What was kept is read when it is first asked for.
  explicit Bookmarks(sdk::Host& host) : host_(host) {}

  // Empty where nothing is kept.
  std::string Find(const std::string& name, const std::string& thing);
  // The places of one check, in one go. Writes nothing where nothing has changed.
  Status Save(const std::string& name, const Places& places);

 private:
  struct Kept {
    std::string place;
    uint64_t used = 0;  // the larger, the later
  };

  void LoadLocked();
  void ReadLocked(std::string_view text);
  std::string WriteLocked();

  sdk::Host& host_;
  // Held while the storage is written, so that the last one who saves wins.
  std::mutex saving_;
  std::mutex mutex_;
  bool loaded_ = false;
  uint64_t clock_ = 0;
  std::map<std::string, Kept> kept_;  // by "<name>\x1f<thing>"
};

}  // namespace nscp::checks
