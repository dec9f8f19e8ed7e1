#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workers/net/connect.h"
#include "workers/net/http.h"
#include "workers/net/resolve.h"
#include "workers/net/udp.h"

namespace nscp::net {
namespace {

constexpr std::chrono::seconds kEnough{5};

Limit Soon() { return {Clock::now() + kEnough, nullptr}; }

// A port of this machine on which nobody listens, or who listens and never answers.
class Port {
 public:
  explicit Port(int type, bool listens) : fd_(::socket(AF_INET, type, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    number = ntohs(address.sin_port);
    if (listens) REQUIRE(::listen(fd_, 8) == 0);
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { ::close(fd_); }

  uint16_t number = 0;

 private:
  int fd_;
};

}  // namespace

TEST_CASE("addresses are their own answer, of their own family") {
  struct Row {
    const char* host;
    Family family;
    bool is_found;
  };
  const Row rows[] = {
      {"127.0.0.1", Family::kAny, true}, {"127.0.0.1", Family::kV4, true},
      {"127.0.0.1", Family::kV6, false}, {"::1", Family::kAny, true},
      {"::1", Family::kV4, false},       {"fe80::1%lo", Family::kV6, true},
      {"", Family::kAny, false},         {"a:b", Family::kAny, false}};
  for (const Row& row : rows) {
    CAPTURE(row.host);
    const auto found = Resolve(row.host, row.family, Soon());
    CHECK(found.ok() == row.is_found);
    if (found.ok()) CHECK(*found == std::vector<std::string>{row.host});
    if (!found.ok()) CHECK(found.status().code() == Code::kNotFound);
  }
  CHECK_FALSE(Resolve(std::string(300, 'a'), Family::kAny, Soon()).ok());
  CHECK_FALSE(Resolve(std::string("local\0host", 10), Family::kAny, Soon()).ok());
}

TEST_CASE("localhost is in the file of hosts") {
  const auto found = Resolve("localhost", Family::kV4, Soon());
  REQUIRE(found.ok());
  CHECK((*found)[0] == "127.0.0.1");
}

TEST_CASE("families have several names") {
  for (const char* word : {"ipv6", "6", "V6", "inet6"}) {
    CHECK(*ParseFamily(word) == Family::kV6);
  }
  for (const char* word : {"ipv4", "4", "v4", "INET"}) {
    CHECK(*ParseFamily(word) == Family::kV4);
  }
  CHECK(*ParseFamily("any") == Family::kAny);
  CHECK_FALSE(ParseFamily("ipx").ok());
}

TEST_CASE("a connection is refused, is there, or is stopped") {
  const Port closed(SOCK_STREAM, false);
  const auto refused = OpenStream({"127.0.0.1", closed.number}, nullptr, Soon());
  CHECK(refused.status().code() == Code::kAborted);
  CHECK(refused.status().message() ==
        "Failed to connect to 127.0.0.1:" + std::to_string(closed.number) +
            ": Connection refused");

  const Port silent(SOCK_STREAM, true);
  std::atomic<bool> stop{false};
  const auto start = Clock::now();
  auto stream = OpenStream({"127.0.0.1", silent.number}, nullptr,
                           {start + std::chrono::seconds(60), &stop});
  REQUIRE(stream.ok());
  stop = true;
  char byte = 0;
  CHECK((*stream)->Read(&byte, 1) == -1);
  CHECK(Clock::now() < start + kEnough);
  CHECK_FALSE((*stream)->CertificateSeconds());
}

TEST_CASE("what never answers is over at its limit") {
  const Port silent(SOCK_STREAM, true);
  const std::string port = std::to_string(silent.number);
  const auto limit = [] { return Soon().AtMost(std::chrono::milliseconds(60)); };
  HttpCall call;
  for (const char* scheme : {"http", "https"}) {
    call.url = std::string(scheme) + "://127.0.0.1:" + port + "/";
    CHECK(AskHttp(call, limit()).status().code() == Code::kDeadlineExceeded);
  }
  const Port deaf(SOCK_DGRAM, false);
  const auto socket = UdpSocket::Open("127.0.0.1", deaf.number);
  REQUIRE(socket.ok());
  REQUIRE(socket->Send("hello").ok());
  CHECK(socket->Receive(limit()).status().code() == Code::kDeadlineExceeded);
}

TEST_CASE("who sends to a closed port hears of it") {
  uint16_t number = 0;
  {
    const Port port(SOCK_DGRAM, false);
    number = port.number;
  }
  const auto socket = UdpSocket::Open("127.0.0.1", number);
  REQUIRE(socket.ok());
  REQUIRE(socket->Send("hello").ok());
  CHECK(socket->Receive(Soon()).status().code() == Code::kAborted);
}

TEST_CASE("a URL is shown without its user") {
  CHECK(WithoutUser("http://me:pw@host/a?b@c") == "http://host/a?b@c");
  CHECK(WithoutUser("http://me:p@w@host") == "http://host");
  CHECK(WithoutUser("http://host/@x") == "http://host/@x");
  CHECK(WithoutUser("me:pw@host") == "host");
  CHECK(WithoutUser("") == "");
}

}  // namespace nscp::net
