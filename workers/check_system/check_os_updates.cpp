#include "workers/check_system/check_os_updates.h"

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

checks::Keywords<Updates> UpdatesKeywords() {
  checks::Keywords<Updates> k;
  k.Text("manager",
         "The package manager that was asked: apt-get, dnf, yum, zypper or pacman; on "
         "Windows Windows Update",
         [](const Updates& row) -> std::string_view { return row.manager; });
  k.Text("packages", "Names of the packages, separated by commas",
         [](const Updates& row) { return Join(row.packages, ", "); });
  k.Integer("updates", "Packages that have an update", [](const Updates& row) {
     return row.packages.size();
   }).Perf("", "");
  k.Integer("security", "How many of them mend a security hole (pacman does not tell: 0)",
            [](const Updates& row) { return row.security; })
      .Perf("", "_security");
  k.Duration("age",
             "Seconds since the package manager was asked: its answer is kept for 10 "
             "minutes",
             [](const Updates& row) { return row.age; })
      .Perf("s", "_age");
  return k;
}

checks::Check<Updates> MakeOsUpdatesCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"updates > 0"};
  defaults.critical = {"security > 0"};
  defaults.empty_state = "ok";
  defaults.ok_syntax = "%(status): No updates available.";
  defaults.detail_syntax =
      "${updates} updates available (${security} security) via ${manager}";
  defaults.perf_syntax = "updates";
  return {checks::OptionTable(), defaults, UpdatesKeywords()};
}

}  // namespace

OsUpdatesCheck::OsUpdatesCheck() : check_(MakeOsUpdatesCheck()) {}

sdk::CheckResult OsUpdatesCheck::Run(const std::vector<std::string>& arguments,
                                     const checks::Environment& environment,
                                     const Get& get) const {
  return check_.Run(arguments, environment,
                    [&](const checks::Arguments&, checks::Sink<Updates>& sink) -> Status {
                      ASSIGN_OR_RETURN(Updates updates, get());
                      sink.Add(std::move(updates));
                      return Status::Ok();
                    });
}

}  // namespace nscp::check_system
