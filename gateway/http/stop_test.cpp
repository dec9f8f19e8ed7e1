// The end of a server: what runs is finished within the limit, all else is cut.
#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "gateway/http/socket.h"
#include "gateway/http/test_client.h"

namespace nscp::gateway {
namespace {

using namespace testing;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

TEST_CASE("stopping lets a running request end, closes idle ones, accepts no more") {
  Gate gate;
  TestServer server([&](const Request&) {
    gate.Wait();
    Response response;
    response.body = "finished";
    return response;
  });
  Client idle(server.port);
  Client running(server.port);
  REQUIRE(idle.connected());
  REQUIRE(running.Send(Get("/")));
  REQUIRE(gate.AwaitVisitors(1));
  std::thread stopper([&] { server.server->Stop(std::chrono::seconds(10)); });
  CHECK(idle.Ended());
  CHECK_FALSE(Client(server.port).connected());
  gate.Open();
  const RawAnswer answer = running.Read();
  CHECK(answer.body == "finished");
  CHECK(answer.Header("Connection") == "close");
  stopper.join();
  server.server->Stop(milliseconds(0));  // once more does nothing
}

TEST_CASE(
    "stopping still answers who was let in before, and waits for them only so long") {
  ServerOptions options;
  options.newcomer = std::chrono::seconds(10);
  TestServer server([](const Request&) { return Response(); }, options);
  Client served(server.port);
  REQUIRE(served.Ask(Get("/")).status == 200);
  Client newcomer(server.port);
  REQUIRE(newcomer.connected());
  std::thread stopper([&] { server.server->Stop(std::chrono::seconds(20)); });
  CHECK(served.Ended());  // the stop has begun
  const RawAnswer answer = newcomer.Ask(Get("/"));
  CHECK(answer.status == 200);
  CHECK(answer.Header("Connection") == "close");
  stopper.join();

  TestServer other([](const Request&) { return Response(); });
  Client silent(other.port);
  REQUIRE(silent.connected());
  const auto begin = Clock::now();
  other.server->Stop(std::chrono::seconds(60));
  CHECK(Clock::now() - begin >= milliseconds(500));
  CHECK(Clock::now() - begin < milliseconds(5000));
}

TEST_CASE("stopping cuts what is not done within the limit") {
  Gate gate;
  TestServer server([&](const Request&) {
    gate.Wait();
    return Response();
  });
  Client running(server.port);
  REQUIRE(running.Send(Get("/")));
  REQUIRE(gate.AwaitVisitors(1));
  const auto begin = Clock::now();
  server.server->Stop(milliseconds(100));
  CHECK(Clock::now() - begin < milliseconds(5000));
  CHECK(running.Read().status == 0);
  gate.Open();
}

TEST_CASE(
    "a server without connections stops at once and a stopped one listens no more") {
  TestServer server([](const Request&) { return Response(); });
  const auto begin = Clock::now();
  server.server->Stop(std::chrono::seconds(60));
  CHECK(Clock::now() - begin < milliseconds(5000));
  CHECK_FALSE(server.server->Listen("127.0.0.1", 0).ok());
}

TEST_CASE("an adopted socket is served besides the first and closed at the end") {
  uint16_t port = 0;
  {
    TestServer server([](const Request&) { return Response(); });
    auto socket = ListenOn("127.0.0.1", 0);
    REQUIRE(socket.ok());
    auto bound = PortOf(*socket);
    REQUIRE(bound.ok());
    port = *bound;
    REQUIRE(server.server->Adopt(static_cast<int>(*socket)).ok());
    for (const uint16_t each : {port, server.port}) {
      Client client(each);
      CHECK(client.Ask(Get("/")).status == 200);
    }
    CHECK_FALSE(server.server->Adopt(-1).ok());
  }
  CHECK_FALSE(SilentClient(port).connected());
}

}  // namespace
}  // namespace nscp::gateway
