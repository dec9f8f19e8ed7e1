// Reading requests out of bytes, without sockets: what is taken, what is refused, and
// that it does not matter how the bytes are cut.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "gateway/http/http.h"
#include "gateway/http/reader.h"

namespace nscp::gateway {
namespace {

using namespace std::string_literals;
using State = RequestReader::State;

constexpr Limits kLimits{2048, 10, 1000};

struct Outcome {
  State state = State::kEmpty;
  int status = 0;
  std::string method;
  std::string path;
  std::string query;
  std::string body;
  bool keep_alive = false;
  size_t left = 0;
};

// `step` bytes at a time; 0 = all at once.
Outcome ReadOne(const std::string& bytes, size_t step) {
  RequestReader reader(kLimits);
  State state = State::kEmpty;
  size_t place = 0;
  do {
    const size_t size = step == 0 ? bytes.size() : std::min(step, bytes.size() - place);
    reader.Append(std::string_view(bytes).substr(place, size));
    place += size;
    state = reader.Advance();
  } while (place < bytes.size() && (state == State::kEmpty || state == State::kPartial));
  Outcome outcome;
  outcome.state = state;
  if (state == State::kRefused) outcome.status = reader.refusal().status;
  if (state != State::kComplete) return outcome;
  outcome.method = reader.head().method;
  outcome.path = reader.head().path;
  outcome.query = reader.head().query;
  outcome.keep_alive = reader.head().keep_alive;
  outcome.left = reader.buffered() + bytes.size() - place;
  outcome.body = reader.TakeBody();
  outcome.left -= outcome.body.size();
  return outcome;
}

struct Taken {
  std::string bytes;
  const char* method;
  const char* path;
  const char* query;
  std::string body;
  bool keep_alive;
  size_t left;
};
const Taken kTaken[] = {
    {"GET /a?b=c?d HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a", "b=c?d", "", true, 0},
    {"\r\nGET / HTTP/1.1\r\n\r\n", "GET", "/", "", "", true, 0},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET", "/", "", "", false, 0},
    {"GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n", "GET", "/", "", "", false, 0},
    {"GET https://host:1/p?q HTTP/1.1\r\n\r\n", "GET", "/p", "q", "", true, 0},
    {"GET http://host?q HTTP/1.1\r\n\r\n", "GET", "/", "q", "", true, 0},
    {"GET http://host HTTP/1.1\r\n\r\n", "GET", "/", "", "", true, 0},
    {"OPTIONS * HTTP/1.1\r\n\r\n", "OPTIONS", "*", "", "", true, 0},
    {"BREW-IT /pot HTTP/1.1\r\n\r\n", "BREW-IT", "/pot", "", "", true, 0},
    {"GET /\xC3\xBC HTTP/1.1\r\n\r\n", "GET", "/\xC3\xBC", "", "", true, 0},
    {"GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "GET", "/", "", "", true, 0},
    {"PUT /p HTTP/1.1\r\n\r\n", "PUT", "/p", "", "", true, 0},
    {"POST /p HTTP/1.1\r\n\r\nGET", "POST", "/p", "", "", true, 3},
    {"PUT /p HTTP/1.1\r\nContent-Length:5\r\n\r\na\0b\r\nGET"s, "PUT", "/p", "",
     "a\0b\r\n"s, true, 3},
    {"DELETE /p HTTP/1.1\r\nContent-Length: 2 \r\n\r\n{}", "DELETE", "/p", "", "{}", true,
     0},
    {"POST /p HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n"
     "3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nX",
     "POST", "/p", "", "abc0123456789", true, 1},
};

TEST_CASE("a request is read the same however its bytes are cut") {
  for (const auto& c : kTaken) {
    for (const size_t step : {size_t{0}, size_t{1}, size_t{7}}) {
      CAPTURE(c.bytes);
      CAPTURE(step);
      const Outcome outcome = ReadOne(c.bytes, step);
      REQUIRE(outcome.state == State::kComplete);
      CHECK(outcome.method == c.method);
      CHECK(outcome.path == c.path);
      CHECK(outcome.query == c.query);
      CHECK(outcome.body == c.body);
      CHECK(outcome.keep_alive == c.keep_alive);
      CHECK(outcome.left == c.left);
    }
  }
}

std::string WithHeaders(const std::string& headers) {
  return "POST /p HTTP/1.1\r\n" + headers + "\r\n";
}

std::string Chunked(const std::string& body) {
  return WithHeaders("Transfer-Encoding: chunked\r\n") + body;
}

struct Refused {
  std::string bytes;
  int status;
};

void CheckRefused(const std::vector<Refused>& cases) {
  for (const auto& c : cases) {
    for (const size_t step : {size_t{0}, size_t{1}}) {
      CAPTURE(c.bytes.substr(0, 200));
      CAPTURE(step);
      const Outcome outcome = ReadOne(c.bytes, step);
      CHECK(outcome.state == State::kRefused);
      CHECK(outcome.status == c.status);
    }
  }
}

TEST_CASE("an empty line that comes in two pieces hides nothing of what follows") {
  RequestReader reader(kLimits);
  reader.Append("\r");
  CHECK(reader.Advance() == State::kPartial);
  reader.Append("\n\n");  // a line end of its own, which no request begins with
  CHECK(reader.Advance() == State::kRefused);
}

TEST_CASE("a head that two readers could understand differently is refused") {
  CheckRefused({
      {WithHeaders("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400},
      {WithHeaders("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400},
      {WithHeaders("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
      {WithHeaders("Content-Length: 3\r\ncontent-length: 4\r\n"), 400},
      {WithHeaders("Content-Length: 3, 3\r\n"), 400},
      {WithHeaders("Content-Length: +3\r\n"), 400},
      {WithHeaders("Content-Length: -1\r\n"), 400},
      {WithHeaders("Content-Length: 0x3\r\n"), 400},
      {WithHeaders("Content-Length: 3\v\r\n"), 400},
      {WithHeaders("Content-Length:\r\n"), 400},
      {WithHeaders("Content-Length : 3\r\n"), 400},
      {WithHeaders("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {WithHeaders("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {WithHeaders("Transfer-Encoding: xchunked\r\n"), 501},
      {WithHeaders("Transfer-Encoding:\v chunked\r\n"), 400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\nX", 400},
      {"HEAD / HTTP/1.1\r\nContent-Length: 1\r\n\r\nX", 400},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {WithHeaders("X: a\r\n b\r\n"), 400},
      {WithHeaders("X: a\r\n\tb\r\n"), 400},
      {WithHeaders("X: a\rb\r\n"), 400},
      {WithHeaders("X: a\nY: b\r\n"), 400},
      {WithHeaders("X: a\0b\r\n"s), 400},
      {WithHeaders("X Y: a\r\n"), 400},
      {WithHeaders("no colon\r\n"), 400},
      {WithHeaders(": no name\r\n"), 400},
      {WithHeaders("X\xC3\xBC: a\r\n"), 400},
      {WithHeaders("Host: a\r\nHost: b\r\n"), 400},
      {WithHeaders("Expect: cake\r\n"), 417},
  });
}

TEST_CASE("a request line that is none is refused") {
  CheckRefused({
      {"GET /\n\n", 400},
      {"GET /\r\n\r\n", 400},
      {"GET\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 505},
      {"GET / HTTP/1.1 \r\n\r\n", 400},
      {"GET / http/1.1\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\n\r\n", 400},
      {"GET /a b HTTP/1.1\r\n\r\n", 400},
      {" GET / HTTP/1.1\r\n\r\n", 400},
      {"G(T / HTTP/1.1\r\n\r\n", 400},
      {"GET /\x01 HTTP/1.1\r\n\r\n", 400},
      {"GET /\rX HTTP/1.1\r\n\r\n", 400},
      {std::string(33, 'A') + " / HTTP/1.1\r\n\r\n", 400},
      {"\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", 400},
  });
}

TEST_CASE("what is too large is refused before it is kept") {
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 11; ++i) many += "X: y\r\n";
  CheckRefused({
      {"GET /" + std::string(2048, 'a') + " HTTP/1.1\r\n\r\n", 431},
      {"GET / HTTP/1.1\r\nX: " + std::string(5000, 'a'), 431},
      {many, 431},
      {WithHeaders("Content-Length: 1001\r\n"), 413},
      {WithHeaders("Content-Length: 99999999999999999999999999\r\n"), 413},
      {Chunked("3E9\r\n"), 413},
      {Chunked("1F4\r\n" + std::string(500, 'x') + "\r\n1F5\r\n"), 413},
      {Chunked("1;" + std::string(300, 'x')), 400},
      {Chunked("0\r\nT: " + std::string(5000, 'x') + "\r\n\r\n"), 431},
      {Chunked("0\r\nT: " + std::string(3000, 'x') + "\r\nU: " + std::string(3000, 'x') +
               "\r\n\r\n"),
       431},
  });
}

TEST_CASE("chunks that are malformed are refused") {
  CheckRefused({{Chunked("-1\r\n"), 400},
                {Chunked("0x1\r\n"), 400},
                {Chunked(" 1\r\n"), 400},
                {Chunked("1 \r\na\r\n"), 400},
                {Chunked("\r\n"), 400},
                {Chunked("g\r\n"), 400},
                {Chunked("123456789\r\n"), 400},
                {Chunked("1;\x01\r\n"), 400},
                {Chunked("1\na\r\n"), 400},
                {Chunked("1\r\nab\r\n"), 400},
                {Chunked("1\r\na\n0\r\n\r\n"), 400}});
}

TEST_CASE("pipelined requests come out one after the other, and the limits begin anew") {
  RequestReader reader(kLimits);
  std::string bytes;
  for (int i = 0; i < 5; ++i) {
    bytes += "PUT /" + std::to_string(i) + " HTTP/1.1\r\nContent-Length: 900\r\n\r\n" +
             std::string(900, static_cast<char>('a' + i));
  }
  reader.Append(bytes);
  for (int i = 0; i < 5; ++i) {
    REQUIRE(reader.Advance() == State::kComplete);
    CHECK(reader.head().path == "/" + std::to_string(i));
    CHECK(reader.TakeBody() == std::string(900, static_cast<char>('a' + i)));
    reader.Next();
  }
  CHECK(reader.Advance() == State::kEmpty);
  CHECK(reader.buffered() == 0);
}

TEST_CASE("the client is told to go on once, and only when it waits for that") {
  const std::string head =
      "PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  RequestReader waiting(kLimits);
  waiting.Append(head);
  CHECK(waiting.Advance() == State::kPartial);
  CHECK(waiting.TakeContinue());
  CHECK_FALSE(waiting.TakeContinue());
  RequestReader sending(kLimits);
  sending.Append(head + "a");
  CHECK(sending.Advance() == State::kPartial);
  CHECK_FALSE(sending.TakeContinue());
}

}  // namespace
}  // namespace nscp::gateway
