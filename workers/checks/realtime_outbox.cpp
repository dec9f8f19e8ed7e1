#include "workers/checks/realtime_outbox.h"

#include <utility>

namespace nscp::checks {

RealtimeOutbox::RealtimeOutbox(sdk::Host& host)
    : host_(host), thread_([this] { Run(); }) {}

RealtimeOutbox::~RealtimeOutbox() { Stop(); }

void RealtimeOutbox::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void RealtimeOutbox::Submit(sdk::Submission submission) { Put(std::move(submission)); }

void RealtimeOutbox::Emit(std::vector<sdk::Event> events) { Put(std::move(events)); }

void RealtimeOutbox::Put(Message message) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) {
      ++dropped_;
      return;
    }
    waiting_.push_back(std::move(message));
  }
  changed_.notify_all();
}

void RealtimeOutbox::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (bool is_ready = false;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const Message message = std::move(waiting_.front());
    waiting_.pop_front();
    const uint64_t dropped = std::exchange(dropped_, 0);
    lock.unlock();
    if (!is_ready) host_.WaitReady(kReadyLimit);
    is_ready = true;
    if (dropped > 0) {
      host_.Log(sdk::LogLevel::kWarning,
                std::to_string(dropped) +
                    " messages of real-time filters were dropped: too many at once");
    }
    Send(message);
    lock.lock();
  }
}

void RealtimeOutbox::Send(const Message& message) {
  if (const auto* events = std::get_if<std::vector<sdk::Event>>(&message)) {
    if (const Status sent = host_.Emit(*events); !sent.ok()) {
      host_.Log(sdk::LogLevel::kError,
                "Emitting events of a real-time filter: " + sent.message());
    }
    return;
  }
  const auto& submission = std::get<sdk::Submission>(message);
  const sdk::SubmitAnswer answer = host_.Submit(submission, kSubmitLimit);
  if (!answer.accepted) {
    host_.Log(sdk::LogLevel::kError, "Failed to submit the real-time result of " +
                                         submission.result.command + " to " +
                                         submission.channel + ": " + answer.message);
  }
}

}  // namespace nscp::checks
