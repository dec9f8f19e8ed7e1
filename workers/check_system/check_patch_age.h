// check_patch_age: how old the newest update of Windows is, and whether named ones are
// installed. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/checks/check.h"
#include "workers/wmi/table.h"

namespace nscp::check_system {

// The rows of a query in WQL.
using AskWmi = std::function<Result<wmi::Table>(const std::string& wql,
                                                const std::function<bool()>& cancelled)>;

struct Patches {
  int64_t count = 0;
  std::optional<int64_t> newest;  // seconds since 1970, a whole day in UTC
  int64_t age = -1;               // days since; -1: no date is known
  std::string newest_id;
  std::string newest_installed;  // as Windows tells it
  std::string ids;
  int64_t required = 0;
  std::vector<std::string> missing;

  std::string Message() const;
};

// The day of Win32_QuickFixEngineering.InstalledOn: "1/31/2024", "20240131", or a
// FILETIME in 16 hexadecimal digits.
std::optional<int64_t> ParseInstalledOn(std::string_view text);

// `required`: ids with or without KB before their number. `now` in seconds since 1970.
Patches MakePatches(const wmi::Table& table, const std::vector<std::string>& required,
                    int64_t now);

class PatchAgeCheck {
 public:
  PatchAgeCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const AskWmi& ask) const;

 private:
  checks::Check<Patches> check_;
};

}  // namespace nscp::check_system
