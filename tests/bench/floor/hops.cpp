#include "tests/bench/floor/hops.h"

namespace nscp::bench {
namespace {

std::shared_ptr<grpc::Channel> OpenHop(const std::string& target) {
  return grpc::CreateChannel(target, grpc::InsecureChannelCredentials());
}

void AddPerf(v1::Line* line) {
  v1::Perf& perf = *line->add_perf();
  perf.set_label("a label");
  v1::Number& number = *perf.mutable_number();
  number.set_value(1.5);
  number.set_unit("%");
  number.mutable_warning()->set_value(80);
  number.mutable_critical()->set_value(90);
}

}  // namespace

grpc::Status Leaf::Query(grpc::ServerContext*, const v1::WorkerQueryRequest* request,
                         v1::WorkerQueryResponse* response) {
  if (request->arguments_size() != 2) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "a leaf wants two arguments"};
  }
  const auto message = ParseSize(request->arguments(0));
  const auto perf = ParseSize(request->arguments(1));
  if (!message || !perf) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "a leaf wants two sizes"};
  }
  v1::CheckResult& result = *response->mutable_result();
  result.set_command(request->command());
  v1::Line& line = *result.add_lines();
  line.set_message(std::string(*message, 'm'));
  for (unsigned i = 0; i < *perf; ++i) AddPerf(&line);
  return grpc::Status::OK;
}

Relay::Relay(const std::string& leaf) : leaf_(v1::Worker::NewStub(OpenHop(leaf))) {}

grpc::Status Relay::Execute(grpc::ServerContext*, const v1::ExecuteRequest* request,
                            v1::ExecuteResponse* response) {
  v1::WorkerQueryRequest onward;
  onward.set_call("0123456789abcdef");
  onward.set_command(request->command());
  *onward.mutable_arguments() = request->arguments();
  onward.set_principal(request->caller().principal());
  v1::WorkerQueryResponse answer;
  grpc::ClientContext context;
  const grpc::Status status = leaf_->Query(&context, onward, &answer);
  if (!status.ok()) return status;
  response->mutable_result()->Swap(answer.mutable_result());
  response->set_answered(true);
  response->set_module("CheckHelpers");
  return status;
}

RelayClient::RelayClient(const std::string& relay)
    : relay_(v1::Queries::NewStub(OpenHop(relay))) {}

Status RelayClient::Execute(const Shape& shape) const {
  v1::ExecuteRequest request;
  request.set_command("check_ok");
  request.add_arguments(std::to_string(shape.message));
  request.add_arguments(std::to_string(shape.perf));
  request.mutable_caller()->set_principal("admin");
  request.mutable_caller()->set_client("127.0.0.1");
  v1::ExecuteResponse response;
  grpc::ClientContext context;
  const grpc::Status status = relay_->Execute(&context, request, &response);
  if (status.ok() && response.answered()) return Status::Ok();
  return Status::Unavailable("asking the relay: " + status.error_message());
}

Result<std::unique_ptr<grpc::Server>> ServeHop(const std::string& address,
                                               grpc::Service* service) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(service);
  auto server = builder.BuildAndStart();
  if (!server) {
    return Status::Unavailable("listening on " + address +
                               " failed: is the folder there, and the address free?");
  }
  return server;
}

}  // namespace nscp::bench
