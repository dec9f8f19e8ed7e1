// One at a time for each key: whoever comes while another works on the same key waits for
// its end instead of doing the same work beside it. Keys in use are as many as callers.
// Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace nscp::gateway {

class Turns {
 public:
  // The longest wait for another's end; a slow hash takes a small part of it.
  static constexpr std::chrono::milliseconds kWait{2000};

  explicit Turns(std::chrono::milliseconds wait = kWait) : wait_(wait) {}

  // A turn of one key, given back at its end.
  class Turn {
   public:
    Turn(Turns& turns, std::string key);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    // False: another had the key meanwhile, and ended or took too long. Its
    // outcome may have spared the work; where not, the caller works without a turn.
    bool is_first() const { return is_first_; }

   private:
    Turns& turns_;
    const std::string key_;
    const bool is_first_;
  };

 private:
  bool Enter(const std::string& key);
  void Leave(const std::string& key);

  const std::chrono::milliseconds wait_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::set<std::string> taken_;  // guarded by mutex_
};

}  // namespace nscp::gateway
