// The two bare hops behind the floor's web server: what a relay (in the kernel's place)
// and a leaf (in a worker's place) cost when they do nothing but gRPC with the agent's
// own messages. gRPC as it comes: generated synchronous services, default channels, no
// metadata, no deadlines. All classes: any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "nscp/v1/queries.grpc.pb.h"
#include "nscp/v1/worker.grpc.pb.h"
#include "proto/cpp/status.h"
#include "tests/bench/floor/shape.h"

namespace nscp::bench {

// Answers a check with a result of the size that its two arguments name: bytes of the
// message, items of performance data.
class Leaf final : public v1::Worker::Service {
 public:
  grpc::Status Query(grpc::ServerContext* context, const v1::WorkerQueryRequest* request,
                     v1::WorkerQueryResponse* response) override;
};

// Hands each check on to one leaf.
class Relay final : public v1::Queries::Service {
 public:
  explicit Relay(const std::string& leaf);
  grpc::Status Execute(grpc::ServerContext* context, const v1::ExecuteRequest* request,
                       v1::ExecuteResponse* response) override;

 private:
  const std::unique_ptr<v1::Worker::Stub> leaf_;
};

// The client of a relay.
class RelayClient {
 public:
  explicit RelayClient(const std::string& relay);
  Status Execute(const Shape& shape) const;

 private:
  const std::unique_ptr<v1::Queries::Stub> relay_;
};

// Serves on "unix:/path".
Result<std::unique_ptr<grpc::Server>> ServeHop(const std::string& address,
                                               grpc::Service* service);

}  // namespace nscp::bench
