// A bounded list of callbacks that are told of something. Any thread.
//
// Callbacks run on the telling thread under the list's mutex: they must be short, must
// not block and must not watch or unwatch. In return, none runs any more once its Watch
// is destroyed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr size_t kMaxWatchers = 64;

// Ends the watching when destroyed. May outlive the list.
class Watch {
 public:
  explicit Watch(std::function<void()> end) : end_(std::move(end)) {}
  ~Watch() { end_(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  std::function<void()> end_;
};

template <typename T>
class Watchers {
 public:
  using Callback = std::function<void(const T&)>;

  // The bound is reached: ResourceExhausted.
  Result<std::unique_ptr<Watch>> Add(Callback callback) {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    if (state_->callbacks.size() >= kMaxWatchers) {
      return Status::ResourceExhausted("too many watchers (" +
                                       std::to_string(kMaxWatchers) +
                                       "); end one of them first");
    }
    const uint64_t id = ++state_->last_id;
    state_->callbacks.emplace_back(id, std::move(callback));
    return std::make_unique<Watch>([id, weak = std::weak_ptr<State>(state_)] {
      const auto state = weak.lock();
      if (!state) return;
      const std::lock_guard<std::mutex> inner(state->mutex);
      auto& all = state->callbacks;
      all.erase(std::remove_if(all.begin(), all.end(),
                               [id](const auto& entry) { return entry.first == id; }),
                all.end());
    });
  }

  void Tell(const T& news) const {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    for (const auto& [id, callback] : state_->callbacks) callback(news);
  }

 private:
  struct State {
    std::mutex mutex;
    uint64_t last_id = 0;
    std::vector<std::pair<uint64_t, Callback>> callbacks;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace nscp::kernel
