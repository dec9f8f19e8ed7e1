// What `user`, `kernel` and `time` of a process show: seconds since its start, or its
// share of the processors between two looks. Made for one run of a check.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "workers/check_system/check_process.h"

namespace nscp::check_system {

class Times {
 public:
  virtual ~Times() = default;
  // False when there is nothing to show for this process.
  virtual bool Fill(ProcessRow& row) const = 0;
};

class Seconds final : public Times {
 public:
  explicit Seconds(uint64_t ticks_per_second) : ticks_per_second_(ticks_per_second) {}
  bool Fill(ProcessRow& row) const override;

 private:
  const uint64_t ticks_per_second_;
};

// Whole percent of the time that passed on all processors. Nothing for a process that was
// not there at the first look, or is another one under the same number.
class Shares final : public Times {
 public:
  // All processes that are wished for, as they are now.
  Status TakeFirst(const ProcessSource& source, const ProcessWish& wish);
  // Some time later, right before the processes are looked at again.
  Status TakeSecond(const ProcessSource& source);
  bool Fill(ProcessRow& row) const override;

 private:
  struct Ticks {
    uint64_t start = 0;
    uint64_t user = 0;
    uint64_t kernel = 0;
  };
  int64_t Percent(uint64_t ticks) const;

  std::unordered_map<int64_t, Ticks> first_;  // by pid
  uint64_t start_ = 0;
  uint64_t passed_ = 0;
};

}  // namespace nscp::check_system
