#include "workers/net/at_once.h"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace nscp::net {
namespace {

class Round {
 public:
  Round(size_t count, Deadline deadline,
        const std::function<void(size_t, const Limit&)>& ask)
      : count_(count), limit_{deadline, &stop_}, ask_(ask) {}

  // A thread's work.
  void Work() {
    for (;;) {
      const size_t index = next_++;
      if (index >= count_ || limit_.IsOver()) break;
      ask_(index, limit_);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    ++ended_;
    changed_.notify_one();
  }

  // Until so many threads have ended.
  void Watch(size_t threads, const std::function<bool()>& cancelled) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (
        !changed_.wait_for(lock, fetch::kStopLook, [&] { return ended_ == threads; })) {
      if (cancelled && cancelled()) stop_ = true;
    }
  }

 private:
  const size_t count_;
  std::atomic<bool> stop_{false};
  const Limit limit_;
  const std::function<void(size_t, const Limit&)>& ask_;
  std::atomic<size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t ended_ = 0;
};

}  // namespace

void AtOnce(size_t count, Deadline deadline, const std::function<bool()>& cancelled,
            const std::function<void(size_t index, const Limit& limit)>& ask) {
  Round round(count, deadline, ask);
  std::vector<std::thread> threads;
  const size_t wanted = std::min(count, kMaxAtOnce);
  threads.reserve(wanted);
  while (threads.size() < wanted) {
    try {
      threads.emplace_back([&round] { round.Work(); });
    } catch (const std::system_error&) {
      break;  // the system gives no more: those that there are do the work
    }
  }
  if (threads.empty() && count > 0) round.Work();
  round.Watch(threads.empty() && count > 0 ? 1 : threads.size(), cancelled);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace nscp::net
