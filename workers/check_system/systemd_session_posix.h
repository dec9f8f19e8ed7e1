// One connection to systemd over D-Bus (sd-bus(3)), for one call of a check: everything
// is asked without blocking, so that each wait has an end and is noticed by whoever has
// gone. Used by one thread.
#pragma once

#include <systemd/sd-bus.h>

#include <memory>
#include <string>
#include <vector>

#include "workers/check_system/service_manager.h"

namespace nscp::check_system {

// One property of a unit and where it goes. An error is sd-bus' negative errno.
struct UnitProperty {
  const char* interface;
  const char* name;
  const char* type;
  int (*take)(sd_bus_message* message, Unit& unit);
};

// A unit with the object that stands for it.
struct UnitEntry {
  Unit unit;
  std::string path;
  bool is_gone = false;
};

// One connection, for one call of the check.
class SystemdSession {
 public:
  SystemdSession(std::string address, const UnitWish& wish)
      : address_(std::move(address)), wish_(wish) {}

  Status Open();
  // All units of services that are loaded.
  Status List(std::vector<UnitEntry>& entries);
  // These properties of each of them; one that there is not leaves its field as it is.
  Status Read(std::vector<UnitEntry>& entries,
              const std::vector<const UnitProperty*>& properties);

 private:
  struct Question {
    SystemdSession* session;
    UnitEntry* entry;
    const UnitProperty* property;
  };

  static int TakeList(sd_bus_message* message, void* session, sd_bus_error*);
  static int TakeProperty(sd_bus_message* message, void* question, sd_bus_error*);
  int ReadList(sd_bus_message* message);
  // Whether there is an answer to read; an error that ends everything is kept.
  bool IsAnswer(sd_bus_message* message, UnitEntry* entry);
  void Fail(int error);
  Status Ask(Question& question);
  // Goes on until at most so many questions are open.
  Status WaitFor(size_t asked);
  Status Step();
  Status Late() const;
  Status Broken(int error) const;

  using Clock = std::chrono::steady_clock;

  const std::string address_;
  const UnitWish& wish_;
  const Clock::time_point end_ = Clock::now() + kAnswerLimit;
  Clock::time_point silent_since_ = Clock::now();
  std::vector<UnitEntry>* list_ = nullptr;
  size_t asked_ = 0;
  Status failure_;
  // Closed without sending the rest: that could block.
  std::unique_ptr<sd_bus, sd_bus* (*)(sd_bus*)> bus_{nullptr, &sd_bus_close_unref};
};

}  // namespace nscp::check_system
