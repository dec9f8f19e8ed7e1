// What a client sees of the server over real sockets: answers, headers, keep-alive,
// methods.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "gateway/http/test_client.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

using namespace testing;
using namespace std::string_literals;

Response Echo(const Request& request) {
  Response response;
  response.body = request.method + " " + request.path + " " + request.body;
  return response;
}

TEST_CASE("a request over TLS is answered with the handler's body and our headers") {
  TestServer server(Echo);
  Client client(server.port);
  REQUIRE(client.connected());
  const RawAnswer answer = client.Ask(Get("/api/v2"));
  CHECK(answer.status == 200);
  CHECK(answer.body == "GET /api/v2 ");
  CHECK(StartsWith(answer.head, "HTTP/1.1 200 OK\r\n"));
  CHECK(answer.Header("Content-Type") == "application/json");
  CHECK(answer.Header("X-Content-Type-Options") == "nosniff");
  CHECK(answer.Header("X-Frame-Options") == "DENY");
  CHECK(answer.Header("X-Request-Id")->size() > 17);
  CHECK_FALSE(answer.Header("Server"));
  CHECK_FALSE(answer.Header("Connection"));
  CHECK_FALSE(answer.Header("Keep-Alive"));
}

TEST_CASE("the handler gets every part of the request") {
  Request seen;
  TestServer server([&](const Request& request) {
    seen = request;
    return Response();
  });
  Client client(server.port);
  const RawAnswer answer = client.Ask(
      "POST /a%20b?x=1&y&x=2+3 HTTP/1.1\r\nhost: h\r\nX-One: a%41\r\nx-ONE: \t second "
      "\r\n"
      "Content-Length: 4\r\n\r\n\0\r\n\xFF"s);
  CHECK(answer.status == 200);
  CHECK(seen.method == "POST");
  CHECK(seen.path == "/a%20b");
  REQUIRE(seen.parameters.size() == 3);
  CHECK(seen.parameters[2].value == "2 3");
  CHECK(seen.body == "\0\r\n\xFF"s);
  CHECK(seen.headers.size() == 4);
  CHECK(seen.headers[1].second == "a%41");
  CHECK(seen.Headers("X-One").size() == 2);
  CHECK(seen.Headers("X-One")[1] == "second");
  CHECK(seen.remote_address == "127.0.0.1");
  CHECK(seen.tls);
  CHECK(answer.Header("X-Request-Id") == seen.request_id);
  const auto left = seen.deadline - std::chrono::steady_clock::now();
  CHECK(left > std::chrono::seconds(60));
  CHECK(left <= std::chrono::seconds(75));
}

TEST_CASE("five pipelined requests in one record are answered in order") {
  TestServer server(Echo);
  Client client(server.port);
  std::string bytes;
  for (int i = 0; i < 5; ++i) bytes += Get("/" + std::to_string(i));
  REQUIRE(client.Send(bytes));
  for (int i = 0; i < 5; ++i)
    CHECK(client.Read().body == "GET /" + std::to_string(i) + " ");
}

TEST_CASE("a connection is kept until the client or the handler ends it") {
  TestServer server([](const Request& request) {
    Response response;
    response.close = request.path == "/last";
    return response;
  });
  for (const char* last : {"/last", "/"}) {
    Client client(server.port);
    for (int i = 0; i < 150; ++i) REQUIRE(client.Ask(Get("/")).status == 200);
    const bool asked = std::string(last) == "/";
    const RawAnswer answer = client.Ask(Get(last, asked ? "Connection: close\r\n" : ""));
    CHECK(answer.status == 200);
    CHECK(answer.Header("Connection") == "close");
    CHECK(client.Ended());
  }
}

TEST_CASE("HTTP/1.0 gets a length, a reason phrase and the end of the connection") {
  TestServer server(Echo);
  Client client(server.port);
  const RawAnswer answer = client.Ask(
      "GET /query/x HTTP/1.0\r\nConnection: keep-alive\r\npassword: p\r\n\r\n");
  CHECK(StartsWith(answer.head, "HTTP/1.1 200 OK\r\n"));
  CHECK(answer.Header("Content-Length") == std::to_string(answer.body.size()));
  CHECK_FALSE(answer.Header("Transfer-Encoding"));
  CHECK(answer.Header("Connection") == "close");
  CHECK(client.Ended());
}

TEST_CASE("PUT and POST without a body are answered at once") {
  ServerOptions options;
  options.head_deadline = std::chrono::seconds(60);
  TestServer server(Echo, options);
  for (const char* method : {"PUT", "POST"}) {
    Client client(server.port);
    CHECK(client.Ask(std::string(method) + " /p HTTP/1.1\r\nHost: x\r\n\r\n").body ==
          std::string(method) + " /p ");
    CHECK(client.Ask(Get("/next")).status == 200);
  }
}

TEST_CASE("the handler sees every method, known or not") {
  TestServer server([](const Request& request) {
    Response response;
    response.status = 404;
    response.body = request.method;
    return response;
  });
  Client client(server.port);
  for (const char* method : {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE",
                             "CONNECT", "PROPFIND", "PRI", "get", "X"}) {
    CAPTURE(method);
    const RawAnswer answer = client.Ask(std::string(method) + " /p HTTP/1.1\r\n\r\n");
    CHECK(answer.status == 404);
    CHECK(answer.body == method);
    CHECK(answer.Header("Content-Type") == "text/plain");
  }
}

