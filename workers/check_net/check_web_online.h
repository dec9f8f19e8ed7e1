// check_nsclient_web_online: whether another agent's REST interface answers, or what one
// of its checks says (modules.md C6). Any thread.
#pragma once

#include "workers/check_net/asking.h"

namespace nscp::check_net {

class WebOnlineCheck {
 public:
  WebOnlineCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const;
  const checks::OptionTable& options() const { return options_; }

 private:
  checks::OptionTable options_;
};

}  // namespace nscp::check_net
