// check_connections: how many connections and sockets this machine has (modules.md C6).
// Any thread.
#pragma once

#include "workers/check_net/socket_table.h"
#include "workers/checks/check.h"

namespace nscp::check_net {

struct ConnectionRow {
  std::string protocol;  // tcp tcp6 udp udp6 total
  std::string family;    // ipv4 ipv6 any
  std::string state = "all";
  int64_t connections = 0;
  // The row "total" alone has more than 0 of these.
  int64_t total = 0;
  std::array<int64_t, kTcpStates> states{};
  int64_t udp = 0;
};

// One for each protocol, one for each TCP state that there is (both versions of IP
// together), and the total.
std::vector<ConnectionRow> MakeConnectionRows(const SocketCounts& counts);

class ConnectionsCheck {
 public:
  ConnectionsCheck();
  // `counts`' error is the answer.
  sdk::CheckResult Run(
      const std::vector<std::string>& arguments, const checks::Environment& environment,
      const std::function<Result<SocketCounts>(const std::function<bool()>&)>& counts)
      const;
  const checks::Check<ConnectionRow>& check() const { return check_; }

 private:
  checks::Check<ConnectionRow> check_;
};

}  // namespace nscp::check_net
