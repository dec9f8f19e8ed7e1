// check_ping: which hosts answer echo requests, how fast and how reliably (modules.md
// C6). Any thread.
#pragma once

#include "workers/check_net/asking.h"
#include "workers/net/icmp.h"

namespace nscp::check_net {

// Requests to one host.
constexpr int64_t kMaxPings = 1000;
// A name may take longer to look up than a reply, whose limit is short.
constexpr std::chrono::milliseconds kResolveLimit{2000};

// What came back from one host.
struct PingRow {
  std::string host;
  std::string ip;  // empty = not found
  std::string result = "timeout";
  int64_t sent = 0;
  int64_t received = 0;
  double time = 0;  // ms, the mean of all replies
  std::optional<double> jitter;
  std::optional<int64_t> ttl;
};

// Of the replies that came, in their order.
struct PingSummary {
  double time = 0;
  std::optional<double> jitter;  // the mean difference of neighbours, from two replies on
};
PingSummary Summarize(const std::vector<double>& milliseconds);
// The row "total" of all hosts.
PingRow TotalOf(const std::vector<PingRow>& rows);
// `size` 0 is the payload as it is; else it is repeated or cut to so many bytes.
std::string FillPayload(const std::string& payload, size_t size);

class PingCheck {
 public:
  PingCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const;
  const checks::Check<PingRow>& check() const { return check_; }

 private:
  checks::Check<PingRow> check_;
};

}  // namespace nscp::check_net
