#include "tests/bench/load/histogram.h"

#include <algorithm>
#include <cmath>

namespace nscp::bench {

size_t Histogram::BucketOf(uint64_t value) {
  value = std::min(value, (uint64_t{1} << kMaxBits) - 1);
  unsigned shift = 0;
  while ((value >> shift) >= 2 * kFine) ++shift;
  const size_t fine = static_cast<size_t>(value >> shift);
  return shift * kFine + fine;  // from the second power on `fine` begins at kFine
}

uint64_t Histogram::MiddleOf(size_t bucket) {
  if (bucket < 2 * kFine) return bucket;
  const size_t shift = bucket / kFine - 1;
  const uint64_t low = static_cast<uint64_t>(bucket - shift * kFine) << shift;
  return low + (uint64_t{1} << shift) / 2;
}

void Histogram::Add(uint64_t nanoseconds) {
  ++buckets_[BucketOf(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

uint64_t Histogram::Quantile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted =
      static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_)));
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= std::max<uint64_t>(wanted, 1)) return std::min(MiddleOf(i), max_);
  }
  return max_;
}

}  // namespace nscp::bench
