// The base of a stream to a caller that wants to know the newest of something: what came
// while the last message was still on its way is left out but for the last of it, so that
// a slow caller costs one message. With reactor.h the one place of `new` and `delete
// this`: gRPC owns a stream from the moment that a service method returns it until
// OnDone.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <mutex>
#include <utility>

#include "proto/cpp/status_grpc.h"

namespace nscp {

template <class Message>
class LatestStream final : public grpc::ServerWriteReactor<Message> {
 public:
  static LatestStream* Make() { return new LatestStream; }
  static LatestStream* Finished(const Status& status) {
    LatestStream* stream = Make();
    stream->End(status);
    return stream;
  }

  // Any thread, until `gone` was called.
  void Offer(Message message) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_) return;
    next_ = std::move(message);
    has_next_ = true;
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
  LatestStream() = default;
  ~LatestStream() override = default;

  void WriteNextLocked() {
    if (writing_ || !has_next_) return;
    writing_ = true;
    has_next_ = false;
    current_ = std::move(next_);
    this->StartWrite(&current_);
  }
  void EndLocked(const Status& status) {
    if (std::exchange(ended_, true)) return;
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

  std::mutex mutex_;
  bool writing_ = false;
  bool has_next_ = false;
  bool ended_ = false;
  Message current_;
  Message next_;
  std::function<void()> gone_;
};

}  // namespace nscp
