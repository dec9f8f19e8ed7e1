// The network interfaces and what has gone through them, from the operating system. The
// collector reads the counters once a second; what else is known of an interface is read
// when a check looks at it. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Counters since the interface came up.
struct InterfaceCounters {
  std::string name;  // bytes: the kernel allows all but '/', ':' and blanks
  uint64_t received = 0;
  uint64_t received_packets = 0;
  uint64_t receive_errors = 0;
  uint64_t sent = 0;
  uint64_t sent_packets = 0;
  uint64_t send_errors = 0;
};

struct InterfaceFacts {
  std::string link_status = "unknown";  // RFC 2863: "up", "down", "dormant", ...
  bool enabled = false;                 // by the administrator
  std::string address;                  // "02:fc:00:00:00:01"; empty without one
  uint64_t speed = 0;                   // bits per second; 0 where it is not known
};

// More than any machine that is not a test; the rest is left out.
constexpr size_t kMaxInterfaces = 4096;

// In the order of their names.
Result<std::vector<InterfaceCounters>> ReadInterfaces();

// Of each name, in the same order; of an interface that is gone nothing is known. Ends
// early, with fewer facts than names, once `cancelled` (may be empty) says so.
std::vector<InterfaceFacts> ReadInterfaceFacts(const std::vector<std::string>& names,
                                               const std::function<bool()>& cancelled);

// The text of Linux's /proc/net/dev (proc(5)); lines that are none are passed over.
Result<std::vector<InterfaceCounters>> ParseNetDev(std::string_view text);

// The texts of a folder of /sys/class/net (Linux: Documentation/ABI/testing/
// sysfs-class-net), each empty where it cannot be read.
InterfaceFacts MakeInterfaceFacts(std::string_view operstate, std::string_view flags,
                                  std::string_view address, std::string_view speed);

}  // namespace nscp::check_system
