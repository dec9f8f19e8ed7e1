#include "workers/check_system/windows_commands.h"

#include "workers/check_system/check_pending_reboot.h"
#include "workers/check_system/check_registry.h"

namespace nscp::check_system {
namespace {

template <class Check>
Command OfRegistry(OpenRegistry open, std::function<checks::TimeZone()> zone) {
  return With<Check>([open, zone](const Check& check, const Ask& ask) {
    return check.Run(ask.arguments, ask.environment, open, zone());
  });
}

Command OfTimeService(const WindowsSources& sources,
                      std::function<checks::TimeZone()> zone) {
  return With<W32TimeCheck>([sources, zone](const W32TimeCheck& check, const Ask& ask) {
    const auto read = [&]() -> Result<TimeServiceRow> {
      ASSIGN_OR_RETURN(const auto registry, sources.registry(""));
      return ReadTimeServiceRow(sources.time_service, *registry, sources.counters);
    };
    return check.Run(ask.arguments, ask.environment, read, zone());
  });
}

void AddPrinters(const ReadPrintQueues& read, std::function<checks::TimeZone()> zone,
                 Commands& commands) {
  commands["check_printqueue"] =
      With<PrintQueueCheck>([read](const PrintQueueCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, read);
      });
  commands["check_printjobs"] =
      With<PrintJobsCheck>([read, zone](const PrintJobsCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, read, zone());
      });
}

}  // namespace

void AddWindowsCommands(const WindowsSources& sources,
                        std::function<checks::TimeZone()> zone, Commands& commands) {
  commands["check_registry_key"] = OfRegistry<RegistryKeyCheck>(sources.registry, zone);
  commands["check_registry_value"] =
      OfRegistry<RegistryValueCheck>(sources.registry, zone);
  commands["check_pending_reboot"] = With<PendingRebootCheck>(
      [open = sources.registry](const PendingRebootCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, open);
      });
  commands["check_patch_age"] = With<PatchAgeCheck>(
      [wmi = sources.wmi](const PatchAgeCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, wmi);
      });
  commands["check_hardware"] =
      With<HardwareCheck>([sources](const HardwareCheck& check, const Ask& ask) {
        return check.Run(ask.arguments, ask.environment, sources.wmi, sources.devices);
      });
  commands["check_w32time"] = OfTimeService(sources, zone);
  AddPrinters(sources.printers, zone, commands);
}

}  // namespace nscp::check_system
