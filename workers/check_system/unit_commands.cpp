#include "workers/check_system/unit_commands.h"

#include <algorithm>

#include "workers/check_system/check_hostname.h"
#include "workers/check_system/check_installed_software.h"
#include "workers/check_system/check_os_updates.h"
#include "workers/check_system/check_os_version.h"
#include "workers/check_system/check_process_history.h"
#include "workers/check_system/check_service.h"

namespace nscp::check_system {
namespace {

// A check that comes right after the start waits so long for the first look.
constexpr std::chrono::seconds kFirstLookWait{2};

template <class Check>
Command WithHistory(SharedUnits shared) {
  return With<Check>([shared](const Check& check, const Ask& ask) {
    const auto list = [&] {
      return shared.watch.Records(
          std::min(ask.call.deadline(), ProcessWatch::Clock::now() + kFirstLookWait));
    };
    return check.Run(ask.arguments, ask.environment, list, shared.zone());
  });
}

}  // namespace

void AddUnitCommands(SharedUnits shared, Commands& commands) {
  commands["check_hostname"] =
      With<HostnameCheck>([](const HostnameCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, [&](bool with_fqdn) {
          return FindThisHost(with_fqdn, ask.environment.cancelled);
        });
      });
  commands["check_installed_software"] = With<InstalledSoftwareCheck>(
      [shared](const InstalledSoftwareCheck& check, const Ask& ask) {
        const auto list = [&] { return ListThisSoftware(ask.environment.cancelled); };
        return check.Run(ask.arguments, ask.environment, list, shared.zone());
      });
  commands["check_os_updates"] =
      With<OsUpdatesCheck>([shared](const OsUpdatesCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment,
                         [&] { return shared.updates.Get(ask.environment.cancelled); });
      });
  commands["check_os_version"] =
      With<OsVersionCheck>([](const OsVersionCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, ReadOsVersion());
      });
  commands["check_process_history"] = WithHistory<ProcessHistoryCheck>(shared);
  commands["check_process_history_new"] = WithHistory<NewProcessesCheck>(shared);
  // Windows has one of its own.
  commands.try_emplace(
      "check_service",
      With<ServiceCheck>([shared](const ServiceCheck& check, const Ask& ask) {
        const auto manager = MakeServiceManager(shared.bus_address());
        const checks::TimeZone zone = shared.zone();
        return check.Run(ask.arguments, ask.environment,
                         {*manager, shared.processes, zone});
      }));
}

}  // namespace nscp::check_system
