// sample_space: how full the file systems of some folders are. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/checks/check.h"

namespace nscp::sample_cpp {

struct Folder {
  std::string name;  // as the user calls it
  std::string path;  // absolute
};

// One object of the check.
struct Space {
  std::string name;
  std::string path;
  int64_t size = 0;  // bytes of the whole file system
  int64_t free = 0;  // bytes that the agent's account may still use
};

// Asks the operating system. The error names the first folder that it knows nothing of.
Result<std::vector<Space>> CollectSpace(const std::vector<Folder>& folders);

class SpaceCheck {
 public:
  SpaceCheck();
  // `spaces` is what was collected; its error is the answer.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const Result<std::vector<Space>>& spaces) const;

 private:
  checks::Check<Space> check_;
};

}  // namespace nscp::sample_cpp
