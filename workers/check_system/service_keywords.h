// What check_service offers to expressions and templates, and the words that it has for
// systemd's states. Any thread.
#pragma once

#include "workers/check_system/check_service.h"

namespace nscp::check_system {

enum class ServiceState {
  kUnknown = -10,
  kStopped = 0,
  kRunning,
  kStarting,
  kOneshot,
  kStatic
};

// What a service does, in one word. A unit without an [Install] section is static
// whatever it does.
ServiceState StateOf(const Unit& unit);
std::string_view StateWord(ServiceState state);

// Runs, or has run through and stays active.
bool IsStarted(const Unit& unit);
// As its unit file says: enabled ones are started, masked ones are stopped; of the others
// nothing is known.
bool StateIsOk(const Unit& unit);
// The same, and an enabled one runs (or was one that runs through).
bool StateIsPerfect(const Unit& unit);

checks::Keywords<ServiceRow> ServiceKeywords();
// Of its main process: memory, threads, processor, age.
void AddServiceFigures(checks::Keywords<ServiceRow>& k);

}  // namespace nscp::check_system
