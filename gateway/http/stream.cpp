#include "gateway/http/stream.h"

#include <utility>

namespace nscp::gateway {

Stream::Stream(std::function<void()> room, std::function<void()> gone)
    : room_(std::move(room)), gone_(std::move(gone)) {}

bool Stream::Write(std::string_view bytes) {
  std::function<void()> wake;
  bool more = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_ || waiting_.size() > kCutWaiting) return false;
    waiting_ += bytes;
    more = waiting_.size() < kMaxWaiting;
    if (!std::exchange(woken_, true)) wake = wake_;
  }
  if (wake) wake();
  return more;
}

void Stream::End() {
  std::function<void()> wake;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (std::exchange(ended_, true)) return;
    wake = wake_;
  }
  if (wake) wake();
}

bool Stream::full() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return waiting_.size() >= kMaxWaiting;
}

void Stream::Attach(std::function<void()> wake) {
  const std::lock_guard<std::mutex> lock(mutex_);
  wake_ = std::move(wake);
}

Stream::Portion Stream::Take() {
  Portion portion;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    portion.bytes.swap(waiting_);
    portion.last = ended_;
    woken_ = false;
  }
  portion.cut = portion.bytes.size() > kCutWaiting;
  if (portion.bytes.size() >= kMaxWaiting && !portion.cut) room_();
  return portion;
}

void Stream::WakeIfPending() {
  std::function<void()> wake;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_ || !waiting_.empty()) wake = wake_;
  }
  if (wake) wake();
}

void Stream::Gone() {
  std::function<void()> gone;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
    wake_ = nullptr;
    std::string().swap(waiting_);
    gone = std::exchange(gone_, nullptr);
  }
  if (gone) gone();
}

}  // namespace nscp::gateway
