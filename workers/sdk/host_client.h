// GatewayHost over a KernelClient: the module's way into the kernel outside of a call.
// Log lines go through a bounded queue and a thread of its own, so that logging never
// waits for the kernel. Owned by RunModule; any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "workers/sdk/gateway_host.h"

namespace nscp::sdk {

class HostClient final : public GatewayHost {
 public:
  static constexpr size_t kMaxQueuedLines = 1000;  // more are dropped and counted
  static constexpr size_t kMaxLine = 16 * 1024;    // bytes of one log line
  static constexpr std::chrono::seconds kCallTimeout{10};

  explicit HostClient(std::unique_ptr<KernelClient> kernel);
  ~HostClient() override;  // writes what is queued, at most kCallTimeout

  void Log(LogLevel level, std::string_view message) override;
  Status SetNames(std::vector<DynamicName> names) override;
  Result<std::string> ExpandPath(const std::string& path) override;
  Status SaveSettings(const std::vector<Settings::Entry>& entries) override;
  Status SetTag(const std::string& name, const std::string& value) override;
  bool WaitReady(std::chrono::milliseconds limit) override;
  CheckResult Run(const Query& query, std::chrono::milliseconds limit) override;
  SubmitAnswer Submit(const Submission& submission,
                      std::chrono::milliseconds limit) override;
  Status Emit(const std::vector<Event>& events) override;
  Status Store(const std::string& context, const std::string& key,
               const std::string& value) override;
  Result<std::map<std::string, std::string>> Stored(const std::string& context) override;
  KernelClient& kernel() override { return *kernel_; }
  Result<int> Listen(const std::string& name, const std::string& address, uint16_t port,
                     std::chrono::milliseconds limit) override;

  // Ends what Run and Submit wait for outside of calls, and what they are asked later.
  void CancelOwnCalls();

  // With the identity of a call that the caller answers, else with its own.
  CheckResult Run(const Query& query, const std::string& call,
                  const CallOptions& options);
  SubmitAnswer Submit(const Submission& submission, const std::string& call,
                      const CallOptions& options);

  // A descriptor came over the lifeline.
  void Received(const std::string& name, int descriptor);

 private:
  void WriteLoop();

  const std::unique_ptr<KernelClient> kernel_;
  Cancellation own_calls_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<v1::LogEntry> lines_;
  uint64_t dropped_ = 0;
  bool stopping_ = false;
  bool leaving_ = false;                    // CancelOwnCalls
  std::map<std::string, int> descriptors_;  // arrived, not yet fetched
  std::thread writer_;
};

}  // namespace nscp::sdk
