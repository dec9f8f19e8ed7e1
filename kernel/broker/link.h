// The kernel's line to one incarnation of a worker: one channel, never reconnected, and
// the calls on it. Knows no pid. gRPC is hidden in link.cpp. Shared by the calls in
// flight; any thread. Callbacks run on gRPC's threads and must not block.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "nscp/v1/worker.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// A call that can be taken back. Cancelling one that has ended does nothing.
class PendingCall {
 public:
  virtual ~PendingCall() = default;
  virtual void Cancel() = 0;
};

class Link {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `target` is where the worker listens, `token` what it expects from the kernel.
  static std::shared_ptr<Link> Open(const std::string& target, std::string token);
  virtual ~Link() = default;

  struct Options {
    TimePoint deadline;
    std::string request_id;
  };
  template <typename Response>
  using Done = std::function<void(Status, Response)>;

  virtual void Start(const v1::StartRequest& request, const Options& options,
                     std::function<void(Status)> done) = 0;
  virtual void Reload(const v1::ReloadRequest& request, const Options& options,
                      std::function<void(Status)> done) = 0;
  virtual void Drain(const Options& options, std::function<void(Status)> done) = 0;
  virtual void Stop(const Options& options, std::function<void(Status)> done) = 0;

  enum class Health { kServing, kFull, kNoAnswer };
  virtual void CheckHealth(const Options& options, std::function<void(Health)> done) = 0;

  virtual std::shared_ptr<PendingCall> Query(v1::WorkerQueryRequest request,
                                             const Options& options,
                                             Done<v1::WorkerQueryResponse> done) = 0;
  virtual std::shared_ptr<PendingCall> Exec(v1::WorkerExecRequest request,
                                            const Options& options,
                                            Done<v1::WorkerExecResponse> done) = 0;
  virtual std::shared_ptr<PendingCall> Submit(v1::WorkerSubmitRequest request,
                                              const Options& options,
                                              Done<v1::WorkerSubmitResponse> done) = 0;
  virtual std::shared_ptr<PendingCall> FetchMetrics(
      const Options& options, Done<v1::FetchMetricsResponse> done) = 0;
  virtual std::shared_ptr<PendingCall> DeliverEvents(
      v1::DeliverEventsRequest request, const Options& options,
      Done<v1::DeliverEventsResponse> done) = 0;
  virtual std::shared_ptr<PendingCall> PushMetrics(
      const v1::PushMetricsRequest& request, const Options& options,
      Done<v1::PushMetricsResponse> done) = 0;
};

}  // namespace nscp::kernel
