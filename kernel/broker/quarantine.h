// Calls that end their worker. A call is a module, a command and its arguments. The death
// of a worker makes every call in flight a suspect, unless its last words name the one
// that crashed it (proof). A suspect of two deaths runs alone next time, and a death then
// is proof too. Three proofs within an hour quarantine the call; the module's other calls
// go on.
//
// Pure bookkeeping: the clock is passed in. Owned by the broker, which guards it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nscp::kernel {

class Quarantine {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr int kDeathsBeforeAlone = 2;
  static constexpr int kProofs = 3;
  static constexpr std::chrono::hours kWindow{1};
  static constexpr size_t kMaxRemembered = 1000;  // calls; the oldest are forgotten first

  static std::string Key(const std::string& module, const std::string& command,
                         const std::vector<std::string>& arguments);

  // A worker died unasked. `in_flight` are its calls; `proven` is the one that its last
  // words name, or that ran alone; empty = nobody knows.
  void Died(const std::vector<std::string>& in_flight, const std::string& proven,
            Clock::time_point now);

  enum class Verdict { kRun, kRunAlone, kQuarantined };
  Verdict Judge(const std::string& key, Clock::time_point now);
  // How long the quarantine of this call still lasts.
  std::chrono::seconds Left(const std::string& key, Clock::time_point now) const;

 private:
  struct Record {
    int deaths = 0;
    std::deque<Clock::time_point> proofs;
    Clock::time_point last;
  };
  void ForgetOldest(Clock::time_point now);

  std::map<std::string, Record> records_;
};

}  // namespace nscp::kernel
