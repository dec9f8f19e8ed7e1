#include "workers/net/at_once.h"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace nscp::net {
namespace {

constexpr std::chrono::seconds kLong{60};

void WaitFor(const Limit& limit) {
  while (!limit.IsOver()) std::this_thread::yield();
}

}  // namespace

TEST_CASE("every index is asked once, at most so many at a time") {
  constexpr size_t kCount = 200;
  std::mutex mutex;
  std::multiset<size_t> asked;
  std::atomic<size_t> running{0};
  std::atomic<size_t> most{0};
  AtOnce(kCount, Clock::now() + kLong, {}, [&](size_t index, const Limit&) {
    const size_t now = ++running;
    size_t seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    const std::lock_guard<std::mutex> lock(mutex);
    asked.insert(index);
    --running;
  });
  CHECK(asked.size() == kCount);
  CHECK(std::set<size_t>(asked.begin(), asked.end()).size() == kCount);
  CHECK(most <= kMaxAtOnce);
}

TEST_CASE("nobody is asked after the deadline, and those who are see it") {
  std::atomic<size_t> asked{0};
  const auto deadline = Clock::now() + std::chrono::milliseconds(50);
  AtOnce(10 * kMaxAtOnce, deadline, {}, [&](size_t, const Limit& limit) {
    ++asked;
    WaitFor(limit);
  });
  CHECK(Clock::now() >= deadline);
  CHECK(asked <= kMaxAtOnce);
  CHECK(asked > 0);
}

TEST_CASE("a caller that has gone ends it long before the deadline") {
  const auto start = Clock::now();
  std::atomic<bool> is_gone{false};
  AtOnce(
      3, start + kLong, [&] { return is_gone.load(); },
      [&](size_t, const Limit& limit) {
        is_gone = true;
        WaitFor(limit);
        CHECK(limit.IsStopped());
      });
  CHECK(Clock::now() < start + kLong / 2);
}

TEST_CASE("nothing to ask is done at once") {
  AtOnce(0, Clock::now() + kLong, {}, [](size_t, const Limit&) { CHECK(false); });
}

}  // namespace nscp::net
