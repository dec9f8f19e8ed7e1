#include "workers/check_system/check_service_windows.h"
#include "workers/check_system/commands.h"
#include "workers/check_system/legacy_commands.h"

namespace nscp::check_system {
namespace {

Command ServiceCommand(const Shared& shared) {
  const std::shared_ptr<const WindowsServices> services = MakeWindowsServices();
  const auto run = [shared, services](const WindowsServiceCheck& check, const Ask& ask) {
    const checks::TimeZone zone = shared.zone();
    return check.Run(ask.arguments, ask.environment, {*services, shared.processes, zone});
  };
  return With<WindowsServiceCheck>(run);
}

}  // namespace

void AddPlatformCommands(const Shared& shared, Commands& commands) {
  commands["check_service"] = ServiceCommand(shared);
  // Last: they stand for those above.
  AddLegacyCommands(commands);
}

}  // namespace nscp::check_system
