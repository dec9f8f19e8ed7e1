// check_apache_status, check_nginx_status, check_phpfpm_status and check_tomcat_status:
// what web servers tell of themselves on their status pages (modules.md C6). Any thread.
#pragma once

#include <map>

#include "workers/check_net/asking.h"

namespace nscp::check_net {

// A check of one kind of page.
class StatusCheck {
 public:
  virtual ~StatusCheck() = default;
  virtual sdk::CheckResult Run(const std::vector<std::string>& arguments,
                               const Surroundings& surroundings) const = 0;
};

// By the name of their query.
std::map<std::string, std::unique_ptr<StatusCheck>> MakeStatusChecks();

// The URL with this word in its query, unless it is there.
std::string WithParameter(const std::string& url, const std::string& parameter);

}  // namespace nscp::check_net
