// check_swap_io: what moves between memory and swap. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/change.h"
#include "workers/check_system/paging_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

struct SwapIoRow {
  int64_t swaps = 0;
  double pages_in = 0;  // per second
  double pages_out = 0;
  int64_t page_size = 0;
};

class SwapIoCheck {
 public:
  // How many devices and files the system swaps to.
  using Swaps = std::function<Result<int64_t>()>;

  SwapIoCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ChangeSource<PagingCounters>& source, const Swaps& swaps,
                       int64_t page_size) const;

 private:
  checks::Check<SwapIoRow> check_;
};

}  // namespace nscp::check_system
