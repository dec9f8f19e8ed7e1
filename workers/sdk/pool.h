// The worker's pool of threads for calls. A thread that waits for a nested call gives its
// place to another (Blocked), so that a pool of two can serve any depth; a call that runs
// on long after its deadline is set aside and its place given to a fresh thread, at most
// kMaxSetAside of them. Any thread may call; the owner destroys it when no call is
// running (or ends the process).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace nscp::sdk {

class Pool {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr size_t kMaxSetAside = 4;
  static constexpr size_t kMaxThreads = 256;  // blocked and set aside ones counted
  static constexpr size_t kMaxQueued = 1024;
  static constexpr std::chrono::seconds kOverdue{5};  // past the deadline

  explicit Pool(size_t size);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // False when the queue is full.
  bool Submit(Clock::time_point deadline, std::function<void()> task);

  // The calling pool thread waits for something that may need the pool itself.
  class Blocked {
   public:
    explicit Blocked(Pool& pool);
    ~Blocked();
    Blocked(const Blocked&) = delete;
    Blocked& operator=(const Blocked&) = delete;

   private:
    Pool& pool_;
  };

  // Sets overdue calls aside. Gives how many there are now that still run.
  size_t SetOverdueAside(Clock::time_point now);
  // Waits until nothing runs or waits, but at most until `limit`; false when something
  // still does.
  bool WaitIdle(Clock::time_point limit);

 private:
  struct Task {
    Clock::time_point deadline;
    std::function<void()> run;
  };
  struct Worker {
    std::thread thread;
    Clock::time_point deadline;
    bool busy = false;
    bool aside = false;
    bool finished = false;
  };

  void GrowLocked();
  void ReapLocked();
  void Run(std::list<Worker>::iterator self);

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  const std::ptrdiff_t size_;
  // Threads that may take work: not blocked, not aside. Signed: a blocked thread that is
  // set aside counts as both until it comes back.
  std::ptrdiff_t active_ = 0;
  size_t waiting_ = 0;  // of those, without work
  size_t running_ = 0;
  bool stopping_ = false;
  std::deque<Task> queue_;
  std::list<Worker> workers_;
};

}  // namespace nscp::sdk
