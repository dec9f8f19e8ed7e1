#include "kernel/broker/listeners.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nscp::kernel {
namespace {

uint16_t PortOf(int descriptor) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

TEST_CASE(
    "the same address gives the same socket, another moves it, release frees the port") {
  Listeners listeners;
  const auto first = listeners.Acquire("WEBServer", "web", "127.0.0.1", 0, 0);
  REQUIRE(first.ok());
  const auto again = listeners.Acquire("WEBServer", "web", "127.0.0.1", 0, 0);
  REQUIRE(again.ok());
  CHECK(*first == *again);
  const uint16_t port = PortOf(*first);

  Listeners other;
  const auto taken = other.Acquire("WEBServer", "web", "127.0.0.1", port, 0);
  CHECK(taken.status().code() == Code::kUnavailable);
  CHECK(taken.status().message().find("127.0.0.1:" + std::to_string(port)) !=
        std::string::npos);

  listeners.Release("WEBServer");
  CHECK(other.Acquire("WEBServer", "web", "127.0.0.1", port, 0).ok());
}

TEST_CASE("a name is no address") {
  Listeners listeners;
  CHECK(listeners.Acquire("x", "web", "localhost", 0, 0).status().code() ==
        Code::kInvalidArgument);
}

}  // namespace
}  // namespace nscp::kernel
