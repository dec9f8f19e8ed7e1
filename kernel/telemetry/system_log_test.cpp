#include "kernel/telemetry/system_log.h"

#include <doctest/doctest.h>

namespace nscp::kernel {
namespace {

struct Reported {
  v1::LogLevel level;
  std::string text;
};

class ListedLog : public SystemLog {
 public:
  explicit ListedLog(std::vector<Reported>& reported) : reported_(reported) {}
  void Report(v1::LogLevel level, const std::string& text) override {
    reported_.push_back({level, text});
  }

 private:
  std::vector<Reported>& reported_;
};

v1::LogEntry At(int64_t time_ms, v1::LogLevel level, const std::string& message) {
  v1::LogEntry entry;
  entry.set_time_ms(time_ms);
  entry.set_level(level);
  entry.set_sender("core");
  entry.set_message(message);
  return entry;
}

TEST_CASE("the system's log gets what is bad enough, with its request") {
  std::vector<Reported> reported;
  const auto sink =
      NewSystemLogSink(v1::LOG_WARNING, std::make_unique<ListedLog>(reported));
  v1::LogEntry refused = At(3, v1::LOG_ERROR, "refused");
  refused.set_request_id("r7");
  sink->Write({At(1, v1::LOG_INFO, "started"), At(2, v1::LOG_WARNING, "slow"), refused,
               At(4, v1::LOG_CRITICAL, std::string("a\0b", 3)),
               At(5, v1::LOG_DEBUG, "call")});
  REQUIRE(reported.size() == 3);
  CHECK(reported[0].level == v1::LOG_WARNING);
  CHECK(reported[0].text == "core: slow");
  CHECK(reported[1].text == "core: refused (request r7)");
  CHECK(reported[2].text == "core: ab");
  sink->Write({At(6, v1::LOG_ERROR, std::string(100000, 'x'))});
  CHECK(reported.back().text.size() <= kMaxSystemLogText);
}

TEST_CASE("a flood stays in the file, and the system's log says so") {
  constexpr int64_t kMinute = 60'000;
  std::vector<Reported> reported;
  const auto sink =
      NewSystemLogSink(v1::LOG_ERROR, std::make_unique<ListedLog>(reported));
  const std::vector<v1::LogEntry> flood(100, At(5 * kMinute, v1::LOG_ERROR, "again"));
  sink->Write(flood);
  sink->Write(flood);
  CHECK(reported.size() == kMaxSystemLogPerMinute);
  sink->Write({At(6 * kMinute, v1::LOG_ERROR, "new")});
  REQUIRE(reported.size() == kMaxSystemLogPerMinute + 2);
  CHECK(reported[kMaxSystemLogPerMinute].level == v1::LOG_WARNING);
  CHECK(reported[kMaxSystemLogPerMinute].text.substr(0, 4) == "140 ");
  CHECK(reported.back().text == "core: new");
  sink->Write({At(7 * kMinute, v1::LOG_ERROR, "quiet")});
  CHECK(reported.size() == kMaxSystemLogPerMinute + 3);
}

}  // namespace
}  // namespace nscp::kernel
