#include "workers/check_net/check_net.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workers/check_net/asking.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_net {
namespace {

// A port of this machine: with `listens` who connects gets no answer, without it nobody
// is there.
class LocalPort {
 public:
  explicit LocalPort(bool listens) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    number = std::to_string(ntohs(address.sin_port));
    if (listens) REQUIRE(::listen(fd_, 64) == 0);
  }
  LocalPort(const LocalPort&) = delete;
  LocalPort& operator=(const LocalPort&) = delete;
  ~LocalPort() { ::close(fd_); }

  std::string number;

 private:
  int fd_;
};

class Started {
 public:
  Started() {
    sdk::StartContext context;
    context.host = &host_;
    REQUIRE(module_->Start(context).ok());
  }
  std::string Ask(const std::string& command, const std::vector<std::string>& arguments) {
    return sdk::FormatPlain(module_->OnQuery({command, arguments}, call));
  }

  checks::FakeCall call;

 private:
  checks::FakeHost host_;
  std::unique_ptr<sdk::Module> module_ = MakeCheckNet();
};

// A call that ends soon.
class ShortCall : public checks::FakeCall {
 public:
  std::chrono::steady_clock::time_point deadline() const override { return deadline_; }

 private:
  std::chrono::steady_clock::time_point deadline_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
};

constexpr const char* kCommands[] = {
    "check_ping",          "check_tcp",           "check_ssh",
    "check_dns",           "check_http",          "check_ntp_offset",
    "check_connections",   "check_apache_status", "check_nginx_status",
    "check_phpfpm_status", "check_tomcat_status", "check_nsclient_web_online"};

}  // namespace

TEST_CASE("errors have words") {
  CHECK(ResultWord(Status::Ok()) == "ok");
  CHECK(ResultWord(Status::NotFound("x")) == "resolve_failed");
  CHECK(ResultWord(Status::DeadlineExceeded("x")) == "timeout");
  CHECK(ResultWord(Status::Cancelled("x")) == "timeout");
  CHECK(ResultWord(Status::Aborted("x")) == "refused");
  CHECK(ResultWord(Status::Unavailable("x")) == "error: x");
}

TEST_CASE("days are cut downwards") {
  CHECK(DaysOf(0) == 0);
  CHECK(DaysOf(86399) == 0);
  CHECK(DaysOf(86400) == 1);
  CHECK(DaysOf(-1) == -1);
  CHECK(DaysOf(-86400) == -1);
  CHECK(DaysOf(-86401) == -2);
}

TEST_CASE("each command has help, defaults and an answer to nonsense") {
  Started net;
  for (const char* command : kCommands) {
    CAPTURE(command);
    CHECK(net.Ask(command, {"help"}).size() > 500);
    CHECK(net.Ask(command, {"show-default"}).find("=") != std::string::npos);
    CHECK(net.Ask(command, {"nonsense=1"})
              .find("Invalid command line: unrecognised option 'nonsense=1'") == 0);
  }
  CHECK(net.Ask("check_else", {}) == "Unknown command(s): check_else");
}

TEST_CASE("who names nobody is told so") {
  Started net;
  for (const char* command : {"check_ping", "check_ssh", "check_dns"}) {
    CHECK(net.Ask(command, {}) == "No host specified");
  }
  CHECK(net.Ask("check_tcp", {"port=1"}) == "No host specified");
  CHECK(net.Ask("check_tcp", {"host=h"}) == "No port specified");
  CHECK(net.Ask("check_http", {}) == "No URL or host specified");
  CHECK(net.Ask("check_ntp_offset", {"servers= , "}) == "No NTP server specified");
  CHECK(net.Ask("check_ping", {"host=h", "size=65508"}) ==
        "Invalid size: 65508 (expected 0-65507)");
  CHECK(net.Ask("check_tcp", {"host=h", "timeout=1x"})
            .find("Invalid command line: the argument ('1x') for option '--timeout' is "
                  "invalid") == 0);
  CHECK(net.Ask("check_tcp", {"host=h", "service=gopher"})
            .find("Invalid service: 'gopher'") == 0);
  CHECK(net.Ask("check_dns", {"host=h", "type=ANY"}).find("Invalid record type: 'ANY'") ==
        0);
  std::vector<std::string> many = {"port=1"};
  for (size_t i = 0; i <= kMaxHosts; ++i) many.emplace_back("host=h");
  CHECK(net.Ask("check_tcp", many) == "Too many hosts: 1001 (at most 1000 in one call)");
}

TEST_CASE("a refused connection and its performance data") {
  Started net;
  const LocalPort closed(false);
  const std::string place = "127.0.0.1:" + closed.number;
  const std::string answer =
      net.Ask("check_tcp", {"host=127.0.0.1", "port=" + closed.number});
  CHECK(answer.find("CRITICAL: " + place + " refused in ") == 0);
  CHECK(answer.find("ms|'127.0.0.1_" + closed.number + "'=") != std::string::npos);
  CHECK(EndsWith(answer, "ms;1000;5000"));
  CHECK(net.Ask("check_ssh", {"hosts=127.0.0.1, ", "port=" + closed.number,
                              "detail-syntax=${result}", "perf-syntax=none"}) ==
        "CRITICAL: refused");
}

TEST_CASE("many silent hosts take as long as one, and the call's deadline is kept") {
  Started net;
  const LocalPort silent(true);
  std::vector<std::string> arguments = {
      "port=" + silent.number,   "timeout=100",      "expect=x",
      "detail-syntax=${result}", "perf-syntax=none", "top-syntax=${count} ${list}"};
  for (int i = 0; i < 60; ++i) arguments.emplace_back("host=127.0.0.1");
  const auto start = std::chrono::steady_clock::now();
  std::string all = "60 timeout";
  for (int i = 1; i < 60; ++i) all += ", timeout";
  CHECK(net.Ask("check_tcp", arguments) == all);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(1500));

  // Hosts whose turn does not come are rows as well.
  arguments[1] = "timeout=5000";
  for (int i = 0; i < 40; ++i) arguments.emplace_back("host=127.0.0.1");
  ShortCall call;
  checks::FakeHost host;
  sdk::StartContext context;
  context.host = &host;
  const auto module = MakeCheckNet();
  REQUIRE(module->Start(context).ok());
  const auto result = sdk::FormatPlain(module->OnQuery({"check_tcp", arguments}, call));
  CHECK(result.find("100 timeout, timeout") == 0);
  CHECK(std::chrono::steady_clock::now() < call.deadline());
}

TEST_CASE("a caller that has gone ends the asking") {
  Started net;
  const LocalPort silent(true);
  net.call.is_cancelled = true;
  const auto start = std::chrono::steady_clock::now();
  net.Ask("check_http", {"url=http://127.0.0.1:" + silent.number + "/"});
  net.Ask("check_nginx_status", {"url=http://127.0.0.1:" + silent.number + "/"});
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

}  // namespace nscp::check_net
