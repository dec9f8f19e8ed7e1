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

}  // namespace
}  // namespace nscp::gateway
