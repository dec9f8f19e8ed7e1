// Latencies in buckets whose width grows with the value: a value is off by less than 1 %,
// and adding one allocates nothing. One thread at a time; Merge brings threads together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace nscp::bench {

class Histogram {
 public:
  void Add(uint64_t nanoseconds);
  void Merge(const Histogram& other);

  uint64_t count() const { return count_; }
  uint64_t max() const { return max_; }  // exact, also beyond the last bucket
  // The value below which `share` (0..1) of all values lie, as the middle of its bucket;
  // 0 where there are none.
  uint64_t Quantile(double share) const;

 private:
  static constexpr unsigned kFineBits = 7;  // 128 buckets for each power of two
  static constexpr unsigned kMaxBits = 40;  // 18 minutes; what is longer counts as that
  static constexpr size_t kFine = size_t{1} << kFineBits;
  static constexpr size_t kBuckets = (kMaxBits - kFineBits + 1) * kFine;

  static size_t BucketOf(uint64_t value);
  static uint64_t MiddleOf(size_t bucket);

  std::array<uint64_t, kBuckets> buckets_{};
  uint64_t count_ = 0;
  uint64_t max_ = 0;
};

}  // namespace nscp::bench
