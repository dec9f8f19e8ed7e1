// The load of the last seconds, one entry a second, and averages over them. Bounded: the
// oldest entry goes when the ring is full. Not locked: CpuCollector owns one and guards
// it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "workers/check_system/cpu_source.h"

namespace nscp::check_system {

// One day.
constexpr int64_t kMaxHistorySeconds = 86400;

// Shares of the time in percent, 0 to 100.
struct CpuLoad {
  double user = 0;
  double kernel = 0;
  double idle = 0;
};

struct CpuAverages {
  CpuLoad total;
  std::vector<CpuLoad> cores;
};

// What happened between two samples. Counters that run backwards (a core was taken away,
// a virtual machine moved) count as no time at all.
CpuLoad LoadBetween(const CpuTicks& before, const CpuTicks& after);

class CpuHistory {
 public:
  // At least 1, at most kMaxHistorySeconds; entries beyond are dropped.
  void SetCapacity(int64_t seconds);
  // The first sample only begins the history.
  void Add(const CpuSample& sample);
  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size(); }
  // Over the newest `seconds`, or over all there is. Only if not empty.
  CpuAverages Average(int64_t seconds) const;

 private:
  // Hundredths of a percent: a day of a machine with many cores is large.
  struct Packed {
    uint16_t user = 0;
    uint16_t kernel = 0;
    uint16_t idle = 0;
  };
  static Packed Pack(const CpuLoad& load);

  size_t capacity_ = 3600;
  std::optional<CpuSample> last_;
  std::deque<std::vector<Packed>> entries_;  // oldest first; each: total, then the cores
};

}  // namespace nscp::check_system
