// What other threads ask of the loop, in order, until the loop has ended. Any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

namespace nscp::kernel {

class RequestQueue {
 public:
  using Request = std::function<void()>;

  // False when the loop has ended, or when `limit` requests wait already.
  bool Post(Request request, size_t limit = SIZE_MAX);
  std::deque<Request> Take();
  // Ends the queue, if nothing waits in it: from then on nothing is taken in.
  bool End();
  void WaitForEnd();

 private:
  std::mutex mutex_;  // guards what follows
  std::condition_variable has_ended_;
  std::deque<Request> requests_;
  bool ended_ = false;
};

}  // namespace nscp::kernel
