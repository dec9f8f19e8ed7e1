#include "proto/cpp/status_grpc.h"

#include "proto/cpp/utf8.h"

namespace nscp {

grpc::Status ToGrpc(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return {static_cast<grpc::StatusCode>(status.code()),
          CutUtf8(RepairUtf8(status.message()), kMaxStatusMessage)};
}

Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return Status::Ok();
  return {static_cast<Code>(status.error_code()), status.error_message()};
}

}  // namespace nscp
