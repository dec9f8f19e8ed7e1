// Threads for the handlers: a few at the start, more while all are busy, never more than
// a bound. Long jobs may take all but `reserved` of them, so a short one is served at
// once however many long ones run or wait. Any thread may submit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace nscp::gateway {

class Pool {
 public:
  struct Bounds {
    unsigned start;
    unsigned max;
    unsigned reserved;
    size_t max_queued;  // of each kind
  };
  explicit Pool(const Bounds& bounds);
  ~Pool();  // drops what is queued, waits for what runs

  // False: the queue of that kind is full, or no thread could be made. `job` must not
  // throw.
  bool Submit(std::function<void()> job, bool is_long);
  size_t threads() const;

 private:
  struct Job {
    uint64_t number = 0;
    std::function<void()> run;
    bool is_long = false;
  };
  void Work();
  // With mutex_ held:
  bool Grow();
  size_t Eligible() const;
  bool Take(Job* job);

  const Bounds bounds_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> short_;
  std::deque<Job> long_;
  std::vector<std::thread> threads_;
  uint64_t next_number_ = 0;
  size_t idle_ = 0;
  size_t running_long_ = 0;
  bool ending_ = false;
};

}  // namespace nscp::gateway
