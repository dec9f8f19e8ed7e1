#include "proto/cpp/channel.h"

#include <absl/synchronization/mutex.h>

#include <algorithm>

namespace nscp {
namespace {

constexpr size_t kMaxRequestId = 64;
// What one call may send ahead; without probes a fixed window, and nothing of ours is far
// away.
constexpr int kStreamWindowBytes = 1024 * 1024;

bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '-';
}

// Debian builds Abseil with its checks on, so each of gRPC's locks is entered into a
// graph that is searched for deadlocks: a third of what a small call costs, and all calls
// wait for it.
void StopLockGraph() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& target) {
  StopLockGraph();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  // The path of a Unix socket makes an authority that other gRPC implementations refuse.
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  // No proxy, no service config from DNS, no sharing of connections between incarnations.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // No pings that measure a socket of this machine, no book of calls that nobody reads.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kStreamWindowBytes);
  arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

bool IsRequestId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestId &&
         std::all_of(id.begin(), id.end(), IsIdCharacter);
}

void PrepareContext(grpc::ClientContext& context, const std::string& token,
                    const std::string& request_id,
                    std::chrono::system_clock::time_point deadline) {
  context.AddMetadata(kTokenMetadata, token);
  if (IsRequestId(request_id)) context.AddMetadata(kRequestMetadata, request_id);
  context.set_deadline(deadline);
}

std::string_view Metadata(const grpc::CallbackServerContext& context, const char* name) {
  const auto& entries = context.client_metadata();
  const auto found = entries.find(name);
  if (found == entries.end()) return {};
  return {found->second.data(), found->second.length()};
}

Result<ServerHandle> Serve(const std::string& address,
                           const std::vector<grpc::Service*>& services) {
  StopLockGraph();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.SetMaxSendMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kStreamWindowBytes);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  for (grpc::Service* service : services) builder.RegisterService(service);
  ServerHandle handle;
  handle.server = builder.BuildAndStart();
  if (!handle.server || port == 0) {
    return Status::Unavailable(
        "listening on " + address +
        " failed: is the folder there and writable, and the address free?");
  }
  handle.target = address;
  if (const size_t colon = address.rfind(':'); address.compare(0, 5, "unix:") != 0) {
    handle.target = address.substr(0, colon + 1) + std::to_string(port);
  }
  return handle;
}

std::chrono::system_clock::time_point ToWallClock(
    std::chrono::steady_clock::time_point t) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(
             t - std::chrono::steady_clock::now());
}

std::chrono::steady_clock::time_point ToSteady(std::chrono::system_clock::time_point t) {
  const auto now = std::chrono::system_clock::now();
  // "No deadline" is the largest time point: the subtraction must not overflow.
  if (t - now > std::chrono::hours(24)) {
    return std::chrono::steady_clock::now() + std::chrono::hours(24);
  }
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(t - now);
}

}  // namespace nscp
