// systemd's units: which properties are asked for, and where.
#include "workers/check_system/service_manager.h"

#include <cstdlib>

#include "workers/check_system/systemd_session_posix.h"

namespace nscp::check_system {
namespace {

constexpr char kStandardAddress[] = "unix:path=/run/dbus/system_bus_socket";
constexpr char kUnitPath[] = "/org/freedesktop/systemd1/unit";
constexpr char kUnitInterface[] = "org.freedesktop.systemd1.Unit";
constexpr char kServiceInterface[] = "org.freedesktop.systemd1.Service";

template <std::string Unit::*member>
int TakeText(sd_bus_message* message, Unit& unit) {
  const char* text = nullptr;
  const int result = sd_bus_message_read_basic(message, 's', &text);
  if (result > 0) unit.*member = text;
  return result;
}

int TakeMainPid(sd_bus_message* message, Unit& unit) {
  uint32_t pid = 0;
  const int result = sd_bus_message_read_basic(message, 'u', &pid);
  unit.main_pid = pid;
  return result;
}

int TakeTasks(sd_bus_message* message, Unit& unit) {
  uint64_t tasks = 0;
  const int result = sd_bus_message_read_basic(message, 't', &tasks);
  // The largest number means: not known.
  if (result > 0 && tasks != UINT64_MAX) unit.tasks = tasks;
  return result;
}

constexpr UnitProperty kDescription{kUnitInterface, "Description", "s",
                                    TakeText<&Unit::description>};
constexpr UnitProperty kLoad{kUnitInterface, "LoadState", "s", TakeText<&Unit::load>};
constexpr UnitProperty kActive{kUnitInterface, "ActiveState", "s",
                               TakeText<&Unit::active>};
constexpr UnitProperty kSub{kUnitInterface, "SubState", "s", TakeText<&Unit::sub>};
constexpr UnitProperty kFileState{kUnitInterface, "UnitFileState", "s",
                                  TakeText<&Unit::file_state>};
constexpr UnitProperty kPreset{kUnitInterface, "UnitFilePreset", "s",
                               TakeText<&Unit::preset>};
constexpr UnitProperty kMainPid{kServiceInterface, "MainPID", "u", TakeMainPid};
constexpr UnitProperty kTasks{kServiceInterface, "TasksCurrent", "t", TakeTasks};

std::vector<const UnitProperty*> WishedFor(const UnitWish& wish) {
  std::vector<const UnitProperty*> properties;
  if (wish.file_state) properties.push_back(&kFileState);
  if (wish.preset) properties.push_back(&kPreset);
  if (wish.main_pid) properties.push_back(&kMainPid);
  if (wish.tasks) properties.push_back(&kTasks);
  return properties;
}

class Systemd final : public ServiceManager {
 public:
  explicit Systemd(std::string address) : address_(std::move(address)) {}

  Result<std::vector<Unit>> List(const UnitWish& wish) const override {
    std::vector<UnitEntry> entries;
    SystemdSession session(address_, wish);
    RETURN_IF_ERROR(session.Open());
    RETURN_IF_ERROR(session.List(entries));
    RETURN_IF_ERROR(session.Read(entries, WishedFor(wish)));
    std::vector<Unit> units;
    for (UnitEntry& entry : entries) {
      if (!entry.is_gone) units.push_back(std::move(entry.unit));
    }
    return units;
  }

  Result<std::vector<Unit>> Find(const std::vector<std::string>& ids,
                                 const UnitWish& wish) const override {
    std::vector<UnitEntry> entries;
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(std::string path, PathOf(id));
      UnitEntry entry;
      entry.unit.id = id;
      entry.path = std::move(path);
      entries.push_back(std::move(entry));
    }
    std::vector<const UnitProperty*> properties = {&kDescription, &kLoad, &kActive,
                                                   &kSub};
    for (const UnitProperty* property : WishedFor(wish)) properties.push_back(property);
    SystemdSession session(address_, wish);
    RETURN_IF_ERROR(session.Open());
    RETURN_IF_ERROR(session.Read(entries, properties));
    std::vector<Unit> units;
    for (UnitEntry& entry : entries) {
      if (entry.is_gone) {
        entry.unit =
            Unit{entry.unit.id, "", "not-found", "inactive", "dead", "", "", 0, {}};
      }
      units.push_back(std::move(entry.unit));
    }
    return units;
  }

 private:
  static Result<std::string> PathOf(const std::string& id) {
    char* path = nullptr;
    if (sd_bus_path_encode(kUnitPath, id.c_str(), &path) < 0) {
      return Status::Internal("Failed to ask systemd for " + id + ": no memory");
    }
    const std::unique_ptr<char, void (*)(void*)> owner(path, &std::free);
    return std::string(path);
  }

  const std::string address_;
};

}  // namespace

std::unique_ptr<ServiceManager> MakeServiceManager(std::string address) {
  if (address.empty()) {
    const char* named = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
    address = named == nullptr || *named == '\0' ? kStandardAddress : named;
  }
  return std::make_unique<Systemd>(std::move(address));
}

}  // namespace nscp::check_system
