// Versions of the agent: "0.16.4 2026-11-21", and the tags of its releases, such as
// "v0.17.0-rc1". Values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace nscp::check_nscp {

struct Version {
  std::array<int64_t, 4> numbers{};  // release, major, minor, build
  std::string suffix;                // "rc1": earlier than the same without one
  std::string date;                  // "2026-11-21" where it stands behind a blank
  std::string text;                  // "0.17.0-rc1"
  bool valid = false;                // it begins with a number
};

// Leading words such as "v" are passed over; numbers beyond the fourth are left out.
Version ParseVersion(std::string_view text);
bool IsNewer(const Version& one, const Version& other);

}  // namespace nscp::check_nscp
