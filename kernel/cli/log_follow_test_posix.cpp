// The log of a real kernel, read by somebody who takes their time.
#include "kernel/cli/log_follow.h"

#include <doctest/doctest.h>

#include <future>
#include <thread>

#include "kernel/cli/log_pages.h"
#include "kernel/core/kernel.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

constexpr std::chrono::seconds kLimit{30};

struct LogFixture {
  testing::TempFolder temp;
  std::unique_ptr<Kernel> kernel;
  std::unique_ptr<KernelClient> client;

  LogFixture() {
    temp.Write("modules/readme", "");
    temp.Write("nsclient.ini", "");
    KernelOptions options;
    options.is_private = true;
    options.settings_context = temp.File("nsclient.ini");
    options.tokens = PathTokens::ForThisProgram({{"module-path", temp.File("modules")},
                                                 {"data-path", temp.File("data")},
                                                 {"runtime-path", temp.File("run")}});
    auto made = Kernel::Create(std::move(options));
    REQUIRE_MESSAGE(made.ok(), made.status().message());
    kernel = std::move(made).value();
    client = KernelClient::Connect(kernel->target(), kernel->admin_token());
  }
  void Log(const std::string& text, v1::LogLevel level = v1::LOG_INFO) {
    kernel->logger().Log(level, "test", text, __FILE__, __LINE__);
  }
};

TEST_CASE_FIXTURE(LogFixture, "the last entries come in pages and in order") {
  const uint32_t count = kLogPage * 2 + 7;
  for (uint32_t i = 0; i < count; ++i) Log(std::to_string(i));
  std::vector<std::string> texts;
  const auto last = LastLogEntries(*client, {v1::LOG_INFO}, kLogPage * 2, {},
                                   [&](const v1::LogEntry& entry) {
                                     texts.push_back(entry.message());
                                     return true;
                                   });
  REQUIRE(last.ok());
  REQUIRE(texts.size() == kLogPage * 2);
  CHECK(texts.front() == "7");
  CHECK(texts.back() == std::to_string(count - 1));
  size_t taken = 0;
  CHECK(LastLogEntries(*client, {}, 10, {}, [&](const v1::LogEntry&) {
          return ++taken < 3;
        }).ok());
  CHECK(taken == 3);
  const auto none = LastLogEntries(*client, {v1::LOG_CRITICAL}, 10, {},
                                   [](const v1::LogEntry&) { return true; });
  CHECK(none.value_or(1) == 0);
}

TEST_CASE_FIXTURE(LogFixture, "a slow reader loses lines, is told how many, goes on") {
  LogFollow follow;
  std::promise<void> begun;
  std::promise<void> go_on;
  std::promise<void> ended;
  auto may_go_on = go_on.get_future();
  bool is_first = true;
  uint64_t got = 0;
  uint64_t lost = 0;
  auto end = LogFollow::End::kReaderGone;
  std::thread reader([&] {
    end = follow.Run(*client, {}, [&](const v1::WatchLogsResponse& batch) {
      if (is_first) begun.set_value();
      if (is_first) may_go_on.wait_for(kLimit);
      is_first = false;
      lost += batch.lost();
      for (const v1::LogEntry& entry : batch.entries()) {
        if (entry.sender() != "test") continue;
        ++got;
        if (entry.message() == "last") ended.set_value();
      }
      return true;
    });
  });
  REQUIRE(begun.get_future().wait_for(kLimit) == std::future_status::ready);
  // Each fills a good part of a message: few of them reach the reader's side.
  constexpr uint64_t kLines = 4000;
  for (uint64_t i = 0; i < kLines; ++i) Log(std::string(8000, 'x'));
  go_on.set_value();
  Log("last");
  CHECK(ended.get_future().wait_for(kLimit) == std::future_status::ready);
  follow.Stop();
  reader.join();
  CHECK(end == LogFollow::End::kStopped);
  CHECK(got + lost == kLines + 1);
  CHECK(lost > 0);
}

TEST_CASE_FIXTURE(LogFixture, "following ends with the reader, and with the kernel") {
  LogFollow gone;
  std::thread writer([&] { Log("one"); });
  v1::WatchLogsRequest all;
  all.set_after(0);
  CHECK(gone.Run(*client, all, [](const v1::WatchLogsResponse&) { return false; }) ==
        LogFollow::End::kReaderGone);
  writer.join();
  LogFollow left;
  std::promise<void> begun;
  bool is_first = true;
  auto end = LogFollow::End::kStopped;
  std::thread reader([&] {
    end = left.Run(*client, all, [&](const v1::WatchLogsResponse&) {
      if (is_first) begun.set_value();
      is_first = false;
      return true;
    });
  });
  CHECK(begun.get_future().wait_for(kLimit) == std::future_status::ready);
  kernel->Shutdown();
  reader.join();
  CHECK(end == LogFollow::End::kAgentGone);
  CHECK_FALSE(left.status().message().empty());
}

}  // namespace
}  // namespace nscp::kernel
