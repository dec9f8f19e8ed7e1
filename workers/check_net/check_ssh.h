// check_ssh: whether an SSH server answers, and with what software (modules.md C6). Any
// thread.
#pragma once

#include "workers/check_net/check_tcp.h"
#include "workers/check_net/ssh_banner.h"

namespace nscp::check_net {

struct SshRow : TcpRow {
  SshBanner banner;
};

class SshCheck {
 public:
  SshCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const;
  const checks::Check<SshRow>& check() const { return check_; }

 private:
  checks::Check<SshRow> check_;
};

}  // namespace nscp::check_net
