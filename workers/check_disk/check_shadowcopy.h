// check_shadowcopy: how old the shadow copies (VSS) of each volume are (modules.md G).
// Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_disk/mounts.h"
#include "workers/check_disk/windows_storage.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

// All copies of one volume.
struct ShadowRow {
  std::string volume;
  std::string drive;  // where the volume is mounted
  int64_t copies = 0;
  std::optional<int64_t> made;  // the newest one
  int64_t now = 0;
  uint64_t used = 0;
  uint64_t allocated = 0;
  uint64_t most = 0;  // 0 = unbounded
};

// One row for each volume that has a copy, in the order of their names.
std::vector<ShadowRow> ShadowRows(const ShadowCopies& found,
                                  const std::vector<Mount>& mounts, int64_t now);

class ShadowCheck {
 public:
  struct Host {
    std::function<Result<ShadowCopies>()> copies;
    std::function<Result<std::vector<Mount>>()> mounts;
  };

  ShadowCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Host& host) const;

 private:
  checks::Check<ShadowRow> check_;
};

}  // namespace nscp::check_disk
