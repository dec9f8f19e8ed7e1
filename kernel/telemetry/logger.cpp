#include "kernel/telemetry/logger.h"

#include <algorithm>

#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr size_t kBatch = 256;

int64_t Milliseconds(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch())
      .count();
}

}  // namespace

Logger::Logger(Clock clock) : clock_(std::move(clock)), writer_([this] { Run(); }) {}

Logger::~Logger() {
  Flush();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  writer_.join();
}

void Logger::Log(v1::LogLevel level, std::string_view sender, std::string_view message,
                 std::string_view file, int line, std::string_view request_id) {
  if (!Passes(level)) return;
  v1::LogEntry entry;
  entry.set_level(level);
  entry.set_sender(std::string(sender));
  entry.set_message(std::string(message));
  entry.set_file(std::string(file));
  entry.set_line(line);
  entry.set_request_id(RepairUtf8(request_id));
  Write(std::move(entry));
}

void Logger::Write(v1::LogEntry entry) {
  if (entry.level() == v1::LOG_UNSPECIFIED || !v1::LogLevel_IsValid(entry.level())) {
    entry.set_level(v1::LOG_ERROR);
  }
  if (!Passes(entry.level())) return;
  if (entry.time_ms() == 0) entry.set_time_ms(Milliseconds(clock_()));
  Queue(ring_.Add(std::move(entry)));
}

void Logger::Queue(const v1::LogEntry& entry) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (sinks_.empty()) return;
    if (queue_.size() >= kMaxQueuedLogEntries) {
      ++dropped_;
      return;
    }
    queue_.push_back(entry);
  }
  changed_.notify_all();
}

void Logger::SetSinks(std::vector<std::shared_ptr<LogSink>> sinks) {
  Flush();
  const std::lock_guard<std::mutex> lock(mutex_);
  sinks_ = std::move(sinks);
}

bool Logger::Flush(std::chrono::milliseconds wait) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, wait, [this] { return queue_.empty() && !writing_; });
}

void Logger::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || !queue_.empty(); });
    if (stop_) return;  // the destructor has waited for the queue as long as it may
    std::vector<v1::LogEntry> batch;
    while (!queue_.empty() && batch.size() < kBatch) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    if (dropped_ > 0) {
      v1::LogEntry note;
      note.set_level(v1::LOG_WARNING);
      note.set_sender("kernel");
      note.set_time_ms(Milliseconds(clock_()));
      note.set_message(std::to_string(dropped_) +
                       " log lines were not written here: file or console is too slow");
      batch.push_back(std::move(note));
      dropped_ = 0;
    }
    const auto sinks = sinks_;
    writing_ = true;
    lock.unlock();
    for (const auto& sink : sinks) sink->Write(batch);
    lock.lock();
    writing_ = false;
    changed_.notify_all();
  }
}

LineLimit::Verdict LineLimit::Admit(std::chrono::steady_clock::time_point now) {
  if (passed_ == 0 || now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    passed_ = 0;
  }
  if (passed_ >= per_second_) {
    ++dropped_;
    return {false, 0};
  }
  ++passed_;
  const uint64_t told = dropped_;
  dropped_ = 0;
  return {true, told};
}

}  // namespace nscp::kernel
