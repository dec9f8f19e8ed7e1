// check_docker: containers and their states (modules.md C11). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_docker/docker_host.h"

namespace nscp::check_docker {

class ContainersCheck {
 public:
  ContainersCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Connect& connect) const;

 private:
  const checks::Check<Container> check_;
};

}  // namespace nscp::check_docker
