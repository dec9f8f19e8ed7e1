// Which programs have run since the agent started: name, times, whether they run now.
// Plain data; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nscp::check_system {

// One program, or several processes of it, at one look.
struct Sighting {
  std::string exe;
  int64_t started = 0;  // seconds since 1970: the oldest of its processes
};

struct ProcessRecord {
  std::string exe;
  int64_t first_seen = 0;  // seconds since 1970
  int64_t last_seen = 0;
  int64_t times_seen = 0;  // how often it appeared: it did not run the look before
  bool running = false;
};

class ProcessHistory {
 public:
  // Programs that are kept. Beyond, the one that was not seen for longest makes room, if
  // it does not run; what finds no room is left out.
  static constexpr size_t kMaxPrograms = 2000;

  // What runs at `now`. A program that is new here was first seen when it started.
  void Update(const std::vector<Sighting>& seen, int64_t now);
  // By name.
  std::vector<ProcessRecord> Records() const;

 private:
  bool MakeRoom();

  std::map<std::string, ProcessRecord> records_;
};

}  // namespace nscp::check_system
