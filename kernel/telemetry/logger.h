// The kernel's log: what every room logs through. An entry that passes the level filter
// goes into the ring at once, and to the sinks (file, console) over a bounded queue and
// one thread, so that a slow disk or terminal holds up nobody. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "kernel/telemetry/log_ring.h"
#include "kernel/telemetry/log_sink.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

// Entries that wait for the sinks; more are dropped from them (not from the ring), and
// one line says how many.
constexpr size_t kMaxQueuedLogEntries = 8192;
constexpr std::chrono::milliseconds kLogFlushWait{2000};

class Logger {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;

  explicit Logger(Clock clock = std::chrono::system_clock::now);
  // Writes what waits, for at most kLogFlushWait.
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  // `file` and `line` are where it was said (__FILE__, __LINE__).
  void Log(v1::LogLevel level, std::string_view sender, std::string_view message,
           std::string_view file = "", int line = 0, std::string_view request_id = "");
  // An entry from outside; a time of 0 becomes now, an unknown level an error.
  void Write(v1::LogEntry entry);

  void SetLevel(v1::LogLevel level) { level_ = level; }
  v1::LogLevel level() const { return level_; }
  bool Passes(v1::LogLevel level) const { return level <= level_; }

  // Replaces all sinks; what was logged before goes to the old ones.
  void SetSinks(std::vector<std::shared_ptr<LogSink>> sinks);
  // Waits until the sinks have what was logged before; false when the wait ended first.
  bool Flush(std::chrono::milliseconds wait = kLogFlushWait);

  LogRing& ring() { return ring_; }
  const LogRing& ring() const { return ring_; }

 private:
  void Run();
  void Queue(const v1::LogEntry& entry);

  const Clock clock_;
  LogRing ring_;
  std::atomic<v1::LogLevel> level_{v1::LOG_INFO};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::LogEntry> queue_;
  std::vector<std::shared_ptr<LogSink>> sinks_;
  uint64_t dropped_ = 0;
  bool writing_ = false;
  bool stop_ = false;
  std::thread writer_;
};

// Lines a second of one worker. Not thread-safe: one for each stream.
constexpr uint32_t kMaxLinesPerSecond = 1000;
class LineLimit {
 public:
  struct Verdict {
    bool pass = true;
    // Lines dropped before this one, to be told once.
    uint64_t dropped = 0;
  };
  explicit LineLimit(uint32_t per_second = kMaxLinesPerSecond)
      : per_second_(per_second) {}
  Verdict Admit(std::chrono::steady_clock::time_point now);

 private:
  const uint32_t per_second_;
  std::chrono::steady_clock::time_point second_{};
  uint32_t passed_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace nscp::kernel
