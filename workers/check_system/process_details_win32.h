// What Windows tells of a process only to those who may open it, and of its windows and
// its owner. Any thread.
#pragma once

#include <map>
#include <set>
#include <string>

#include "workers/check_system/process_source.h"

namespace nscp::check_system {

// Windows of one session that are looked at; more are left out.
constexpr size_t kMaxWindows = 100000;

// Numbers of the processes with a window that takes no input. Only windows of the own
// session are seen: as a service the agent sees none of a user's.
std::set<int64_t> HungProcesses();

// Owners' names for one list of processes: Windows is asked once for each owner.
class TokenOwners {
 public:
  // "DOMAIN\\name", the SID where it has no name, empty where it may not be known.
  std::string Of(void* process);

 private:
  std::map<std::string, std::string> names_;  // by the bytes of the SID
};

// Fills in what is wished for of a process that is already known by its number. Its
// `error` is set where it may not be opened and wish.access.
void ReadProcessDetails(const ProcessWish& wish, TokenOwners& owners, Process& process);

}  // namespace nscp::check_system
