// check_disk_write: whether a file can be written and read back (modules.md C2). Any
// thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_disk/write_test.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

struct WriteRow {
  std::string path;
  int64_t bytes = 0;
  WriteOutcome outcome;
};

class DiskWriteCheck {
 public:
  using Test = std::function<WriteOutcome(const std::string& path, size_t bytes)>;

  DiskWriteCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Test& test) const;

 private:
  checks::Check<WriteRow> check_;
};

}  // namespace nscp::check_disk
