#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "kernel/telemetry/log_level.h"
#include "kernel/telemetry/log_ring.h"
#include "kernel/telemetry/log_sink.h"
#include "kernel/telemetry/logger.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;
using testing::TempFolder;

constexpr std::chrono::seconds kPatience{20};

v1::LogEntry Entry(v1::LogLevel level, const std::string& message) {
  v1::LogEntry entry;
  entry.set_level(level);
  entry.set_message(message);
  return entry;
}

TEST_CASE("levels are read in all their spellings") {
  CHECK(ParseLogLevel("CRIT") == std::optional(v1::LOG_CRITICAL));
  CHECK(ParseLogLevel("err") == std::optional(v1::LOG_ERROR));
  CHECK(ParseLogLevel("w") == std::optional(v1::LOG_WARNING));
  CHECK(ParseLogLevel("log") == std::optional(v1::LOG_INFO));
  CHECK(ParseLogLevel("Debug") == std::optional(v1::LOG_DEBUG));
  CHECK(ParseLogLevel("t") == std::optional(v1::LOG_TRACE));
  CHECK_FALSE(ParseLogLevel("bogus"));
  CHECK_FALSE(ParseLogLevel(""));
  CHECK(LogLevelLetter(v1::LOG_INFO) == 'L');
  CHECK(LogLevelName(v1::LOG_UNSPECIFIED) == "unknown");
}

TEST_CASE(
    "the index starts at one, counts on over a clear, and the first entry can be had") {
  LogRing ring;
  CHECK(ring.Add(Entry(v1::LOG_INFO, "a")).index() == 1);
  CHECK(ring.Add(Entry(v1::LOG_ERROR, "b")).index() == 2);
  CHECK(ring.List({}).entries_size() == 2);
  v1::ListLogsRequest after;
  after.set_after(1);
  REQUIRE(ring.List(after).entries_size() == 1);
  CHECK(ring.List(after).entries(0).message() == "b");
  CHECK(ring.GetStatus().errors() == 1);
  CHECK(ring.GetStatus().last_error() == "b");
  ring.Clear();
  CHECK(ring.List({}).entries_size() == 0);
  CHECK(ring.GetStatus().errors() == 0);
  CHECK(ring.GetStatus().last_error().empty());
  CHECK(ring.Add(Entry(v1::LOG_INFO, "c")).index() == 3);
}

TEST_CASE("a list is filtered by level, counted, and cut to its page") {
  LogRing ring;
  for (int i = 0; i < 10; ++i) {
    ring.Add(Entry(i % 2 ? v1::LOG_ERROR : v1::LOG_INFO, std::to_string(i)));
  }
  v1::ListLogsRequest request;
  request.add_levels(v1::LOG_ERROR);
  request.set_offset(1);
  request.set_limit(2);
  const auto page = ring.List(request);
  CHECK(page.matching() == 5);
  REQUIRE(page.entries_size() == 2);
  CHECK(page.entries(0).message() == "3");
  CHECK(page.entries(1).message() == "5");
}

TEST_CASE("the ring is bounded by entries and by bytes, and a long message is cut") {
  LogRing few(3);
  for (int i = 0; i < 10; ++i) few.Add(Entry(v1::LOG_INFO, std::to_string(i)));
  REQUIRE(few.List({}).entries_size() == 3);
  CHECK(few.List({}).entries(0).message() == "7");
  LogRing small(1000, 10000);
  for (int i = 0; i < 100; ++i) small.Add(Entry(v1::LOG_INFO, std::string(1000, 'x')));
  CHECK(small.List({}).entries_size() < 10);
  CHECK(small.List({}).entries_size() > 0);
  LogRing ring;
  CHECK(ring.Add(Entry(v1::LOG_INFO, std::string(kMaxLogMessage * 2, 'x')))
            .message()
            .size() <= kMaxLogMessage);
}

TEST_CASE("watchers hear each entry until they end, and their number is bounded") {
  LogRing ring;
  std::string heard;
  auto watch = ring.Subscribe([&heard](const auto& e) { heard += e->message(); });
  REQUIRE(watch.ok());
  ring.Add(Entry(v1::LOG_INFO, "a"));
  watch->reset();
  ring.Add(Entry(v1::LOG_INFO, "b"));
  CHECK(heard == "a");
  std::vector<std::unique_ptr<Watch>> all;
  for (size_t i = 0; i < kMaxWatchers; ++i) {
    all.push_back(ring.Subscribe([](const auto&) {}).value());
  }
  CHECK(ring.Subscribe([](const auto&) {}).status().code() == Code::kResourceExhausted);
}

