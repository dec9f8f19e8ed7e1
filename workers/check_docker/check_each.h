// check_docker_stats and check_docker_restarts: checks that ask the engine about each
// container (modules.md C11). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_docker/docker_host.h"

namespace nscp::check_docker {

struct UsageRow {
  std::string names;
  std::string image;
  Usage usage;
};

class UsageCheck {
 public:
  UsageCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Connect& connect) const;

 private:
  const checks::Check<UsageRow> check_;
};

struct RestartsRow {
  std::string names;
  std::string image;
  Details details;
  int64_t now = 0;  // seconds since 1970

  int64_t StartedAgo() const;  // seconds; -1 = never started
};

class RestartsCheck {
 public:
  RestartsCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Connect& connect) const;

 private:
  const checks::Check<RestartsRow> check_;
};

}  // namespace nscp::check_docker
