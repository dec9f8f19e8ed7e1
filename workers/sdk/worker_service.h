// nscp.v1.Worker and the health service over one Module: tokens, pool, deadlines,
// draining. Owned by RunModule. gRPC calls it from its own threads, which never block
// here: calls go to the pool, and start, reload, drain and stop to one thread that does
// them in order.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "grpc/health/v1/health.grpc.pb.h"
#include "nscp/v1/worker.grpc.pb.h"
#include "proto/cpp/reactor.h"
#include "workers/sdk/host_client.h"
#include "workers/sdk/module.h"
#include "workers/sdk/pool.h"

namespace nscp::sdk {

class WorkerService final : public v1::Worker::CallbackService {
 public:
  static constexpr size_t kDefaultConcurrency = 16;

  // `stop` is called once, when the module has stopped and the answer is on its way.
  WorkerService(Module& module, HostClient& host, std::string kernel_token,
                std::string module_name, std::function<void()> stop);
  ~WorkerService() override;

  grpc::Service* health() { return &health_; }

  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context,
                                  const v1::StartRequest* request,
                                  v1::StartResponse* response) override;
  grpc::ServerUnaryReactor* Reload(grpc::CallbackServerContext* context,
                                   const v1::ReloadRequest* request,
                                   v1::ReloadResponse* response) override;
  grpc::ServerUnaryReactor* Query(grpc::CallbackServerContext* context,
                                  const v1::WorkerQueryRequest* request,
                                  v1::WorkerQueryResponse* response) override;
  grpc::ServerUnaryReactor* Exec(grpc::CallbackServerContext* context,
                                 const v1::WorkerExecRequest* request,
                                 v1::WorkerExecResponse* response) override;
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context,
                                   const v1::WorkerSubmitRequest* request,
                                   v1::WorkerSubmitResponse* response) override;
  grpc::ServerUnaryReactor* DeliverEvents(grpc::CallbackServerContext* context,
                                          const v1::DeliverEventsRequest* request,
                                          v1::DeliverEventsResponse* response) override;
  grpc::ServerUnaryReactor* PushMetrics(grpc::CallbackServerContext* context,
                                        const v1::PushMetricsRequest* request,
                                        v1::PushMetricsResponse* response) override;
  grpc::ServerUnaryReactor* FetchMetrics(grpc::CallbackServerContext* context,
                                         const v1::FetchMetricsRequest* request,
                                         v1::FetchMetricsResponse* response) override;
  grpc::ServerUnaryReactor* Drain(grpc::CallbackServerContext* context,
                                  const v1::DrainRequest* request,
                                  v1::DrainResponse* response) override;
  grpc::ServerUnaryReactor* Stop(grpc::CallbackServerContext* context,
                                 const v1::StopRequest* request,
                                 v1::StopResponse* response) override;

 private:
  class Health final : public grpc::health::v1::Health::CallbackService {
   public:
    explicit Health(WorkerService& owner) : owner_(owner) {}
    grpc::ServerUnaryReactor* Check(
        grpc::CallbackServerContext* context,
        const grpc::health::v1::HealthCheckRequest* request,
        grpc::health::v1::HealthCheckResponse* response) override;

   private:
    WorkerService& owner_;
  };

  // The kernel's token in the metadata, or an error.
  Status Authenticate(const grpc::CallbackServerContext& context) const;
  // Runs `work` on the thread that does one thing after the other.
  grpc::ServerUnaryReactor* InOrder(const grpc::CallbackServerContext& context,
                                    std::function<Status()> work);
  template <typename Work>
  grpc::ServerUnaryReactor* InPool(const grpc::CallbackServerContext& context,
                                   const std::string& call, const std::string& principal,
                                   Work work);
  Pool* ReadyPool();
  Status DoStart(const v1::StartRequest& request);
  void OrderLoop();

  Module& module_;
  HostClient& host_;
  const std::string kernel_token_;
  const std::string module_name_;
  const std::function<void()> stop_;
  Health health_;

  std::atomic<bool> started_{false};
  std::atomic<bool> draining_{false};
  std::unique_ptr<Pool> pool_;  // made by Start, before started_

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> in_order_;
  bool stopping_ = false;
  std::thread order_;
};

}  // namespace nscp::sdk
