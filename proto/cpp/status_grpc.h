// Status on the wire: the same code, the message as bytes of UTF-8. Any thread.
#pragma once

#include <grpcpp/support/status.h>

#include "proto/cpp/status.h"

namespace nscp {

// Repairs the message to UTF-8 and cuts it to kMaxStatusMessage: it travels in a header.
constexpr size_t kMaxStatusMessage = 4096;
grpc::Status ToGrpc(const Status& status);

Status FromGrpc(const grpc::Status& status);

}  // namespace nscp
