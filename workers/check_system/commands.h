// The commands of CheckSystem: from a command's name to the function that answers it. The
// table is made once, at the module's start, and then only read: any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workers/check_system/collector.h"
#include "workers/check_system/owner_names.h"
#include "workers/check_system/process_source.h"
#include "workers/checks/environment.h"
#include "workers/checks/time_zone.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

// One call of a command. Lives as long as the call.
struct Ask {
  const std::vector<std::string>& arguments;
  const checks::Environment& environment;
  sdk::Call& call;

  // False when nobody waits for the answer any more.
  bool Wait(int milliseconds) const;
};

using Command = std::function<sdk::CheckResult(const Ask&)>;
using Commands = std::map<std::string, Command, std::less<>>;

// What the commands share. Belongs to the module and outlives them.
struct Shared {
  Collector& collector;
  const ProcessSource& processes;
  OwnerNames& owners;
  std::function<checks::TimeZone()> zone;
};

Commands MakeCommands(Shared shared);
// Those that this system has beyond the others. Part of MakeCommands.
void AddPlatformCommands(const Shared& shared, Commands& commands);

// So long a check that comes right after the start waits for the first figures.
Collector::Clock::time_point FirstDataLimit(const Ask& ask);
// As the collector has just read it, else read now.
Result<MemorySample> MemoryNow(Collector& collector);

// A command of one check, which is made once: `run(const Check&, const Ask&)`.
template <class Check, class Run>
Command With(Run run) {
  return [check = std::make_shared<const Check>(), run](const Ask& ask) {
    return run(*check, ask);
  };
}

}  // namespace nscp::check_system
