#include "workers/sdk/pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>

namespace nscp::sdk {
namespace {

using std::chrono::seconds;
constexpr seconds kPatience{10};

Pool::Clock::time_point Soon() { return Pool::Clock::now() + kPatience; }

TEST_CASE("a pool runs as many calls at once as it has places") {
  Pool pool(3);
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::promise<void> all_in;
  std::atomic<int> in{0};
  for (int i = 0; i < 3; ++i) {
    REQUIRE(pool.Submit(Soon(), [&] {
      if (++in == 3) all_in.set_value();
      released.wait();
    }));
  }
  CHECK(all_in.get_future().wait_for(kPatience) == std::future_status::ready);
  std::atomic<bool> fourth{false};
  REQUIRE(pool.Submit(Soon(), [&] { fourth = true; }));
  CHECK_FALSE(pool.WaitIdle(Pool::Clock::now() + std::chrono::milliseconds(50)));
  CHECK_FALSE(fourth);
  release.set_value();
  CHECK(pool.WaitIdle(Soon()));
  CHECK(fourth);
}

// Each level waits for the next one, as an alias of an alias does.
void Nest(Pool& pool, int depth, std::atomic<int>& reached) {
  if (depth == 0) {
    ++reached;
    return;
  }
  std::promise<void> done;
  if (!pool.Submit(Soon(), [&] {
        Nest(pool, depth - 1, reached);
        done.set_value();
      })) {
    return;
  }
  const Pool::Blocked blocked(pool);
  done.get_future().wait_for(kPatience);
}

TEST_CASE("nested calls deeper than the pool do not deadlock") {
  Pool pool(2);
  std::atomic<int> reached{0};
  for (int i = 0; i < 10; ++i) {
    REQUIRE(pool.Submit(Soon(), [&] { Nest(pool, 5, reached); }));
  }
  CHECK(pool.WaitIdle(Soon()));
  CHECK(reached == 10);
}

TEST_CASE(
    "calls long past their deadline are set aside, at most four, and others go on") {
  Pool pool(2);
  std::promise<void> release;
  const auto released = release.get_future().share();
  const auto now = Pool::Clock::now();
  size_t aside = 0;
  for (size_t round = 1; round <= Pool::kMaxSetAside + 2; ++round) {
    std::promise<void> running;
    if (aside < Pool::kMaxSetAside) {
      REQUIRE(pool.Submit(now, [&running, released] {
        running.set_value();
        released.wait();
      }));
      REQUIRE(running.get_future().wait_for(kPatience) == std::future_status::ready);
    }
    CHECK(pool.SetOverdueAside(now + seconds(1)) == aside);  // not overdue yet
    aside = pool.SetOverdueAside(now + Pool::kOverdue);
    CHECK(aside == std::min(round, Pool::kMaxSetAside));
    std::promise<void> served;
    REQUIRE(pool.Submit(Soon(), [&] { served.set_value(); }));
    CHECK(served.get_future().wait_for(kPatience) == std::future_status::ready);
  }
  release.set_value();
  CHECK(pool.WaitIdle(Soon()));
  CHECK(pool.SetOverdueAside(Pool::Clock::now()) == 0);
}

TEST_CASE("a full queue is said at once") {
  Pool pool(1);
  std::promise<void> release;
  const auto released = release.get_future().share();
  size_t taken = 0;
  while (taken <= Pool::kMaxQueued + 1 &&
         pool.Submit(Soon(), [released] { released.wait(); })) {
    ++taken;
  }
  CHECK(taken >= Pool::kMaxQueued);
  CHECK(taken <= Pool::kMaxQueued + 1);
  release.set_value();
  CHECK(pool.WaitIdle(Soon()));
}

}  // namespace
}  // namespace nscp::sdk
