// The units of the system's service manager: on Linux systemd's, asked over D-Bus.
// Elsewhere every answer is an error that says so. Keeps nothing between two calls: any
// thread.
//
// Source: org.freedesktop.systemd1(5), systemd.unit(5).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Bounds: units taken of one answer; how long systemd may keep silent, which holds for
// the connection and for each call; how long all of it may take.
constexpr size_t kMaxUnits = 20000;
constexpr std::chrono::seconds kSilenceLimit{5};
constexpr std::chrono::seconds kAnswerLimit{30};

// Texts are as systemd gives them; what was not wished for, or is not known of this unit,
// is empty.
struct Unit {
  std::string id;  // with its type: "cron.service"
  std::string description;
  std::string load;        // loaded, not-found, masked, error ...
  std::string active;      // active, inactive, failed, activating ...
  std::string sub;         // what exactly: running, exited, dead, start ...
  std::string file_state;  // enabled, disabled, static, masked ...
  std::string preset;      // what the distribution would have: enabled, disabled
  int64_t main_pid = 0;    // 0 = no process
  std::optional<uint64_t> tasks;
};

// Each of these costs a question for each unit.
struct UnitWish {
  bool file_state = false;
  bool preset = false;
  bool main_pid = false;
  bool tasks = false;
  // True once nobody waits for the answer. May be empty.
  std::function<bool()> cancelled;
};

class ServiceManager {
 public:
  virtual ~ServiceManager() = default;
  // All services that are loaded. One that ends while it is asked about is left out.
  virtual Result<std::vector<Unit>> List(const UnitWish& wish) const = 0;
  // The units of these ids, in this order; one that there is not is "not-found" and
  // inactive.
  virtual Result<std::vector<Unit>> Find(const std::vector<std::string>& ids,
                                         const UnitWish& wish) const = 0;
};

// `address`: of the system bus, in D-Bus' notation and of the kind "unix:"; empty = what
// the environment names (DBUS_SYSTEM_BUS_ADDRESS), else the standard one.
std::unique_ptr<ServiceManager> MakeServiceManager(std::string address);

}  // namespace nscp::check_system
