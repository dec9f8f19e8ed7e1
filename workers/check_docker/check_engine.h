// check_docker_info and check_docker_df: the engine itself, and what it takes on disk
// (modules.md C11). Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_docker/disk_usage.h"
#include "workers/check_docker/docker_host.h"

namespace nscp::check_docker {

struct EngineInfo {
  std::string version;
  std::string name;
  std::string os;
  int64_t containers = 0;
  int64_t running = 0;
  int64_t paused = 0;
  int64_t stopped = 0;
  int64_t images = 0;
};

class InfoCheck {
 public:
  InfoCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Connect& connect) const;

 private:
  const checks::Check<EngineInfo> check_;
};

class DiskCheck {
 public:
  // Adding up what lies on disk takes an engine long.
  static constexpr int64_t kTimeoutSeconds = 60;

  DiskCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Connect& connect) const;

 private:
  const checks::Check<DiskUsage> check_;
};

}  // namespace nscp::check_docker
