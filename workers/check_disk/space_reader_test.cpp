#include "workers/check_disk/space_reader.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

namespace nscp::check_disk {
namespace {

using Clock = SpaceReader::Clock;
using std::chrono::milliseconds;

// Long enough for a thread to begin on a machine that is busy.
constexpr milliseconds kPatience{400};
constexpr std::chrono::hours kLong{1};

// File systems below /hung answer when the test lets them.
class FakeSystem {
 public:
  Result<Space> operator()(const std::string& path) {
    ++asked;
    if (path == "/none") return Status::NotFound("nothing there");
    if (path.rfind("/hung", 0) == 0) released_.wait();
    Space space;
    space.size = path.size();
    return space;
  }
  void Release() { release_.set_value(); }

  std::atomic<int> asked{0};

 private:
  std::promise<void> release_;
  const std::shared_future<void> released_ = release_.get_future().share();
};

TEST_CASE("a file system that does not answer costs its own question alone") {
  FakeSystem system;
  {
    SpaceReader reader([&](const std::string& path) { return system(path); }, kPatience);
    const auto until = Clock::now() + kLong;
    CHECK(reader.Ask("/", until)->size == 1);
    CHECK(reader.Ask("/none", until).status().code() == Code::kNotFound);

    const auto before = Clock::now();
    const auto hung = reader.Ask("/hung", until);
    CHECK(hung.status().code() == Code::kDeadlineExceeded);
    CHECK(hung.status().message().rfind("The file system of /hung has not answered", 0) ==
          0);
    CHECK(Clock::now() - before >= kPatience);

    // It is not asked again, and nobody waits for it again.
    const int asked = system.asked;
    CHECK_FALSE(reader.Ask("/hung", until).ok());
    CHECK(system.asked == asked);
    CHECK(reader.Ask("/other", until)->size == 6);
    system.Release();
  }
  CHECK(system.asked == 4);
}

TEST_CASE("only so many may hang, and all answer again when they do") {
  FakeSystem system;
  SpaceReader reader([&](const std::string& path) { return system(path); }, kPatience);
  const auto until = Clock::now() + kLong;
  for (size_t i = 0; i < SpaceReader::kMaxHung; ++i) {
    const auto soon = Clock::now() + milliseconds(1);
    CHECK_FALSE(reader.Ask("/hung" + std::to_string(i), soon).ok());
  }
  // They hang once they are old enough; until then others are asked.
  const auto hang = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < hang && reader.Ask("/", until).ok()) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  const int asked = system.asked;
  const auto refused = reader.Ask("/", until);
  CHECK(refused.status().message() ==
        "The file system of / was not asked: 8 others do not answer");
  CHECK(system.asked == asked);
  system.Release();
  const auto limit = Clock::now() + std::chrono::seconds(10);
  for (const char* path : {"/", "/hung0"}) {
    bool answers = false;
    while (!answers && Clock::now() < limit) answers = reader.Ask(path, until).ok();
    CHECK(answers);
  }
}

TEST_CASE("the deadline of the caller ends the wait, and callers share an answer") {
  FakeSystem system;
  SpaceReader reader([&](const std::string& path) { return system(path); },
                     std::chrono::hours(1));
  const auto late = reader.Ask("/hung", Clock::now() + milliseconds(5));
  CHECK(late.status().code() == Code::kDeadlineExceeded);
  auto shared = std::async(
      std::launch::async, [&] { return reader.Ask("/hung", Clock::now() + kLong).ok(); });
  system.Release();
  CHECK(shared.get());
}

}  // namespace
}  // namespace nscp::check_disk
