#include "workers/check_disk/absent_checks.h"

#include <algorithm>

#include "workers/checks/filter_options.h"

namespace nscp::check_disk {
namespace {

// What the check judges by where there is one.
checks::OptionTable OptionsOf(const char* warning, const char* critical) {
  checks::FilterDefaults defaults;
  if (*warning != 0) defaults.warning = {warning};
  if (*critical != 0) defaults.critical = {critical};
  checks::OptionTable options;
  checks::AddFilterOptions(options, defaults);
  return options;
}

bool AsksForHelp(const std::vector<std::string>& arguments) {
  const auto is_help = [](const std::string& argument) {
    const size_t name = std::min(argument.find_first_not_of('-'), argument.size());
    const std::string word = argument.substr(name);
    return word == "help" || word == "help-short" || word == "help-pb" ||
           word == "show-default";
  };
  return std::any_of(arguments.begin(), arguments.end(), is_help);
}

}  // namespace

AbsentChecks::AbsentChecks(PathStyle style) {
  if (style == PathStyle::kWindows) return;
  const struct {
    const char* name;
    const char* what;
    const char* warning;
    const char* critical;
  } of_windows[] = {
      {"check_storagepool", "storage pools", "", ""},
      {"check_shadowcopy", "shadow copies", "newest > 26h", "newest > 50h"},
      {"check_share", "shared folders", "", "not exists"},
  };
  for (const auto& row : of_windows) {
    checks_[row.name] = {OptionsOf(row.warning, row.critical),
                         std::string(row.name) +
                             " is not supported on this platform: it looks at the " +
                             row.what + " of Windows.",
                         false};
  }
  const struct {
    const char* name;
    const char* spelled;
    const char* instead;
  } old_ones[] = {{"checkdrivesize", "checkDriveSize", "check_drivesize"},
                  {"checkfiles", "checkFiles", "check_files"}};
  for (const auto& row : old_ones) {
    checks_[row.name] = {checks::OptionTable(),
                         std::string(row.spelled) +
                             " is a deprecated legacy command and is not supported on "
                             "this platform; use " +
                             row.instead + " instead.",
                         true};
  }
}

std::optional<sdk::CheckResult> AbsentChecks::Answer(const sdk::Query& query) const {
  const auto found = checks_.find(query.command);
  if (found == checks_.end()) return std::nullopt;
  const Absent& absent = found->second;
  if (!absent.takes_anything || AsksForHelp(query.arguments)) {
    checks::OptionTable::Outcome outcome = absent.options.Parse(query.arguments);
    if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  }
  return sdk::CheckResult::Unknown(absent.reason);
}

}  // namespace nscp::check_disk
