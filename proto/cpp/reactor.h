// The base of every unary reaction, and the one place of `new` and `delete this`. gRPC
// owns a reaction from the moment that a service method returns it until OnDone.
//
// A reaction must never block: gRPC has few threads, and twelve blocked ones stop the
// health service. Answer at once, or keep the pointer and call Finish from wherever the
// answer comes.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <mutex>
#include <utility>

#include "proto/cpp/status_grpc.h"

namespace nscp {

class Reaction final : public grpc::ServerUnaryReactor {
 public:
  static Reaction* Make() { return new Reaction; }
  // A reaction that is over: for calls answered at once.
  static Reaction* Finished(const Status& status) {
    Reaction* reaction = Make();
    reaction->Finish(ToGrpc(status));
    return reaction;
  }

  // Runs `cancel` once when the caller is gone or its deadline has passed before the
  // answer; at once if that was so already. Must be called before Finish.
  void OnCancelled(std::function<void()> cancel) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!cancelled_) {
        cancel_ = std::move(cancel);
        return;
      }
    }
    cancel();
  }

 private:
  Reaction() = default;
  ~Reaction() override = default;

  void OnCancel() override {
    std::function<void()> cancel;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      cancelled_ = true;
      cancel = std::move(cancel_);
    }
    if (cancel) cancel();
  }
  void OnDone() override { delete this; }
  // Both reactions are short and never block, so gRPC need not hand them to its executor:
  // that is a thread's wake-up for each call, a seventh of a worker's CPU.
  bool InternalInlineable() override { return true; }

  std::mutex mutex_;
  bool cancelled_ = false;
  std::function<void()> cancel_;
};

}  // namespace nscp
