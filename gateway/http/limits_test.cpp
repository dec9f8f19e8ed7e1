// Clients that mean ill, or are just broken: each costs a bounded share of the server, is
// told why, and does not keep others waiting.
#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gateway/http/server.h"
#include "gateway/http/test_client.h"

namespace nscp::gateway {
namespace {

using namespace testing;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

Response Ok(const Request& request) {
  Response response;
  response.body = request.path;
  return response;
}

std::string Post(const std::string& headers, const std::string& body = "") {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

// What one connection that sends `bytes` gets; it must be one answer and then the end.
RawAnswer OnlyAnswer(uint16_t port, const std::string& bytes) {
  Client client(port);
  const RawAnswer answer = client.Ask(bytes);
  CHECK(answer.Header("Connection") == "close");
  CHECK(client.Ended());
  return answer;
}

TEST_CASE("each smuggling shape is answered once and the connection closed") {
  std::atomic<int> handled{0};
  TestServer server([&](const Request& request) {
    ++handled;
    return Ok(request);
  });
  const std::string second = Get("/second");
  const std::string shapes[] = {
      Post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + second),
      Post("Content-Length: 0\r\nContent-Length: 50\r\n", second),
      Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", second),
      Get("/", "Content-Length: " + std::to_string(second.size()) + "\r\n") + second,
      Get("/", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n" + second,
      "HEAD / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789" + second,
      Post("X: y\r\n folded\r\n", second),
      Post("X: y\nContent-Length: 3\r\n", second),
      Post("X: y\rContent-Length: 3\r\n", second),
  };
  for (const auto& shape : shapes) {
    CAPTURE(shape);
    CHECK(OnlyAnswer(server.port, shape).status == 400);
  }
  CHECK(handled == 0);
}

TEST_CASE("200 000 headers are cut at the limit") {
  TestServer server(Ok);
  std::string bytes = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 200000; ++i) bytes += "X: " + std::to_string(i) + "\r\n";
  CHECK(OnlyAnswer(server.port, bytes + "\r\n").status == 431);
  const std::string wide = "GET / HTTP/1.1\r\nX: " + std::string(40000, 'x') + "\r\n\r\n";
  CHECK(OnlyAnswer(server.port, wide).status == 431);
}

TEST_CASE("a header line and a path of many kilobytes pass below the limit") {
  TestServer server(Ok);
  Client client(server.port);
  const std::string path = "/" + std::string(15000, 'a');
  const std::string header = "Authorization: " + std::string(15000, 'b') + "\r\n";
  CHECK(client.Ask(Get(path, header)).body == path);
}

TEST_CASE("a body beyond the limit is refused, chunked or not") {
  ServerOptions options;
  options.max_body_bytes = 10000;
  TestServer server(Ok, options);
  CHECK(OnlyAnswer(server.port, Post("Content-Length: 10001\r\n")).status == 413);
  CHECK(OnlyAnswer(server.port,
                   Post("Content-Length: 1000000\r\n", std::string(1000000, 'x')))
            .status == 413);
  std::string chunks;
  for (int i = 0; i < 2000; ++i) chunks += "3E8\r\n" + std::string(1000, 'x') + "\r\n";
  CHECK(OnlyAnswer(server.port, Post("Transfer-Encoding: chunked\r\n", chunks)).status ==
        413);
  Client fits(server.port);
  CHECK(fits.Ask(Post("Content-Length: 10000\r\n", std::string(10000, 'x'))).status ==
        200);
}

TEST_CASE("a body may be larger where method and path allow it") {
  ServerOptions options;
  options.body_limit = [](std::string_view method, std::string_view path) -> size_t {
    return method == "POST" && path == "/p" ? 2000 : 10;
  };
  options.max_body_bytes = 5;
  TestServer server(Ok, options);
  const std::string body(2000, 'x');
  Client client(server.port);
  CHECK(client.Ask(Post("Content-Length: 2000\r\n", body)).status == 200);
  const std::string chunked = "7D0\r\n" + body + "\r\n0\r\n\r\n";
  CHECK(client.Ask(Post("Transfer-Encoding: chunked\r\n", chunked)).status == 200);
  CHECK(OnlyAnswer(server.port, Post("Content-Length: 2001\r\n")).status == 413);
  CHECK(
      OnlyAnswer(server.port, Post("Transfer-Encoding: chunked\r\n", "7D1\r\n")).status ==
      413);
  CHECK(OnlyAnswer(server.port, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n")
            .status == 413);
}

TEST_CASE("a client that asks before it sends a body is told to go on, or not to") {
  ServerOptions options;
  options.max_body_bytes = 10;
  TestServer server(Ok, options);
  Client client(server.port);
  REQUIRE(client.Send(Post("Expect: 100-continue\r\nContent-Length: 3\r\n")));
  CHECK(client.Read(true).status == 100);
  CHECK(client.Ask("abc").status == 200);
  CHECK(OnlyAnswer(server.port, Post("Expect: 100-continue\r\nContent-Length: 11\r\n"))
            .status == 413);
}

TEST_CASE("a request that drips is ended at its deadline with 408") {
  ServerOptions options;
  options.head_deadline = milliseconds(300);
  options.idle = milliseconds(5000);
  TestServer server(Ok, options);
  for (const std::string& start :
       {std::string("GET / HT"), Post("Content-Length: 100\r\n", "abc"),
        Post("Transfer-Encoding: chunked\r\n", "5\r\nab")}) {
    CAPTURE(start);
    Client client(server.port);
    const auto begin = Clock::now();
    REQUIRE(client.Send(start));
    // Each further byte would start a timeout anew if there were one for each read.
    RawAnswer answer;
    for (int i = 0; i < 3; ++i) client.Send("x");
    answer = client.Read();
    CHECK(answer.status == 408);
    CHECK(client.Ended());
    CHECK(Clock::now() - begin >= milliseconds(250));
    CHECK(Clock::now() - begin < milliseconds(4000));
  }
}

TEST_CASE("an idle connection is closed without a word") {
  ServerOptions options;
  options.idle = milliseconds(200);
  TestServer server(Ok, options);
  Client fresh(server.port);
  CHECK(fresh.Ended());
  Client used(server.port);
  CHECK(used.Ask(Get("/")).status == 200);
  CHECK(used.Ended());
}

TEST_CASE("silent and half-handshaken connections and drips keep nobody waiting") {
  ServerOptions options;
  options.threads = 2;
  options.max_connections_per_address = 1000;
  options.handshake_deadline = std::chrono::seconds(30);
  TestServer server(Ok, options);
  std::vector<Client> crowd;
  for (int i = 0; i < 500; ++i) crowd.push_back(SilentClient(server.port));
  for (int i = 0; i < 100; ++i) {
    crowd.push_back(SilentClient(server.port));
    crowd.back().Send("\x16\x03\x01\x02\x00\x01");  // the beginning of a ClientHello
  }
  for (int i = 0; i < 100; ++i) {
    crowd.emplace_back(server.port);
    REQUIRE(crowd.back().Send("GET /drip"));
  }
  auto slowest = Clock::duration::zero();
  for (int i = 0; i < 20; ++i) {
    const auto begin = Clock::now();
    Client client(server.port);
    REQUIRE(client.Ask(Get("/poll")).status == 200);
    slowest = std::max(slowest, Clock::now() - begin);
  }
  CHECK(slowest < milliseconds(1000));
}

TEST_CASE("silent connections are cut at the handshake's deadline") {
  ServerOptions options;
  options.handshake_deadline = milliseconds(200);
  TestServer server(Ok, options);
  Client silent = SilentClient(server.port);
  CHECK(silent.Ended());
  Client half = SilentClient(server.port);
  half.Send("\x16\x03\x01\x02\x00\x01");
  CHECK(half.Ended());
}

TEST_CASE("at the bound the oldest idle connection makes room for a new one") {
  ServerOptions options;
  options.max_connections = 3;
  for (const bool per_address : {false, true}) {
    if (per_address) {
      options.max_connections = 1024;
      options.max_connections_per_address = 3;
    }
    TestServer server(Ok, options, false);
    std::vector<Client> clients;
    for (int i = 0; i < 4; ++i) {
      clients.push_back(SilentClient(server.port));
      REQUIRE(clients.back().connected());
    }
    CHECK(clients[0].Ended());
    for (size_t i = 1; i < 4; ++i) CHECK(clients[i].Ask(Get("/")).status == 200);
  }
}

TEST_CASE("when all connections work, a new one is told 503") {
  Gate gate;
  ServerOptions options;
  options.max_connections = 2;
  TestServer server(
      [&](const Request& request) {
        gate.Wait();
        return Ok(request);
      },
      options);
  std::vector<Client> busy;
  for (int i = 0; i < 2; ++i) {
    busy.emplace_back(server.port);
    REQUIRE(busy.back().Send(Get("/")));
  }
  REQUIRE(gate.AwaitVisitors(2));
  CHECK(OnlyAnswer(server.port, Get("/")).status == 503);
  gate.Open();
  for (auto& client : busy) CHECK(client.Read().status == 200);
}

TEST_CASE("management is answered at once while checks hold all threads they may have") {
  Gate gate;
  ServerOptions options;
  options.threads = 2;
  options.max_connections_per_address = 1000;
  options.is_long = [](std::string_view, std::string_view path) {
    return path == "/check";
  };
  TestServer server(
      [&](const Request& request) {
        if (request.path == "/check") gate.Wait();
        return Ok(request);
      },
      options);
  std::vector<Client> checks;
  for (unsigned i = 0; i < kMaxThreads + 20; ++i) {
    checks.emplace_back(server.port);
    REQUIRE(checks.back().Send(Get("/check")));
  }
  REQUIRE(gate.AwaitVisitors(kMaxThreads - kReservedThreads));
  Client manager(server.port);
  CHECK(manager.Ask(Get("/modules")).body == "/modules");
  gate.Open();
  for (auto& check : checks) CHECK(check.Read().status == 200);
}

TEST_CASE("more requests than the queue holds are told 503") {
  Gate gate;
  ServerOptions options;
  options.max_connections_per_address = 1000;
  TestServer server(
      [&](const Request& request) {
        gate.Wait();
        return Ok(request);
      },
      options, false);
  // Which ones are refused depends on how soon the threads take the others; how many does
  // not.
  constexpr int kRefused = 8;
  Gate refused;
  refused.Open();
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (size_t i = 0; i < kMaxThreads + kMaxQueuedRequests + kRefused; ++i) {
    clients.emplace_back([&] {
      Client client = SilentClient(server.port);
      const int status = client.Ask(Get("/")).status;
      if (status == 503) refused.Wait();
      if (status == 200) ++answered;
    });
  }
  CHECK(refused.AwaitVisitors(kRefused));
  gate.Open();
  for (auto& client : clients) client.join();
  CHECK(answered >= static_cast<int>(kMaxQueuedRequests));
}

}  // namespace
}  // namespace nscp::gateway
