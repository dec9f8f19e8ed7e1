// The log as it comes, printed until the reader, the agent or a signal ends it. Source:
// Logs.Watch in nscp/v1/telemetry.proto.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

// Between gRPC's threads, which bring the batches, and the one thread that prints them.
// Where that one is slow, the kernel keeps what comes within its own bounds and says how
// much was lost.
class LogFollow {
 public:
  // Batches that wait; then no more are read until these are printed.
  static constexpr size_t kMaxBatches = 16;

  enum class End { kStopped, kReaderGone, kAgentGone };

  // `print` false: nobody reads any more. Blocks until one of the ends.
  End Run(KernelClient& client, const v1::WatchLogsRequest& request,
          const std::function<bool(const v1::WatchLogsResponse&)>& print);
  // Any thread, also before Run.
  void Stop();
  // Why the agent is gone.
  Status status();

 private:
  End EndOf(End unless_stopped);
  bool Take(const v1::WatchLogsResponse& batch);
  void Ended(const Status& why);
  // Nothing at the end.
  std::optional<v1::WatchLogsResponse> Next(KernelClient::Subscription& subscription);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::WatchLogsResponse> waiting_;
  bool paused_ = false;
  bool ended_ = false;
  Status why_;
  bool stop_ = false;
};

}  // namespace nscp::kernel
