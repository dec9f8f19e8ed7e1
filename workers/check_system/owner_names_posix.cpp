#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "workers/check_system/owner_names.h"

namespace nscp::check_system {
namespace {

std::string AskForName(int64_t uid) {
  constexpr long kLeast = 16 * 1024;
  std::vector<char> buffer(
      static_cast<size_t>(std::max(kLeast, ::sysconf(_SC_GETPW_R_SIZE_MAX))));
  passwd entry{};
  passwd* found = nullptr;
  const int error =
      ::getpwuid_r(static_cast<uid_t>(uid), &entry, buffer.data(), buffer.size(), &found);
  return error == 0 && found != nullptr ? found->pw_name : "";
}

}  // namespace

std::string OwnerNames::Find(int64_t uid) {
  if (uid < 0) return "";
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = names_.find(uid);
    if (known != names_.end()) return known->second;
  }
  std::string name = AskForName(uid);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (names_.size() < kMaxKept) names_.emplace(uid, name);
  return name;
}

}  // namespace nscp::check_system
