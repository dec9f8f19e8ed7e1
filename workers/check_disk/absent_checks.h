// Checks that other systems or older agents have and this one has not: they say so, and
// still tell their options. Any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workers/check_disk/mounts.h"
#include "workers/checks/options.h"
#include "workers/sdk/module.h"

namespace nscp::check_disk {

class AbsentChecks {
 public:
  explicit AbsentChecks(PathStyle style = SystemPathStyle());
  // UNKNOWN with the reason, or help; nothing where the command is none of them.
  std::optional<sdk::CheckResult> Answer(const sdk::Query& query) const;

 private:
  struct Absent {
    checks::OptionTable options;
    std::string reason;
    bool takes_anything = false;  // arguments of an old form that nobody reads
  };
  std::map<std::string, Absent> checks_;
};

}  // namespace nscp::check_disk
