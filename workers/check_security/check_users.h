// check_users: who is logged on (modules.md C10). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_security/users.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_security {

struct UserRow {
  UserSession session;
  const checks::TimeZone* zone = nullptr;
};

class UsersCheck {
 public:
  UsersCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const std::function<Result<std::vector<UserSession>>()>& read,
                       const checks::TimeZone& zone) const;

 private:
  const checks::Check<UserRow> check_;
};

}  // namespace nscp::check_security
