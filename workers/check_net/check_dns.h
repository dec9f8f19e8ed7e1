// check_dns: what DNS, or the system's own look-up, says of a name (modules.md C6). Any
// thread.
#pragma once

#include "workers/check_net/asking.h"

namespace nscp::check_net {

struct DnsRow {
  std::string host;
  std::string type;  // "MX"
  std::string server;
  std::string result = "timeout";
  std::vector<std::string> records;  // bytes of the server
  std::string addresses;             // the same, joined by commas
  int64_t time = 0;                  // ms
};

// Whether each expected one is there: a whole record, or the name behind the number of
// an MX. Names are compared without case and without the dot at their end.
bool HasAll(const std::vector<std::string>& records,
            const std::vector<std::string>& expected);

class DnsCheck {
 public:
  DnsCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const;
  const checks::Check<DnsRow>& check() const { return check_; }

 private:
  checks::Check<DnsRow> check_;
};

}  // namespace nscp::check_net
