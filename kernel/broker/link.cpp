#include "kernel/broker/link.h"

#include "grpc/health/v1/health.grpc.pb.h"
#include "nscp/v1/worker.grpc.pb.h"
#include "proto/cpp/channel.h"
#include "proto/cpp/status_grpc.h"

namespace nscp::kernel {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// Request, response and context of one call, alive until its callback has run.
template <typename Request, typename Response>
class Flight final : public PendingCall {
 public:
  void Cancel() override { context.TryCancel(); }

  grpc::ClientContext context;
  Request request;
  Response response;
};

// An answer of which only the status matters.
auto Plain(std::function<void(Status)> done) {
  return
      [done = std::move(done)](Status status, const auto&) { done(std::move(status)); };
}

class GrpcLink final : public Link {
 public:
  GrpcLink(std::shared_ptr<grpc::Channel> channel, std::string token)
      : token_(std::move(token)),
        worker_(v1::Worker::NewStub(channel)),
        health_(grpc::health::v1::Health::NewStub(channel)) {}

  void Start(const v1::StartRequest& request, const Options& options,
             std::function<void(Status)> done) override {
    Fly<v1::StartRequest, v1::StartResponse>(request, options, Plain(std::move(done)),
                                             worker_->async(),
                                             &v1::Worker::Stub::async::Start);
  }
  void Reload(const v1::ReloadRequest& request, const Options& options,
              std::function<void(Status)> done) override {
    Fly<v1::ReloadRequest, v1::ReloadResponse>(request, options, Plain(std::move(done)),
                                               worker_->async(),
                                               &v1::Worker::Stub::async::Reload);
  }
  void Drain(const Options& options, std::function<void(Status)> done) override {
    Fly<v1::DrainRequest, v1::DrainResponse>({}, options, Plain(std::move(done)),
                                             worker_->async(),
                                             &v1::Worker::Stub::async::Drain);
  }
  void Stop(const Options& options, std::function<void(Status)> done) override {
    Fly<v1::StopRequest, v1::StopResponse>({}, options, Plain(std::move(done)),
                                           worker_->async(),
                                           &v1::Worker::Stub::async::Stop);
  }
  void CheckHealth(const Options& options, std::function<void(Health)> done) override {
    Fly<HealthCheckRequest, HealthCheckResponse>(
        {}, options,
        [done = std::move(done)](const Status& status,
                                 const HealthCheckResponse& response) {
          const bool serving = response.status() == HealthCheckResponse::SERVING;
          done(!status.ok() ? Health::kNoAnswer
               : serving    ? Health::kServing
                            : Health::kFull);
        },
        health_->async(), &grpc::health::v1::Health::Stub::async::Check);
  }
  std::shared_ptr<PendingCall> Query(v1::WorkerQueryRequest request,
                                     const Options& options,
                                     Done<v1::WorkerQueryResponse> done) override {
    return Fly<v1::WorkerQueryRequest, v1::WorkerQueryResponse>(
        std::move(request), options, std::move(done), worker_->async(),
        &v1::Worker::Stub::async::Query);
  }
  std::shared_ptr<PendingCall> Exec(v1::WorkerExecRequest request, const Options& options,
                                    Done<v1::WorkerExecResponse> done) override {
    return Fly<v1::WorkerExecRequest, v1::WorkerExecResponse>(
        std::move(request), options, std::move(done), worker_->async(),
        &v1::Worker::Stub::async::Exec);
  }
  std::shared_ptr<PendingCall> Submit(v1::WorkerSubmitRequest request,
                                      const Options& options,
                                      Done<v1::WorkerSubmitResponse> done) override {
    return Fly<v1::WorkerSubmitRequest, v1::WorkerSubmitResponse>(
        std::move(request), options, std::move(done), worker_->async(),
        &v1::Worker::Stub::async::Submit);
  }
  std::shared_ptr<PendingCall> FetchMetrics(
      const Options& options, Done<v1::FetchMetricsResponse> done) override {
    return Fly<v1::FetchMetricsRequest, v1::FetchMetricsResponse>(
        {}, options, std::move(done), worker_->async(),
        &v1::Worker::Stub::async::FetchMetrics);
  }

 private:
  template <typename Request, typename Response, typename Answer, typename Stub>
  std::shared_ptr<PendingCall> Fly(
      Request request, const Options& options, Answer done, Stub* stub,
      void (Stub::*method)(grpc::ClientContext*, const Request*, Response*,
                           std::function<void(grpc::Status)>)) {
    auto flight = std::make_shared<Flight<Request, Response>>();
    flight->request = std::move(request);
    PrepareContext(flight->context, token_, options.request_id,
                   ToWallClock(options.deadline));
    (stub->*method)(&flight->context, &flight->request, &flight->response,
                    [flight, done = std::move(done)](const grpc::Status& status) {
                      done(FromGrpc(status), std::move(flight->response));
                    });
    return flight;
  }

  const std::string token_;
  const std::unique_ptr<v1::Worker::Stub> worker_;
  const std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

}  // namespace

std::shared_ptr<Link> Link::Open(const std::string& target, std::string token) {
  return std::make_shared<GrpcLink>(OpenChannel(target), std::move(token));
}

}  // namespace nscp::kernel
