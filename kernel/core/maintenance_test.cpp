#include "kernel/core/maintenance.h"

#include <doctest/doctest.h>

#include <future>
#include <utility>

namespace nscp::kernel {
namespace {

using std::chrono::seconds;

TEST_CASE("a round comes after the interval, and a new interval counts at once") {
  std::mutex mutex;
  std::string interval = "1h";
  std::promise<void> round;
  bool done = false;
  Maintenance::Work work;
  work.interval = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    return interval;
  };
  work.round = [&] {
    if (!std::exchange(done, true)) round.set_value();
  };
  work.warn = [](const std::string&) {};
  Maintenance maintenance(std::move(work));
  maintenance.Start();
  auto told = round.get_future();
  CHECK(told.wait_for(seconds(0)) == std::future_status::timeout);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    interval = "1ms";  // taken for the shortest
  }
  const auto start = std::chrono::steady_clock::now();
  maintenance.LookAgain();
  REQUIRE(told.wait_for(seconds(10)) == std::future_status::ready);
  CHECK(std::chrono::steady_clock::now() - start < seconds(10));
  maintenance.Stop();
  maintenance.Stop();
}

TEST_CASE("an interval that is no time is told once, and the default is taken") {
  std::promise<std::string> told;
  int count = 0;
  Maintenance::Work work;
  work.interval = [] { return std::string("soon"); };
  work.round = [] {};
  work.warn = [&](const std::string& text) {
    if (++count == 1) told.set_value(text);
  };
  Maintenance maintenance(std::move(work));
  maintenance.Start();
  auto text = told.get_future();
  REQUIRE(text.wait_for(seconds(10)) == std::future_status::ready);
  CHECK(text.get().find("'soon'") != std::string::npos);
  maintenance.LookAgain();
  maintenance.Stop();
  CHECK(count == 1);
}

}  // namespace
}  // namespace nscp::kernel
