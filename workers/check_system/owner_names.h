// Names of users by their number. Asks the system (on POSIX its name service, which may
// be slow when it asks a remote directory) once for each user and keeps the answer for
// the life of the process, also that there is none. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace nscp::check_system {

class OwnerNames {
 public:
  static constexpr size_t kMaxKept = 65536;

  // Empty for an unknown user.
  std::string Find(int64_t uid);

 private:
  std::mutex mutex_;
  std::map<int64_t, std::string> names_;
};

}  // namespace nscp::check_system
