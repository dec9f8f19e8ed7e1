// check_wmi: a query in WQL, each of whose columns is a keyword. Built once; Run may be
// called from many threads at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_wmi/targets.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"
#include "workers/wmi/table.h"

namespace nscp::check_wmi {

// One row of an answer; the table outlives it.
struct RowView {
  const wmi::Row* row = nullptr;
  size_t number = 0;  // from 1; 0 = the only one
};

class WmiCheck {
 public:
  using Ask = std::function<Result<wmi::Table>(const Login&, const std::string& wql)>;

  explicit WmiCheck(checks::TimeZone zone = {});

  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Ask& ask) const;

 private:
  const checks::TimeZone zone_;  // in which dates are told
  const checks::Check<RowView> options_;
};

}  // namespace nscp::check_wmi