TEST_CASE("a watch from an index hears what is kept behind it, then what is new") {
  struct Case {
    std::optional<uint64_t> after;
    uint64_t position, gone;
    const char* heard;
  };
  const Case cases[] = {
      {std::nullopt, 5, 0, "f"}, {0, 0, 2, "cdef"}, {1, 1, 1, "cdef"}, {2, 2, 0, "cdef"},
      {4, 4, 0, "ef"},           {5, 5, 0, "f"},    {99, 5, 0, "f"}};
  for (const Case& c : cases) {
    LogRing ring(3);
    for (const char* text : {"a", "b", "c", "d", "e"}) {
      ring.Add(Entry(v1::LOG_INFO, text));
    }
    CAPTURE(c.position);
    std::string heard;
    WatchStart start;
    const auto watch = ring.SubscribeAfter(
        c.after, [&](WatchStart s) { start = s; },
        [&](const auto& e) { heard += e->message(); });
    ring.Add(Entry(v1::LOG_INFO, "f"));
    CHECK(start.position == c.position);
    CHECK(start.gone == c.gone);
    CHECK(heard == c.heard);
  }
  LogRing ring;
  for (int i = 0; i < 5; ++i) ring.Add(Entry(v1::LOG_INFO, "x"));
  ring.Clear();
  WatchStart start;
  const auto watch = ring.SubscribeAfter(
      3, [&](WatchStart s) { start = s; }, [](const auto&) {});
  CHECK(start.gone == 2);
}

TEST_CASE("a watch may outlive its ring") {
  std::unique_ptr<Watch> watch;
  {
    LogRing ring;
    watch = ring.Subscribe([](const auto&) {}).value();
  }
  watch.reset();
  CHECK(watch == nullptr);
}

TEST_CASE("console and file lines have their form and no control characters") {
  v1::LogEntry entry = Entry(v1::LOG_ERROR, "bad \x1b[31mthing\n");
  entry.set_sender("cli");
  entry.set_file("a.cpp");
  entry.set_line(7);
  entry.set_time_ms(0);
  CHECK(ConsoleLine(entry, false) ==
        "E        cli bad [31mthing\n             a.cpp:7\n");
  CHECK(ConsoleLine(entry, true) == "a.cpp(7): error: bad [31mthing\n");
  CHECK(LogFileLine(entry, "%Y").find(": error:a.cpp:7: bad [31mthing\n") == 4);
  CHECK(ConsoleLine(Entry(v1::LOG_INFO, "OK: hi"), false) == "L            OK: hi\n");
  CHECK(ConsoleLine(Entry(v1::LOG_INFO, "one\nE forged"), false) ==
        "L            one\n             E forged\n");
  entry = Entry(v1::LOG_INFO, "said\n");
  entry.set_request_id("r-1");
  CHECK(ConsoleLine(entry, false) == "L            said (request r-1)\n");
  CHECK(LogFileLine(entry, "%Y").find("said (request r-1)\n") != std::string::npos);
  entry.set_message("request r-1 is named already");
  CHECK(ConsoleLine(entry, false) == "L            request r-1 is named already\n");
}

TEST_CASE("a log file grows, survives being moved away, and is cut to its last part") {
  const TempFolder temp;
  const auto file = NewLogFile({temp.File("sub/x.log"), "%Y", 0});
  file->Write({Entry(v1::LOG_INFO, "one")});
  std::filesystem::rename(temp.File("sub/x.log"), temp.File("old.log"));
  file->Write({Entry(v1::LOG_INFO, "two"), Entry(v1::LOG_INFO, "three")});
  CHECK(temp.Read("old.log").find("one") != std::string::npos);
  CHECK(temp.Read("sub/x.log").find("three") != std::string::npos);

  const auto small = NewLogFile({temp.File("small.log"), "%Y", 1000});
  for (int i = 0; i < 200; ++i) {
    small->Write({Entry(v1::LOG_INFO, "line " + std::to_string(i))});
    REQUIRE(std::filesystem::file_size(temp.File("small.log")) <= 1000);
  }
  const std::string text = temp.Read("small.log");
  CHECK(text.find("line 199\n") != std::string::npos);
  CHECK(text.find("line 0\n") == std::string::npos);
  CHECK(text.size() >= 600);
  CHECK(text.find("info:") == 6);  // starts with a whole line
}

