// Sends what real-time filters tell, on a thread of its own, so that nothing that waits
// for the kernel or for a slow channel holds up who watches. In order; at most
// kMaxWaiting messages wait, more are dropped and counted in the log.
//
// Owned by a module; any thread. Stop() before the module's Stop returns.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "workers/sdk/module.h"

namespace nscp::checks {

class RealtimeOutbox {
 public:
  static constexpr size_t kMaxWaiting = 1000;
  static constexpr std::chrono::seconds kSubmitLimit{30};
  // At the agent's start the modules that listen may still be starting.
  static constexpr std::chrono::minutes kReadyLimit{2};

  // `host` outlives it.
  explicit RealtimeOutbox(sdk::Host& host);
  ~RealtimeOutbox();
  RealtimeOutbox(const RealtimeOutbox&) = delete;
  RealtimeOutbox& operator=(const RealtimeOutbox&) = delete;

  void Submit(sdk::Submission submission);
  void Emit(std::vector<sdk::Event> events);
  // Sends nothing more; what waits is lost. Idempotent.
  void Stop();

 private:
  using Message = std::variant<sdk::Submission, std::vector<sdk::Event>>;

  void Put(Message message);
  void Run();
  void Send(const Message& message);

  sdk::Host& host_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Message> waiting_;
  uint64_t dropped_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace nscp::checks
