// Answers that go on: framing, many at once beside requests, slow and leaving clients,
// the end.
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "gateway/http/stream.h"
#include "gateway/http/test_client.h"

namespace nscp::gateway {
namespace {

using namespace testing;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// What one stream's producer hears.
struct Heard {
  std::atomic<int> room{0};
  std::promise<void> gone;
  std::shared_ptr<Stream> stream;

  std::shared_ptr<Stream> Open() {
    stream = std::make_shared<Stream>([this] { ++room; }, [this] { gone.set_value(); });
    return stream;
  }
  bool AwaitGone() {
    return gone.get_future().wait_for(std::chrono::seconds(20)) ==
           std::future_status::ready;
  }
};

Response Streaming(std::shared_ptr<Stream> stream) {
  Response response;
  response.content_type = "text/event-stream";
  response.stream = std::move(stream);
  return response;
}

TEST_CASE("a stream comes in chunks as it is written, with TLS and without") {
  for (const bool tls : {true, false}) {
    CAPTURE(tls);
    Heard heard;
    TestServer server(
        [&](const Request&) {
          heard.Open()->Write("first\n");  // before the server has it
          return Streaming(heard.stream);
        },
        {}, tls);
    ClientOptions options;
    options.tls = tls;
    Client client(server.port, options);
    REQUIRE(client.Send(Get("/")));
    const std::string head = client.ReadUntil("\r\n\r\n");
    CHECK(head.find("HTTP/1.1 200") == 0);
    CHECK(head.find("Transfer-Encoding: chunked") != std::string::npos);
    CHECK(head.find("Content-Length") == std::string::npos);
    CHECK(client.ReadUntil("\n\r\n") == "6\r\nfirst\n\r\n");
    CHECK(heard.stream->Write(std::string(17, 'x')));
    CHECK(client.ReadUntil("\r\n").find("11\r\n") == 0);
    CHECK(client.ReadUntil("x\r\n") == std::string(17, 'x') + "\r\n");
    heard.stream->Write("last");
    heard.stream->End();
    CHECK_FALSE(heard.stream->Write("nothing is taken after the end"));
    CHECK(client.ReadUntil("0\r\n\r\n") == "4\r\nlast\r\n0\r\n\r\n");
    CHECK(client.Ended());
    CHECK(heard.AwaitGone());
  }
}

TEST_CASE("HTTP/1.0 gets the bytes as they are and the end of the connection") {
  Heard heard;
  TestServer server([&](const Request&) { return Streaming(heard.Open()); });
  Client client(server.port);
  REQUIRE(client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  const std::string head = client.ReadUntil("\r\n\r\n");
  CHECK(head.find("Connection: close") != std::string::npos);
  CHECK(head.find("Transfer-Encoding") == std::string::npos);
  heard.stream->Write("plain\n");
  CHECK(client.ReadUntil("\n") == "plain\n");
  heard.stream->End();
  CHECK(client.Ended());
}

TEST_CASE("HEAD ends a stream before it begins") {
  Heard heard;
  TestServer server([&](const Request&) { return Streaming(heard.Open()); });
  Client client(server.port);
  CHECK(client.Ask("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", true).status == 200);
  CHECK(client.Ended());
  CHECK(heard.AwaitGone());
}

TEST_CASE("many streams hold no thread: one is enough for them and for requests") {
  constexpr size_t kMany = 100;
  std::vector<Heard> heard(kMany);
  std::atomic<size_t> next{0};
  ServerOptions options;
  options.threads = 1;
  TestServer server(
      [&](const Request& request) {
        return request.path == "/stream" ? Streaming(heard[next++].Open()) : Response();
      },
      options, false);
  ClientOptions plain;
  plain.tls = false;
  std::vector<Client> clients;
  for (size_t i = 0; i < kMany; ++i) {
    clients.emplace_back(server.port, plain);
    REQUIRE(clients.back().Send(Get("/stream")));
    REQUIRE_FALSE(clients.back().ReadUntil("\r\n\r\n").empty());
  }
  Client other(server.port, plain);
  CHECK(other.Ask(Get("/")).status == 200);
  for (size_t i = 0; i < kMany; ++i) heard[i].stream->Write("news");
  for (Client& client : clients) CHECK(client.ReadUntil("news\r\n") == "4\r\nnews\r\n");
}

TEST_CASE("the producer hears at once that a client has left") {
  Heard heard;
  TestServer server([&](const Request&) { return Streaming(heard.Open()); });
  {
    Client client(server.port);
    REQUIRE(client.Send(Get("/")));
    REQUIRE_FALSE(client.ReadUntil("\r\n\r\n").empty());
  }
  CHECK(heard.AwaitGone());
  CHECK_FALSE(heard.stream->Write("nobody"));
}

TEST_CASE("a client that does not read pauses the producer, and is then cut off") {
  Heard heard;
  ServerOptions options;
  options.stream_stall = milliseconds(300);
  TestServer server([&](const Request&) { return Streaming(heard.Open()); }, options);
  Client client(server.port);
  REQUIRE(client.Send(Get("/")));
  REQUIRE_FALSE(client.ReadUntil("\r\n\r\n").empty());
  // The sockets' own buffers take some megabytes first.
  std::future<void> gone = heard.gone.get_future();
  const auto is_gone = [&gone] {
    return gone.wait_for(milliseconds(0)) == std::future_status::ready;
  };
  const auto limit = Clock::now() + std::chrono::seconds(20);
  int pauses = 0;
  while (!is_gone() && Clock::now() < limit) {
    const int before = heard.room;
    if (heard.stream->Write(std::string(16 * 1024, 'x'))) continue;
    ++pauses;
    while (heard.room == before && !is_gone() && Clock::now() < limit) {
      std::this_thread::yield();
    }
  }
  CHECK(is_gone());
  CHECK(pauses > 0);
}

TEST_CASE("a client that goes on reading gets everything that a paused producer gives") {
  Heard heard;
  TestServer server([&](const Request&) { return Streaming(heard.Open()); });
  Client client(server.port);
  REQUIRE(client.Send("GET / HTTP/1.0\r\n\r\n"));
  REQUIRE_FALSE(client.ReadUntil("\r\n\r\n").empty());
  constexpr int kPieces = 1000;
  std::thread producer([&] {
    for (int i = 0; i < kPieces; ++i) {
      const int before = heard.room;
      if (heard.stream->Write(std::string(16 * 1024, 'x') + "\n")) continue;
      while (heard.room == before) std::this_thread::yield();
    }
    heard.stream->End();
  });
  int pieces = 0;
  while (client.ReadUntil("\n").size() == 16 * 1024 + 1) ++pieces;
  producer.join();
  CHECK(pieces == kPieces);
}

TEST_CASE("a producer that never pauses is cut off at a bound") {
  Stream stream([] {}, [] {});
  const std::string piece(Stream::kMaxWaiting / 2, 'x');
  CHECK(stream.Write(piece));
  CHECK_FALSE(stream.Write(piece));
  CHECK(stream.full());
  for (int i = 0; i < 100; ++i) stream.Write(piece);
  const Stream::Portion portion = stream.Take();
  CHECK(portion.cut);
  CHECK(portion.bytes.size() <= Stream::kCutWaiting + piece.size());
}

TEST_CASE("stopping ends streams in good form and does not wait for them") {
  Heard heard;
  TestServer server([&](const Request&) { return Streaming(heard.Open()); });
  Client client(server.port);
  REQUIRE(client.Send(Get("/")));
  REQUIRE_FALSE(client.ReadUntil("\r\n\r\n").empty());
  const auto begin = Clock::now();
  std::thread stopper([&] { server.server->Stop(std::chrono::seconds(60)); });
  CHECK(client.ReadUntil("0\r\n\r\n") == "0\r\n\r\n");
  CHECK(client.Ended());
  stopper.join();
  CHECK(Clock::now() - begin < milliseconds(5000));
  CHECK(heard.AwaitGone());
  heard.stream->Write("the stream may outlive its server");
}

}  // namespace
}  // namespace nscp::gateway
