// A question to a DNS server, the system's or a named one. Answers of strangers and with
// the wrong number are passed over, cut ones are asked for again over TCP (c-ares). Any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/net/dns_answer.h"
#include "workers/net/limit.h"

namespace nscp::net {

constexpr uint16_t kDnsPort = 53;

struct DnsQuestion {
  std::string name;  // a whole name; for PTR an address may stand here
  DnsType type = DnsType::kA;
  std::string server;  // its address; empty = the system's servers
  uint16_t port = kDnsPort;
  bool recursion = true;  // the server may ask others
};

// Records as ParseDnsAnswer gives them, at least one. NotFound, DeadlineExceeded, Aborted
// (refused), Unavailable.
Result<std::vector<std::string>> AskDns(const DnsQuestion& question, const Limit& limit);

// "4.3.2.1.in-addr.arpa" for an address, else the name as it is.
std::string PointerName(const std::string& name);

}  // namespace nscp::net
