// Long jobs never take the threads that short ones need, and every queue has its bound.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>

#include "gateway/http/pool.h"
#include "gateway/http/test_client.h"

namespace nscp::gateway {
namespace {

using testing::Gate;

TEST_CASE("a pool grows while all threads are busy, up to its bound") {
  Gate gate;
  Pool pool({2, 5, 0, 100});
  CHECK(pool.threads() == 2);
  for (int i = 0; i < 9; ++i) REQUIRE(pool.Submit([&] { gate.Wait(); }, false));
  CHECK(gate.AwaitVisitors(5));
  CHECK(pool.threads() == 5);
  gate.Open();
}

TEST_CASE("a pool that isn't busy doesn't grow") {
  constexpr int kJobs = 200;  // one after the other
  Gate done;
  done.Open();
  Pool pool({2, 2 + kJobs, 0, 100});
  for (int i = 1; i <= kJobs; ++i) {
    REQUIRE(pool.Submit([&] { done.Wait(); }, false));
    REQUIRE(done.AwaitVisitors(i));
  }
  // On a busy machine a thread may still be on its way back to waiting when the next job
  // comes.
  CHECK(pool.threads() < kJobs / 2);
}

TEST_CASE(
    "short jobs run while long ones fill all threads they may have and their queue") {
  Gate long_gate;
  Gate short_gate;
  Pool pool({1, 6, 2, 10});
  int accepted = 0;
  while (accepted < 4) {
    REQUIRE(pool.Submit([&] { long_gate.Wait(); }, true));
    ++accepted;
  }
  REQUIRE(long_gate.AwaitVisitors(4));
  while (pool.Submit([&] { long_gate.Wait(); }, true)) ++accepted;
  CHECK(accepted == 4 + 10);  // running and queued; the next one is refused
  for (int i = 0; i < 2; ++i) REQUIRE(pool.Submit([&] { short_gate.Wait(); }, false));
  CHECK(short_gate.AwaitVisitors(2));
  CHECK(pool.threads() == 6);
  CHECK(pool.Submit([] {}, false));
  short_gate.Open();
  long_gate.Open();
}

TEST_CASE("a pool that ends drops what is queued and waits for what runs") {
  Gate dropped;
  Gate started;
  std::atomic<bool> finished{false};
  started.Open();
  {
    Pool pool({1, 1, 0, 100});
    REQUIRE(pool.Submit(
        [&] {
          started.Wait();
          finished = dropped.Wait();
        },
        false));
    REQUIRE(started.AwaitVisitors(1));
    const std::shared_ptr<Gate> opens(&dropped, [](Gate* gate) { gate->Open(); });
    REQUIRE(pool.Submit([opens] { FAIL("a dropped job ran"); }, true));
  }
  CHECK(finished);
}

}  // namespace
}  // namespace nscp::gateway
