// The base of a stream to a caller that wants every item in order: a sibling of
// latest_stream.h. What comes while a message is on its way waits in a bounded queue; a
// caller that reads too slowly loses the oldest of it and is told how many, and whoever
// offers is never held up. `Message` has a field `lost`. As there, the one place of `new`
// and `delete this`.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "proto/cpp/status_grpc.h"

namespace nscp {

// Of one stream. The items are shared with whoever else keeps them.
constexpr size_t kMaxWaitingItems = 10000;
constexpr size_t kMaxWaitingBytes = 8 * 1024 * 1024;
// As many items go with one message as fit into this; at least one.
constexpr size_t kMaxStreamedBytes = 64 * 1024;

template <class Message, class Item>
class QueueStream final : public grpc::ServerWriteReactor<Message> {
 public:
  using ItemPointer = std::shared_ptr<const Item>;
  using Add = void (*)(const Item& item, Message* message);

  static QueueStream* Make(Add add) { return new QueueStream(add); }
  static QueueStream* Finished(const Status& status) {
    QueueStream* stream = Make(nullptr);
    stream->End(status);
    return stream;
  }

  // The first message; before any Offer.
  void Begin(Message first) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_) return;
    writing_ = true;
    current_ = std::move(first);
    this->StartWrite(&current_);
  }
  // Any thread, until `gone` was called.
  void Offer(ItemPointer item) {
    const size_t bytes = item->ByteSizeLong();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_) return;
    waiting_.emplace_back(std::move(item), bytes);
    waiting_bytes_ += bytes;
    while (waiting_.size() > kMaxWaitingItems ||
           (waiting_bytes_ > kMaxWaitingBytes && waiting_.size() > 1)) {
      PopLocked();
      ++lost_;
    }
    WriteNextLocked();
  }
  void End(const Status& status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    EndLocked(status);
  }
  // `gone` runs once, when the caller is no longer there; set before the service method
  // returns.
  void OnGone(std::function<void()> gone) { gone_ = std::move(gone); }

 private:
  explicit QueueStream(Add add) : add_(add) {}
  ~QueueStream() override = default;

  void PopLocked() {
    waiting_bytes_ -= waiting_.front().second;
    waiting_.pop_front();
  }
  void WriteNextLocked() {
    if (writing_ || waiting_.empty()) return;
    writing_ = true;
    current_.Clear();
    current_.set_lost(std::exchange(lost_, 0));
    size_t bytes = 0;
    do {
      bytes += waiting_.front().second;
      add_(*waiting_.front().first, &current_);
      PopLocked();
    } while (!waiting_.empty() && bytes + waiting_.front().second <= kMaxStreamedBytes);
    this->StartWrite(&current_);
  }
  void EndLocked(const Status& status) {
    if (std::exchange(ended_, true)) return;
    waiting_.clear();
    this->Finish(ToGrpc(status));
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    writing_ = false;
    if (ended_) return;
    if (ok) {
      WriteNextLocked();
    } else {
      EndLocked(Status::Cancelled("the caller has gone"));
    }
  }
  void OnCancel() override { End(Status::Cancelled("the caller has gone")); }
  void OnDone() override {
    if (gone_) gone_();
    delete this;
  }

  const Add add_;
  std::mutex mutex_;
  bool writing_ = false;  // guarded by mutex_, as all below
  bool ended_ = false;
  std::deque<std::pair<ItemPointer, size_t>> waiting_;  // with their bytes
  size_t waiting_bytes_ = 0;
  uint64_t lost_ = 0;
  Message current_;
  std::function<void()> gone_;  // not guarded: set once, before gRPC has the stream
};

}  // namespace nscp
