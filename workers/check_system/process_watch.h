// Looks at all processes once a second while somebody wants to know: the history, and
// those who look for changes. Owned by the module. Records: any thread; Configure, Start
// and Stop: one at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "workers/check_system/process_history.h"
#include "workers/check_system/process_source.h"
#include "workers/check_system/ticker.h"

namespace nscp::check_system {

class ProcessWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kInterval{1000};
  // A history older than this is not given out as if it were of now.
  static constexpr std::chrono::seconds kMaxAge{10};

  // What is looked at, and who is told after each look.
  struct Wish {
    bool history = false;
    // What `look` needs of each process beside its figures and names.
    bool command_line = false;
    bool details = false;
    std::function<void(const std::vector<Process>&)> look;  // may be empty
  };

  // `now`: seconds since 1970. Both outlive it.
  ProcessWatch(const ProcessSource& source, std::function<int64_t()> now);
  ~ProcessWatch();

  // Ends what runs and starts anew with this wish; with an empty one it rests. The
  // history is kept as long as it is wished for.
  void Configure(Wish wish);
  void Stop();

  bool has_history() const;
  // Waits for the first look, but not beyond `until`. Errors: no history is kept, none
  // yet, the last look is too long ago.
  Result<std::vector<ProcessRecord>> Records(Clock::time_point until);

 private:
  void Look();
  Result<std::vector<Process>> Read() const;
  // Under the lock.
  void Remember(const std::vector<Process>& processes);

  const ProcessSource& source_;
  const std::function<int64_t()> now_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Wish wish_;
  ProcessHistory history_;
  bool has_looked_ = false;
  Clock::time_point last_look_;
  Status last_error_;
  Ticker ticker_{kInterval, [this] { Look(); }};  // the last member: its thread uses them
};

}  // namespace nscp::check_system
