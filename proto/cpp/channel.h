// How processes of the house find and trust each other over gRPC: channels, servers,
// tokens, deadlines. Each function may be called from any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp {

// One message at most, both ways; a result is cut before it gets there (workers/sdk).
constexpr int kMaxMessageBytes = 8 * 1024 * 1024;

// The only two metadata entries there are. Both hold ASCII that we made: a value that is
// not ASCII aborts the calling process in gRPC 1.51.
constexpr char kTokenMetadata[] = "nscp-token";
constexpr char kRequestMetadata[] = "nscp-request";

// A channel to exactly one peer, for one incarnation. It never reconnects by itself for
// long: make a new one for a new peer.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& target);

// Adds token and request id (left out unless it is 1..64 ASCII letters, digits, '-') and
// sets the deadline.
void PrepareContext(grpc::ClientContext& context, const std::string& token,
                    const std::string& request_id,
                    std::chrono::system_clock::time_point deadline);
bool IsRequestId(std::string_view id);

// The value of a metadata entry; empty when it is absent.
std::string_view Metadata(const grpc::CallbackServerContext& context, const char* name);

// Serves on `address` ("unix:/path" or "127.0.0.1:0") and gives the target that peers
// dial.
struct ServerHandle {
  std::unique_ptr<grpc::Server> server;
  std::string target;
};
Result<ServerHandle> Serve(const std::string& address,
                           const std::vector<grpc::Service*>& services);

// gRPC deadlines are wall-clock, ours are steady: translated at the edge.
std::chrono::system_clock::time_point ToWallClock(
    std::chrono::steady_clock::time_point t);
std::chrono::steady_clock::time_point ToSteady(std::chrono::system_clock::time_point t);

}  // namespace nscp