TEST_CASE("the file name none means no file") {
  const auto file = NewLogFile({"none", "%Y", 0});
  file->Write({Entry(v1::LOG_INFO, "one")});
  CHECK_FALSE(std::filesystem::exists("none"));
}

// A sink that waits until it is let go.
class Gate final : public LogSink {
 public:
  void Write(const std::vector<v1::LogEntry>& entries) override {
    std::unique_lock<std::mutex> lock(mutex_);
    entered_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, kPatience, [this] { return open_; });
    for (const auto& entry : entries) messages_.push_back(entry.message());
  }
  void WaitUntilEntered() {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [this] { return entered_; }));
  }
  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  std::vector<std::string> messages() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return messages_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool entered_ = false;
  bool open_ = false;
  std::vector<std::string> messages_;
};

TEST_CASE("the logger filters by level and tells sender, place, time and request") {
  Logger logger([] { return std::chrono::system_clock::time_point(milliseconds(1234)); });
  logger.Log(v1::LOG_DEBUG, "kernel", "unseen");
  logger.Log(v1::LOG_INFO, "kernel", "seen", "a.cpp", 3, "r-1");
  logger.SetLevel(v1::LOG_DEBUG);
  logger.Log(v1::LOG_DEBUG, "kernel", "now seen");
  const auto list = logger.ring().List({});
  REQUIRE(list.entries_size() == 2);
  CHECK(list.entries(0).message() == "seen");
  CHECK(list.entries(0).time_ms() == 1234);
  CHECK(list.entries(0).file() == "a.cpp");
  CHECK(list.entries(0).line() == 3);
  CHECK(list.entries(0).request_id() == "r-1");
}

TEST_CASE("an entry with an unknown level is an error") {
  Logger logger;
  logger.Write(Entry(static_cast<v1::LogLevel>(77), "x"));
  CHECK(logger.ring().List({}).entries(0).level() == v1::LOG_ERROR);
}

TEST_CASE("a sink that hangs holds up nobody, and its losses are counted") {
  Logger logger;
  const auto gate = std::make_shared<Gate>();
  logger.SetSinks({gate});
  logger.Log(v1::LOG_INFO, "kernel", "first");
  gate->WaitUntilEntered();
  const size_t lost = 10;
  for (size_t i = 0; i < kMaxQueuedLogEntries + lost; ++i) {
    logger.Log(v1::LOG_INFO, "kernel", "more");
  }
  CHECK(logger.ring().List({}).matching() > kMaxQueuedLogEntries);
  CHECK_FALSE(logger.Flush(milliseconds(1)));
  gate->Open();
  REQUIRE(logger.Flush(kPatience));
  const auto messages = gate->messages();
  CHECK(messages.front() == "first");
  size_t notes = 0;
  for (const std::string& message : messages) {
    notes += message.find("10 log lines were not written") == 0;
  }
  CHECK(notes == 1);
  CHECK(messages.size() == 1 + kMaxQueuedLogEntries + 1);
}

TEST_CASE("what was logged before the end is written") {
  std::string written;
  {
    Logger logger;
    logger.SetSinks(
        {NewConsole({false, [&](std::string_view text) { written += text; }})});
    for (int i = 0; i < 1000; ++i) logger.Log(v1::LOG_INFO, "kernel", "x");
  }
  CHECK(std::count(written.begin(), written.end(), '\n') == 1000);
}

TEST_CASE(
    "entries of several threads are all kept, watched in the order of their index") {
  Logger logger;
  uint64_t last = 0, wrong = 0;
  auto watch = logger.ring().Subscribe([&](const auto& e) {
    wrong += e->index() != last + 1;
    last = e->index();
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&logger] {
      for (int i = 0; i < 500; ++i) logger.Log(v1::LOG_INFO, "kernel", "x");
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(last == 2000);
  CHECK(wrong == 0);
}

TEST_CASE("a worker may log so many lines a second, and what was dropped is told once") {
  LineLimit limit(3);
  std::chrono::steady_clock::time_point now(std::chrono::seconds(100));
  int passed = 0;
  for (int i = 0; i < 10; ++i) passed += limit.Admit(now).pass;
  CHECK(passed == 3);
  now += std::chrono::seconds(1);
  const auto next = limit.Admit(now);
  CHECK(next.pass);
  CHECK(next.dropped == 7);
  CHECK(limit.Admit(now).dropped == 0);
}

}  // namespace
}  // namespace nscp::kernel
