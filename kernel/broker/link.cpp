#include "kernel/broker/link.h"

#include <grpcpp/generic/generic_stub.h>

#include "grpc/health/v1/health.grpc.pb.h"
#include "nscp/v1/worker.grpc.pb.h"
#include "proto/cpp/channel.h"
#include "proto/cpp/status_grpc.h"

namespace nscp::kernel {
namespace {

// A message and whether all of it could be read: a callback client of gRPC 1.51 gives the
// status OK and half a message when it could not, and half a result may well read "OK".
template <typename Message>
struct Received {
  Message message;
  bool whole = false;
};

}  // namespace
}  // namespace nscp::kernel

namespace grpc {

template <typename Message>
class SerializationTraits<nscp::kernel::Received<Message>> {
 public:
  static Status Deserialize(ByteBuffer* bytes,
                            nscp::kernel::Received<Message>* received) {
    Status read = SerializationTraits<Message>::Deserialize(bytes, &received->message);
    received->whole = read.ok();
    return read;
  }
};

}  // namespace grpc

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
  Received<Response> response;
};

// An answer of which only the status matters.
auto Plain(std::function<void(Status)> done) {
  return
      [done = std::move(done)](Status status, const auto&) { done(std::move(status)); };
}

class GrpcLink final : public Link {
 public:
  GrpcLink(std::shared_ptr<grpc::Channel> channel, std::string token)
      : channel_(std::move(channel)), token_(std::move(token)) {}

  void Start(const v1::StartRequest& request, const Options& options,
             std::function<void(Status)> done) override {
    Fly<v1::StartRequest, v1::StartResponse>("/nscp.v1.Worker/Start", request, options,
                                             Plain(std::move(done)));
  }
  void Reload(const v1::ReloadRequest& request, const Options& options,
              std::function<void(Status)> done) override {
    Fly<v1::ReloadRequest, v1::ReloadResponse>("/nscp.v1.Worker/Reload", request, options,
                                               Plain(std::move(done)));
  }
  void Drain(const Options& options, std::function<void(Status)> done) override {
    Fly<v1::DrainRequest, v1::DrainResponse>("/nscp.v1.Worker/Drain", {}, options,
                                             Plain(std::move(done)));
  }
  void Stop(const Options& options, std::function<void(Status)> done) override {
    Fly<v1::StopRequest, v1::StopResponse>("/nscp.v1.Worker/Stop", {}, options,
                                           Plain(std::move(done)));
  }
  void CheckHealth(const Options& options, std::function<void(Health)> done) override {
    Fly<HealthCheckRequest, HealthCheckResponse>(
        "/grpc.health.v1.Health/Check", {}, options,
        [done = std::move(done)](const Status& status,
                                 const HealthCheckResponse& response) {
          const bool serving = response.status() == HealthCheckResponse::SERVING;
          done(!status.ok() ? Health::kNoAnswer
               : serving    ? Health::kServing
                            : Health::kFull);
        });
  }
  std::shared_ptr<PendingCall> Query(v1::WorkerQueryRequest request,
                                     const Options& options,
                                     Done<v1::WorkerQueryResponse> done) override {
    return Fly<v1::WorkerQueryRequest, v1::WorkerQueryResponse>(
        "/nscp.v1.Worker/Query", std::move(request), options, std::move(done));
  }
  std::shared_ptr<PendingCall> Exec(v1::WorkerExecRequest request, const Options& options,
                                    Done<v1::WorkerExecResponse> done) override {
    return Fly<v1::WorkerExecRequest, v1::WorkerExecResponse>(
        "/nscp.v1.Worker/Exec", std::move(request), options, std::move(done));
  }
  std::shared_ptr<PendingCall> Submit(v1::WorkerSubmitRequest request,
                                      const Options& options,
                                      Done<v1::WorkerSubmitResponse> done) override {
    return Fly<v1::WorkerSubmitRequest, v1::WorkerSubmitResponse>(
        "/nscp.v1.Worker/Submit", std::move(request), options, std::move(done));
  }
  std::shared_ptr<PendingCall> FetchMetrics(
      const Options& options, Done<v1::FetchMetricsResponse> done) override {
    return Fly<v1::FetchMetricsRequest, v1::FetchMetricsResponse>(
        "/nscp.v1.Worker/FetchMetrics", {}, options, std::move(done));
  }
  std::shared_ptr<PendingCall> DeliverEvents(
      v1::DeliverEventsRequest request, const Options& options,
      Done<v1::DeliverEventsResponse> done) override {
    return Fly<v1::DeliverEventsRequest, v1::DeliverEventsResponse>(
        "/nscp.v1.Worker/DeliverEvents", std::move(request), options, std::move(done));
  }
  std::shared_ptr<PendingCall> PushMetrics(const v1::PushMetricsRequest& request,
                                           const Options& options,
                                           Done<v1::PushMetricsResponse> done) override {
    return Fly<v1::PushMetricsRequest, v1::PushMetricsResponse>(
        "/nscp.v1.Worker/PushMetrics", request, options, std::move(done));
  }

 private:
  template <typename Request, typename Response, typename Answer>
  std::shared_ptr<PendingCall> Fly(const char* method, Request request,
                                   const Options& options, Answer done) {
    auto flight = std::make_shared<Flight<Request, Response>>();
    flight->request = std::move(request);
    PrepareContext(flight->context, token_, options.request_id,
                   ToWallClock(options.deadline));
    grpc::TemplatedGenericStub<Request, Received<Response>>(channel_).UnaryCall(
        &flight->context, method, {}, &flight->request, &flight->response,
        [flight, done = std::move(done)](const grpc::Status& status) {
          Status ended = FromGrpc(status);
          if (ended.ok() && !flight->response.whole) {
            ended = Status::Internal(
                "its worker's answer can't be read: has it a text that is not UTF-8?");
          }
          done(std::move(ended), std::move(flight->response.message));
        });
    return flight;
  }

  const std::shared_ptr<grpc::Channel> channel_;
  const std::string token_;
};

}  // namespace

std::shared_ptr<Link> Link::Open(const std::string& target, std::string token) {
  return std::make_shared<GrpcLink>(OpenChannel(target), std::move(token));
}

}  // namespace nscp::kernel
