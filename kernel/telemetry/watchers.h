// A bounded list of callbacks that are told of something. Any thread.
//
// Callbacks run on the telling thread under the list's mutex: they must be short, must
// not block and must not watch or unwatch. In return, none runs any more once its Watch
// is destroyed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
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

// Where a watcher of a ring begins: it is told what is kept behind `position`.
struct WatchStart {
  uint64_t position = 0;
  uint64_t gone = 0;  // entries behind it that are no longer kept
};

// `after` as in WatchLogsRequest; an index that was not given yet counts as the last one.
template <typename T>
WatchStart StartAfter(const std::deque<std::shared_ptr<const T>>& kept,
                      uint64_t last_index, std::optional<uint64_t> after) {
  WatchStart start;
  start.position = std::min(after.value_or(last_index), last_index);
  const uint64_t oldest = kept.empty() ? last_index + 1 : kept.front()->index();
  if (oldest > start.position + 1) start.gone = oldest - start.position - 1;
  return start;
}

}  // namespace nscp::kernel
