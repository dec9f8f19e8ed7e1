// check_ntp_offset: how far this machine's clock is from that of NTP servers (modules.md
// C6). Any thread.
#pragma once

#include "workers/check_net/asking.h"

namespace nscp::check_net {

constexpr int64_t kMaxNtpSamples = 100;

struct NtpRow {
  std::string server;
  uint16_t port = 0;
  std::string result = "timeout";
  double offset = 0;  // ms, positive where this machine is ahead
  int64_t stratum = 0;
  int64_t time = 0;  // ms from request to answer
  std::optional<double> jitter;
  int64_t samples = 0;  // answers that count
  double root_delay = 0;
  double root_dispersion = 0;
};

// One answer to one question.
struct NtpSample {
  double offset = 0;  // ms
  double delay = 0;   // ms on the way
};
// The sample with the shortest way is the truest; jitter is the mean difference of the
// others from it, from two samples on. `samples` is not empty.
void TakeSamples(const std::vector<NtpSample>& samples, NtpRow* row);

class NtpCheck {
 public:
  NtpCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const;
  const checks::Check<NtpRow>& check() const { return check_; }

 private:
  checks::Check<NtpRow> check_;
};

}  // namespace nscp::check_net
