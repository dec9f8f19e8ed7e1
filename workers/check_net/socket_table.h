// How many sockets this machine has in which state. Sources: /proc/net/tcp and its
// neighbours (Linux, Documentation/networking/proc_net_tcp.rst); GetExtendedTcpTable on
// Windows.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::check_net {

// As the kernel numbers them (include/net/tcp_states.h); 0 is none of them.
constexpr size_t kTcpStates = 13;
// "ESTABLISHED", "FIN_WAIT1" ...; "UNKNOWN" for what is no state.
std::string_view TcpStateName(size_t state);

struct SocketCounts {
  int64_t tcp = 0;
  int64_t tcp6 = 0;
  int64_t udp = 0;
  int64_t udp6 = 0;
  std::array<int64_t, kTcpStates> states{};  // of tcp and tcp6
};

// Counts the lines of one table, which comes in pieces of any length. One thread.
class SocketCounter {
 public:
  void Feed(std::string_view piece);
  // After the last piece.
  void End();
  int64_t sockets() const { return sockets_; }
  const std::array<int64_t, kTcpStates>& states() const { return states_; }

 private:
  void TakeLine();

  std::string line_;  // bounded: only its start matters
  bool in_header_ = true;
  int64_t sockets_ = 0;
  std::array<int64_t, kTcpStates> states_{};
};

// The system's tables. What there is not (IPv6 switched off) counts nothing. Not OK when
// there is none at all, one cannot be read to its end, or `cancelled` is true meanwhile.
Result<SocketCounts> ReadSocketTables(const std::function<bool()>& cancelled);

}  // namespace nscp::check_net
