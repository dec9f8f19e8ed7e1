// check_storagepool: whether the pools of Storage Spaces are well and not full
// (modules.md G). Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_disk/windows_storage.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

class PoolCheck {
 public:
  using Read = std::function<Result<std::vector<StoragePool>>()>;

  PoolCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Read& read) const;

 private:
  checks::Check<StoragePool> check_;
};

}  // namespace nscp::check_disk
