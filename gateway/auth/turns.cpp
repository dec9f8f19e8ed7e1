#include "gateway/auth/turns.h"

#include <utility>

namespace nscp::gateway {

Turns::Turn::Turn(Turns& turns, std::string key)
    : turns_(turns), key_(std::move(key)), is_first_(turns.Enter(key_)) {}

Turns::Turn::~Turn() {
  if (is_first_) turns_.Leave(key_);
}

bool Turns::Enter(const std::string& key) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (taken_.insert(key).second) return true;
  left_.wait_for(lock, wait_, [&] { return taken_.count(key) == 0; });
  return false;
}

void Turns::Leave(const std::string& key) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    taken_.erase(key);
  }
  left_.notify_all();
}

}  // namespace nscp::gateway
