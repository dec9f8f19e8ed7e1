// bench_floor: the servers that the agent is measured against. One program, three roles,
// each a process of its own as gateway, kernel and worker are:
//
//   bench_floor leaf unix:SOCKET
//   bench_floor relay unix:SOCKET unix:SOCKET-OF-THE-LEAF
//   bench_floor web CERTIFICATE [unix:SOCKET-OF-THE-RELAY]
//
// `web` serves HTTPS with the gateway's own room gateway/http on a free port of 127.0.0.1
// and answers /BODY/MESSAGE/PERF (shape.h) with BODY bytes: at once, or after one call
// through relay and leaf. Each prints one line when it is ready (the port, or its
// address), and ends when its standard input does.
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/http/http.h"
#include "tests/bench/floor/hops.h"

namespace nscp::bench {
namespace {

constexpr std::chrono::seconds kStopLimit{1};

void WaitForEnd(const std::string& ready) {
  std::cout << ready << std::endl;
  std::string ignored;
  while (std::getline(std::cin, ignored)) {
  }
}

Status RunHop(const std::string& address, grpc::Service* service) {
  ASSIGN_OR_RETURN(const auto server, ServeHop(address, service));
  WaitForEnd(address);
  server->Shutdown(std::chrono::system_clock::now() + kStopLimit);
  return Status::Ok();
}

gateway::Response Refusal(int status, std::string text) {
  gateway::Response response;
  response.status = status;
  response.body = std::move(text);
  return response;
}

Status RunWeb(const std::string& certificate, const std::optional<RelayClient>& relay) {
  RETURN_IF_ERROR(gateway::MakeCertificate(certificate));
  gateway::ServerOptions options;
  options.tls = gateway::TlsOptions{certificate, ""};
  // As in the gateway, where checks are long and listings are not.
  options.is_long = [&relay](std::string_view, std::string_view) { return bool(relay); };
  ASSIGN_OR_RETURN(
      const auto server,
      gateway::Server::Create(options, [&relay](const gateway::Request& request) {
        const auto shape = ParseShape(request.path);
        if (!shape) return Refusal(404, "ask for /BODY/MESSAGE/PERF");
        if (relay) {
          const Status asked = relay->Execute(*shape);
          if (!asked.ok()) return Refusal(503, asked.message());
        }
        gateway::Response response;
        response.body.assign(shape->body, 'b');
        return response;
      }));
  ASSIGN_OR_RETURN(const uint16_t port, server->Listen("127.0.0.1", 0));
  WaitForEnd(std::to_string(port));
  server->Stop(kStopLimit);
  return Status::Ok();
}

Status Run(const std::vector<std::string>& words) {
  const std::string role = words.empty() ? "" : words[0];
  if (role == "leaf" && words.size() == 2) {
    Leaf leaf;
    return RunHop(words[1], &leaf);
  }
  if (role == "relay" && words.size() == 3) {
    Relay relay(words[2]);
    return RunHop(words[1], &relay);
  }
  if (role == "web" && (words.size() == 2 || words.size() == 3)) {
    std::optional<RelayClient> relay;
    if (words.size() == 3) relay.emplace(words[2]);
    return RunWeb(words[1], relay);
  }
  return Status::InvalidArgument(
      "usage: bench_floor leaf ADDRESS | relay ADDRESS LEAF | web CERTIFICATE [RELAY]");
}

}  // namespace
}  // namespace nscp::bench

int main(int argc, char** argv) {
  const nscp::Status status =
      nscp::bench::Run(std::vector<std::string>(argv + 1, argv + argc));
  if (status.ok()) return 0;
  std::cerr << "bench_floor: " << status.message() << "\n";
  return 1;
}