TEST_CASE("HEAD gets the headers of GET and no body") {
  TestServer server(Echo);
  Client client(server.port);
  const RawAnswer answer = client.Ask("HEAD /abc HTTP/1.1\r\n\r\n", true);
  CHECK(answer.status == 200);
  CHECK(answer.Header("Content-Length") == "10");
  CHECK_FALSE(answer.Header("Accept-Ranges"));
  CHECK(client.Ask(Get("/next")).body == "GET /next ");
}

TEST_CASE("a range, an encoding or an upgrade that is asked for changes nothing") {
  TestServer server(Echo);
  Client client(server.port);
  const RawAnswer answer = client.Ask(
      Get("/abc", "Range: bytes=1-2\r\nAccept-Encoding: gzip, br\r\nUpgrade: h2c\r\n"));
  CHECK(answer.status == 200);
  CHECK(answer.body == "GET /abc ");
  CHECK_FALSE(answer.Header("Content-Encoding"));
}

TEST_CASE("content types are exact, without a body too") {
  struct Case {
    int status;
    const char* given;
    const char* body;
    const char* expected;
  };
  const Case cases[] = {
      {200, "", "{}", "application/json"},
      {200, "", "", "application/json"},
      {202, "", "x", "application/json"},
      {302, "", "", "text/plain"},
      {404, "", "Document not found", "text/plain"},
      {500, "", "", "text/plain"},
      {200, "text/html", "", "text/html"},
      {503, "application/json", "{}", "application/json"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.status);
    TestServer server([&](const Request&) {
      Response response;
      response.status = c.status;
      response.content_type = c.given;
      response.body = c.body;
      return response;
    });
    Client client(server.port);
    const RawAnswer answer = client.Ask(Get("/"));
    CHECK(answer.status == c.status);
    CHECK(answer.Header("Content-Type") == c.expected);
    CHECK(answer.body == c.body);
  }
}

TEST_CASE("headers of the handler can't begin another header or another answer") {
  TestServer server([](const Request&) {
    Response response;
    response.headers = {{"X-A", "one\r\nX-Evil: yes\r\n\r\nHTTP/1.1 200 OK"},
                        {"X-B\r\nX-Evil", "\0two"s},
                        {"X C: d", "three"},
                        {"\r\n", "nothing"},
                        {"Content-Length", "1"},
                        {"Transfer-Encoding", "chunked"},
                        {"Set-Cookie", "token=1"},
                        {"Set-Cookie", "uid=2"}};
    response.content_type = "text/x\r\nX-Evil: yes";
    response.body = "body";
    return response;
  });
  Client client(server.port);
  const RawAnswer answer = client.Ask(Get("/"));
  CHECK(answer.body == "body");
  CHECK(answer.head.find("\r\nX-Evil") == std::string::npos);
  CHECK(answer.Header("X-A") == "oneX-Evil: yesHTTP/1.1 200 OK");
  CHECK(answer.Header("X-BX-Evil") == "two");
  CHECK(answer.Header("XCd") == "three");
  CHECK_FALSE(answer.Header("Transfer-Encoding"));
  CHECK(answer.head.find("Set-Cookie: token=1\r\n") != std::string::npos);
  CHECK(answer.head.find("Set-Cookie: uid=2\r\n") != std::string::npos);
  CHECK(client.Ask(Get("/")).status == 200);
}

TEST_CASE("a handler that throws is a 500 that names the request and nothing else") {
  std::string told;
  ServerOptions options;
  options.on_error = [&](const std::string& sentence) { told = sentence; };
  TestServer server(
      [](const Request& request) -> Response {
        if (request.path == "/int") throw 5;
        throw std::runtime_error("secret detail");
      },
      options);
  Client client(server.port);
  const RawAnswer answer = client.Ask(Get("/"));
  CHECK(answer.status == 500);
  CHECK(answer.body.find(*answer.Header("X-Request-Id")) != std::string::npos);
  CHECK((answer.head + answer.body).find("secret") == std::string::npos);
  CHECK_FALSE(answer.Header("EXCEPTION_WHAT"));
  CHECK(told.find("secret detail") != std::string::npos);
  CHECK(client.Ask(Get("/int")).status == 500);
}

TEST_CASE("a large answer arrives whole") {
  const std::string large(5 * 1024 * 1024, 'x');
  for (const bool tls : {true, false}) {
    TestServer server(
        [&](const Request&) {
          Response response;
          response.body = large;
          return response;
        },
        {}, tls);
    ClientOptions options;
    options.tls = tls;
    Client client(server.port, options);
    CHECK(client.Ask(Get("/")).body == large);
    CHECK(client.Ask(Get("/")).body.size() == large.size());
  }
}

TEST_CASE("request ids are all different and plain ASCII") {
  TestServer server(Echo);
  Client client(server.port);
  const auto first = client.Ask(Get("/")).Header("X-Request-Id");
  const auto second =
      client.Ask(Get("/", "X-Request-Id: mine\r\n")).Header("X-Request-Id");
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first != second);
  CHECK(first->find_first_not_of("0123456789abcdef-") == std::string::npos);
}

TEST_CASE("a port that is taken is told with its name") {
  TestServer server(Echo);
  auto second = Server::Create(ServerOptions(), Echo);
  REQUIRE(second.ok());
  auto bound = (*second)->Listen("127.0.0.1", server.port);
  REQUIRE_FALSE(bound.ok());
  CHECK(bound.status().code() == Code::kAlreadyExists);
  CHECK(bound.status().message().find("127.0.0.1 port " + std::to_string(server.port)) !=
        std::string::npos);
  CHECK((*second)->Listen("not an address", 0).status().code() == Code::kInvalidArgument);
}

}  // namespace
}  // namespace nscp::gateway
