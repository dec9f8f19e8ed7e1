// Updates that the system's package manager would install. Asking it takes seconds, so
// the answer is kept for a while.
//
// Sources: apt-get(8), dnf(8), yum(8), zypper(8), pacman(8); the Windows Update Agent.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/check_system/tool.h"

namespace nscp::check_system {

// So long an answer is given again; and how long a package manager may take, which may
// ask its servers.
constexpr std::chrono::minutes kUpdatesKept{10};
constexpr std::chrono::minutes kUpdatesLimit{2};

struct Updates {
  std::string manager;                // "apt-get"
  std::vector<std::string> packages;  // names, each once
  size_t security = 0;                // how many of them mend a hole
  int64_t age = 0;                    // seconds since the manager was asked
};

// Output of `apt-get -s upgrade`: its "Inst" lines; security updates come from an origin
// that says so.
void ParseAptUpgrade(std::string_view text, Updates& updates);
// Output of `dnf -q check-update` and `yum -q check-update`: a line for each package, up
// to the list of obsolete ones.
std::vector<std::string> ParseDnfUpdates(std::string_view text);
// The third column of `zypper list-updates`.
std::vector<std::string> ParseZypperUpdates(std::string_view text);
// Patches in `zypper list-patches --category security` that are needed.
size_t CountZypperPatches(std::string_view text);
// Output of `pacman -Qu`, without packages that are held back.
std::vector<std::string> ParsePacmanUpdates(std::string_view text);

// Asks the first package manager that is there.
Result<Updates> AskForUpdates(const RunTool& run);
// What this system has: the same, on Windows Windows Update without its servers. Gives up
// once `stopping`.
Result<Updates> AskThisSystem(const RunTool& run, const std::function<bool()>& stopping);

// The answer of now or of a short while ago. The manager is asked on a thread of its own,
// which goes on when who asked has gone: on a slow machine the next one then gets the
// answer. Any thread; owned by the module, whose Stop calls Stop.
class UpdatesKeeper {
 public:
  using Clock = std::chrono::steady_clock;

  UpdatesKeeper();
  // For tests. `run` is called on the thread.
  UpdatesKeeper(RunTool run, std::function<Clock::time_point()> now);
  ~UpdatesKeeper();

  // Waits for the answer until `cancelled`.
  Result<Updates> Get(const std::function<bool()>& cancelled);
  // Ends what runs; nothing is asked any more.
  void Stop();

 private:
  void Ask();

  const std::function<Result<Updates>()> ask_;
  const std::function<Clock::time_point()> now_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
  bool is_asking_ = false;
  uint64_t answers_ = 0;  // how often the manager has answered
  Result<Updates> last_{Status::Unavailable("nothing was asked yet")};
  Clock::time_point asked_;  // when the last answer came
};

}  // namespace nscp::check_system
