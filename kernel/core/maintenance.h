// House keeping of the settings: every `settings maintenance interval` it looks whether
// remote ones have changed, on a thread of its own. The first look comes after one
// interval.
//
// Owned by the kernel. Start and Stop: the owner's thread; LookAgain: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace nscp::kernel {

class Maintenance {
 public:
  using Ms = std::chrono::milliseconds;

  static constexpr char kKey[] = "settings maintenance interval";
  static constexpr Ms kDefaultInterval{300000};
  static constexpr Ms kShortestInterval{1000};
  static constexpr Ms kLongestInterval{86400000};

  struct Work {
    std::function<std::string()> interval;  // as the settings have it
    std::function<void()> round;            // may block; ends soon once Stop is called
    std::function<void(const std::string& message)> warn;
  };
  explicit Maintenance(Work work) : work_(std::move(work)) {}
  ~Maintenance() { Stop(); }
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;

  void Start();
  void Stop();  // idempotent; waits for a round under way
  // The interval may have changed.
  void LookAgain();

 private:
  void Run();
  Ms Interval();

  const Work work_;
  std::string bad_interval_;  // told already
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool look_again_ = false;
  std::thread thread_;
};

}  // namespace nscp::kernel
