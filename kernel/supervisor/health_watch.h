// Counts the health checks that one running process missed in a row. Time is passed in.
// The incarnation owns it, on the loop.
#pragma once

#include <chrono>

namespace nscp::kernel {

class HealthWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class Due { kNothing, kCheck, kHung };

  HealthWatch(std::chrono::milliseconds every, std::chrono::milliseconds deadline,
              int misses)
      : every_(every), deadline_(deadline), allowed_(misses) {}

  // The process is ready: the first check is due one period later.
  void Begin(TimePoint now) { next_ = now + every_; }
  // kCheck: ask now, the answer is due within the deadline. kHung: too many were missed.
  Due OnTimer(TimePoint now);
  void Answer(bool answered);
  // The machine slept, or this process did: the check under way proves nothing.
  void Forgive(TimePoint now);
  // When OnTimer is to be called next.
  TimePoint Deadline() const { return asked_ ? answer_due_ : next_; }
  int missed() const { return missed_; }

 private:
  void Miss();

  std::chrono::milliseconds every_;
  std::chrono::milliseconds deadline_;
  int allowed_;
  int missed_ = 0;
  bool asked_ = false;
  TimePoint next_ = TimePoint::max();
  TimePoint answer_due_ = TimePoint::max();
};

}  // namespace nscp::kernel
