// Windows' own calls, against this machine.
#include <doctest/doctest.h>

#include "workers/net/icmp.h"
#include "workers/net/network.h"

namespace nscp::net {
namespace {

Limit Soon() { return {Clock::now() + std::chrono::seconds(2), nullptr}; }

TEST_CASE("this machine answers an echo without any right") {
  REQUIRE(StartNetwork().ok());
  const auto socket = EchoSocket::Open("127.0.0.1", 0);
  REQUIRE(socket.ok());
  for (const size_t size : {size_t{0}, size_t{32}, size_t{8000}}) {
    const auto reply = socket->Ask(1, std::string(size, 'x'), Soon());
    CAPTURE(reply.status().message());
    REQUIRE(reply.ok());
    CHECK(reply->milliseconds < 1000);
  }
}

TEST_CASE("an echo that nobody answers ends with its limit, and with its caller") {
  REQUIRE(StartNetwork().ok());
  // Of a block that is kept back (RFC 1112): no host has it.
  const auto socket = EchoSocket::Open("240.0.0.1", 0);
  REQUIRE(socket.ok());
  const auto start = Clock::now();
  CHECK_FALSE(
      socket->Ask(1, "x", {start + std::chrono::milliseconds(200), nullptr}).ok());
  const std::atomic<bool> stop{true};
  CHECK(socket->Ask(1, "x", {start + std::chrono::hours(1), &stop}).status().code() ==
        Code::kDeadlineExceeded);
  CHECK(Clock::now() - start < std::chrono::seconds(5));
  CHECK(EchoSocket::Open("no address", 0).status().code() == Code::kInvalidArgument);
}

}  // namespace
}  // namespace nscp::net
