#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "proto/cpp/kernel_client.h"
#include "tests/unit/temp_folder.h"

namespace nscp {
namespace {

// A kernel that takes connections and never says a word.
class SilentKernel {
 public:
  explicit SilentKernel(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size());
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(socket_, 4) == 0);
  }
  ~SilentKernel() { ::close(socket_); }
  SilentKernel(const SilentKernel&) = delete;
  SilentKernel& operator=(const SilentKernel&) = delete;

 private:
  int socket_;
};

}  // namespace

TEST_CASE("a call that nothing answers says who was silent and for how long") {
  const testing::TempFolder folder;
  const std::string path = folder.File("kernel");
  const SilentKernel kernel(path);
  const auto client = KernelClient::Connect("unix:" + path, "token");
  CallOptions options;
  options.timeout = std::chrono::milliseconds(300);
  const auto answer = client->ListModules({}, options);
  CHECK(answer.status().ToString() ==
        Status::DeadlineExceeded(
            "the kernel did not answer within 0.3 s, the caller's limit")
            .ToString());
}

TEST_CASE("a call is taken back from another thread, and so is one that begins later") {
  const testing::TempFolder folder;
  const std::string path = folder.File("kernel");
  const SilentKernel kernel(path);
  const auto client = KernelClient::Connect("unix:" + path, "token");
  Cancellation cancellation;
  CallOptions options;
  options.timeout = std::chrono::minutes(5);
  options.cancellation = &cancellation;
  std::thread canceller([&cancellation] { cancellation.Cancel(); });
  CHECK(client->ListModules({}, options).status().code() == Code::kCancelled);
  canceller.join();
  CHECK(client->ListModules({}, options).status().code() == Code::kCancelled);
}

}  // namespace nscp
