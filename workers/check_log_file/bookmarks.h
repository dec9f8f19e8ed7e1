// The positions that checks keep under a name, for each file (workers/checks/bookmarks.h
// says where and how many). What is forgotten is read from its beginning again.
//
// Any thread. Save waits for the storage.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "workers/check_log_file/position.h"
#include "workers/checks/bookmarks.h"

namespace nscp::check_log_file {

using checks::kMaxBookmarkName;
using checks::kMaxBookmarkText;
using checks::kMaxPositions;

class Bookmarks {
 public:
  using Positions = std::vector<std::pair<std::string, Position>>;  // by file

  // `host` outlives it.
  explicit Bookmarks(sdk::Host& host) : bookmarks_(host) {}

  // The beginning of the file where nothing is kept.
  Position Find(const std::string& name, const std::string& file) {
    return ParsePosition(bookmarks_.Find(name, file));
  }
  // The positions of one check, in one go. Writes nothing where nothing has changed.
  Status Save(const std::string& name, const Positions& positions) {
    checks::Bookmarks::Places places;
    for (const auto& [file, position] : positions) {
      places.emplace_back(file, FormatPosition(position));
    }
    return bookmarks_.Save(name, places);
  }

 private:
  checks::Bookmarks bookmarks_;
};

}  // namespace nscp::check_log_file
