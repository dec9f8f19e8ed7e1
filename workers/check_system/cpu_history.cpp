#include "workers/check_system/cpu_history.h"

#include <algorithm>
#include <cmath>

namespace nscp::check_system {
namespace {

double Since(uint64_t before, uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

}  // namespace

CpuLoad LoadBetween(const CpuTicks& before, const CpuTicks& after) {
  const double user = Since(before.user, after.user);
  const double kernel = Since(before.kernel, after.kernel);
  const double idle = Since(before.idle, after.idle);
  const double all = user + kernel + idle;
  if (all <= 0) return {0, 0, 100};
  return {100 * user / all, 100 * kernel / all, 100 * idle / all};
}

CpuHistory::Packed CpuHistory::Pack(const CpuLoad& load) {
  auto hundredths = [](double percent) {
    return static_cast<uint16_t>(std::lround(percent * 100));
  };
  return {hundredths(load.user), hundredths(load.kernel), hundredths(load.idle)};
}

void CpuHistory::SetCapacity(int64_t seconds) {
  capacity_ = static_cast<size_t>(std::clamp(seconds, int64_t{1}, kMaxHistorySeconds));
  while (entries_.size() > capacity_) entries_.pop_front();
}

void CpuHistory::Add(const CpuSample& sample) {
  if (last_) {
    std::vector<Packed> entry;
    entry.reserve(1 + sample.cores.size());
    entry.push_back(Pack(LoadBetween(last_->total, sample.total)));
    for (size_t core = 0; core < sample.cores.size(); ++core) {
      const CpuTicks before =
          core < last_->cores.size() ? last_->cores[core] : sample.cores[core];
      entry.push_back(Pack(LoadBetween(before, sample.cores[core])));
    }
    entries_.push_back(std::move(entry));
    if (entries_.size() > capacity_) entries_.pop_front();
  }
  last_ = sample;
}

CpuAverages CpuHistory::Average(int64_t seconds) const {
  const size_t wanted = static_cast<size_t>(std::max<int64_t>(seconds, 1));
  const size_t count = std::min(wanted, entries_.size());
  // Cores may come and go: an average is over the seconds in which the core was there.
  std::vector<CpuLoad> sums(entries_.back().size());
  std::vector<size_t> counts(sums.size());
  for (size_t i = entries_.size() - count; i < entries_.size(); ++i) {
    const auto& entry = entries_[i];
    for (size_t row = 0; row < std::min(entry.size(), sums.size()); ++row) {
      sums[row].user += entry[row].user;
      sums[row].kernel += entry[row].kernel;
      sums[row].idle += entry[row].idle;
      ++counts[row];
    }
  }
  for (size_t row = 0; row < sums.size(); ++row) {
    const double divisor = 100.0 * static_cast<double>(counts[row]);
    sums[row].user /= divisor;
    sums[row].kernel /= divisor;
    sums[row].idle /= divisor;
  }
  CpuAverages averages;
  averages.total = sums[0];
  averages.cores.assign(sums.begin() + 1, sums.end());
  return averages;
}

}  // namespace nscp::check_system
