#include <poll.h>

#include <filesystem>

#include "gateway/http/test_client.h"

namespace nscp::gateway::testing {

bool WaitForSocket(int socket, bool read, std::chrono::milliseconds limit) {
  pollfd wanted{socket, static_cast<short>(read ? POLLIN : POLLOUT), 0};
  return ::poll(&wanted, 1, static_cast<int>(limit.count())) == 1;
}

bool IsPrivate(const std::string& file) {
  using std::filesystem::perms;
  return (std::filesystem::status(file).permissions() &
          (perms::group_all | perms::others_all)) == perms::none;
}

}  // namespace nscp::gateway::testing
