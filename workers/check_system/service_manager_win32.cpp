#include <map>

#include "proto/cpp/text.h"
#include "workers/check_system/service_manager.h"
#include "workers/check_system/service_name.h"
#include "workers/check_system/windows_services.h"

namespace nscp::check_system {
namespace {

Unit MakeUnit(const WindowsService& service) {
  Unit unit;
  unit.id = service.name + ".service";
  unit.description = service.display;
  unit.load = "loaded";
  unit.active = service.state == WindowsState::kRunning ? "active" : "inactive";
  unit.main_pid = service.pid;
  return unit;
}

// Windows' services in systemd's words, for tags of services: check_service has a form of
// its own here.
class WindowsServiceManager final : public ServiceManager {
 public:
  Result<std::vector<Unit>> List(const UnitWish& wish) const override {
    ServiceQuery query;
    query.cancelled = wish.cancelled;
    ASSIGN_OR_RETURN(const auto services, MakeWindowsServices()->List(query));
    std::vector<Unit> units;
    for (const WindowsService& service : services) units.push_back(MakeUnit(service));
    return units;
  }

  Result<std::vector<Unit>> Find(const std::vector<std::string>& ids,
                                 const UnitWish& wish) const override {
    ASSIGN_OR_RETURN(const std::vector<Unit> all, List(wish));
    std::map<std::string, const Unit*> known;
    for (const Unit& unit : all) known.emplace(ToLowerAscii(unit.id), &unit);
    std::vector<Unit> units;
    for (const std::string& id : ids) {
      const auto found = known.find(ToLowerAscii(id));
      Unit missing;
      missing.id = id;
      missing.load = "not-found";
      missing.active = "inactive";
      units.push_back(found == known.end() ? missing : *found->second);
    }
    return units;
  }
};

}  // namespace

std::unique_ptr<ServiceManager> MakeServiceManager(std::string) {
  return std::make_unique<WindowsServiceManager>();
}

}  // namespace nscp::check_system
