#include <chrono>

#include "workers/check_system/counters.h"
#include "workers/check_system/device_source_win32.h"
#include "workers/check_system/pdh_source_win32.h"
#include "workers/check_system/platform_parts.h"
#include "workers/check_system/print_source_win32.h"
#include "workers/check_system/registry_source_win32.h"
#include "workers/check_system/time_service_win32.h"
#include "workers/check_system/windows_commands.h"
#include "workers/wmi/wmi.h"

namespace nscp::check_system {
namespace {

// The most that one question to this computer's WMI may take.
constexpr std::chrono::seconds kWmiLimit{30};

Result<wmi::Table> AskThisWmi(const std::string& wql,
                              const std::function<bool()>& cancelled) {
  return wmi::Query({}, wql, {std::chrono::steady_clock::now() + kWmiLimit, cancelled});
}

class WindowsParts final : public Counters {
 public:
  explicit WindowsParts(std::function<checks::TimeZone()> zone)
      : Counters(MakePdhSource()), zone_(std::move(zone)) {}

  void AddCommands(Commands& commands) override {
    Counters::AddCommands(commands);
    AddWindowsCommands({OpenWindowsRegistry, AskThisWmi, ListWindowsDevices,
                        ReadWindowsPrintQueues, ReadWindowsTimeService, &source()},
                       zone_, commands);
  }

 private:
  const std::function<checks::TimeZone()> zone_;
};

}  // namespace

std::unique_ptr<PlatformParts> MakePlatformParts(std::function<checks::TimeZone()> zone) {
  return std::make_unique<WindowsParts>(std::move(zone));
}

}  // namespace nscp::check_system
