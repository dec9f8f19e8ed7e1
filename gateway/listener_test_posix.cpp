#include "gateway/listener.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "gateway/test_socket.h"

namespace nscp::gateway {
namespace {

constexpr std::chrono::seconds kPatience{20};

// A bind that fails as often as the test says, and lets it wait for a number of tries.
struct Binding {
  std::mutex mutex;
  std::condition_variable changed;
  int failures = 0;
  int tries = 0;
  std::vector<std::string> log;

  Listener::Bind bind() {
    return [this](const std::string&, uint16_t) -> Result<int> {
      const std::lock_guard<std::mutex> lock(mutex);
      ++tries;
      changed.notify_all();
      if (tries <= failures) return Status::AlreadyExists("somebody is there");
      return testing::OpenListeningSocket().descriptor;
    };
  }
  LogFunction logger() {
    return [this](sdk::LogLevel, std::string_view line) {
      const std::lock_guard<std::mutex> lock(mutex);
      log.emplace_back(line);
      changed.notify_all();
    };
  }
  bool AwaitLog(const std::string& line) {
    std::unique_lock<std::mutex> lock(mutex);
    return changed.wait_for(lock, kPatience, [&] {
      return std::find(log.begin(), log.end(), line) != log.end();
    });
  }
  bool AwaitTries(int count) {
    std::unique_lock<std::mutex> lock(mutex);
    return changed.wait_for(lock, kPatience, [&] { return tries >= count; });
  }
};

Response Nothing(const Request&) { return {}; }

Listener::Wanted Plain(uint16_t port) {
  Listener::Wanted wanted;
  wanted.address = "127.0.0.1";
  wanted.port = port;
  return wanted;
}

constexpr Listener::Pauses kShort{std::chrono::milliseconds(1),
                                  std::chrono::milliseconds(4)};

TEST_CASE("an address that can be bound listens when Open returns") {
  Binding binding;
  Listener listener(binding.bind(), Nothing, binding.logger(), kShort);
  REQUIRE(listener.Open(Plain(8443)).ok());
  CHECK(listener.listening());
  CHECK(binding.log == std::vector<std::string>{"Listening on http://127.0.0.1:8443"});
  listener.Close();
  CHECK_FALSE(listener.listening());
}

TEST_CASE("an IPv6 address is told as a URL has it") {
  Binding binding;
  Listener listener(binding.bind(), Nothing, binding.logger(), kShort);
  Listener::Wanted wanted = Plain(8443);
  wanted.address = "::1";
  REQUIRE(listener.Open(wanted).ok());
  CHECK(binding.log == std::vector<std::string>{"Listening on http://[::1]:8443"});
}

TEST_CASE("an address that cannot be bound is told and tried again until it can") {
  Binding binding;
  binding.failures = 5;
  Listener listener(binding.bind(), Nothing, binding.logger(), kShort);
  REQUIRE(listener.Open(Plain(8443)).ok());
  REQUIRE(binding.AwaitLog("Listening on http://127.0.0.1:8443"));
  CHECK(listener.listening());
  CHECK(binding.tries == 6);
  CHECK(binding.log[0] == "Failed to bind 127.0.0.1:8443: somebody is there");
}

TEST_CASE("closing ends the tries at once") {
  Binding binding;
  binding.failures = 1000000;
  {
    Listener listener(binding.bind(), Nothing, binding.logger(), kShort);
    REQUIRE(listener.Open(Plain(8443)).ok());
    REQUIRE(binding.AwaitTries(3));
    listener.Close();
    const int tries = binding.tries;
    REQUIRE(listener.Open(Plain(8443)).ok());
    REQUIRE(binding.AwaitTries(tries + 2));
  }
  Binding slow;
  slow.failures = 1;
  Listener waits(slow.bind(), Nothing, slow.logger(),
                 {std::chrono::hours(1), std::chrono::hours(1)});
  REQUIRE(waits.Open(Plain(8443)).ok());
  waits.Close();  // does not wait for the hour
  CHECK(slow.tries == 1);
}

TEST_CASE(
    "a certificate that cannot be used is an error at once, and is not tried again") {
  Binding binding;
  Listener listener(binding.bind(), Nothing, binding.logger(), kShort);
  Listener::Wanted wanted = Plain(8443);
  wanted.options.tls = TlsOptions{"/nonexistent/certificate.pem", ""};
  const Status opened = listener.Open(wanted);
  CHECK_FALSE(opened.ok());
  CHECK(opened.message().find("/nonexistent/certificate.pem") != std::string::npos);
  CHECK(binding.tries == 0);
  CHECK_FALSE(listener.listening());
}

TEST_CASE("a change that cannot be done leaves the server that listens") {
  Binding binding;
  Listener listener(binding.bind(), Nothing, binding.logger(), kShort);
  REQUIRE(listener.Open(Plain(8443)).ok());
  Listener::Wanted broken = Plain(8444);
  broken.options.tls = TlsOptions{"/nonexistent/certificate.pem", ""};
  CHECK_FALSE(listener.Open(broken).ok());
  CHECK(listener.listening());
  binding.failures = binding.tries + 3;
  REQUIRE(listener.Open(Plain(8445)).ok());
  CHECK(listener.listening());
  CHECK(binding.AwaitLog("Listening on http://127.0.0.1:8445"));
}

TEST_CASE("a server that listens there already stays, and only reads its certificate") {
  Binding binding;
  Listener listener(binding.bind(), Nothing, binding.logger(), kShort);
  REQUIRE(listener.Open(Plain(8443)).ok());
  REQUIRE(listener.Open(Plain(8443)).ok());
  CHECK(binding.tries == 1);
  Listener::Wanted secure = Plain(8443);
  secure.options.tls = TlsOptions{"/nonexistent/certificate.pem", ""};
  CHECK_FALSE(listener.Open(secure).ok());
  CHECK(listener.listening());
  REQUIRE(listener.Open(Plain(8444)).ok());
  CHECK(binding.tries == 2);
}

TEST_CASE("where a socket cannot be shared, the server before leaves its address first") {
  std::vector<std::string> log;
  int tries = 0;
  Listener listener(
      [&](const std::string&, uint16_t) -> Result<int> {
        // The second bind meets the first server, the third finds the address free.
        if (++tries == 2) return Status::AlreadyExists("taken");
        return testing::OpenListeningSocket().descriptor;
      },
      Nothing, [&](sdk::LogLevel, std::string_view line) { log.emplace_back(line); },
      kShort);
  REQUIRE(listener.Open(Plain(8443)).ok());
  Listener::Wanted other = Plain(8443);
  other.options.threads += 1;
  REQUIRE(listener.Open(other).ok());
  CHECK(tries == 3);
  CHECK(listener.listening());
  CHECK(log == std::vector<std::string>(2, "Listening on http://127.0.0.1:8443"));
}

}  // namespace
}  // namespace nscp::gateway
