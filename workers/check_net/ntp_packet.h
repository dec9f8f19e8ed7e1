// A question to an NTP server and its answer. Pure; any thread. Sources: RFC 5905 (NTP
// version 4), RFC 5905 7.4 (kiss codes).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nscp::check_net {

// 32 bits of seconds since 1900, 32 bits of fractions; it wraps in 2036, so only
// differences of near times mean something.
using NtpTime = uint64_t;

NtpTime ToNtpTime(int64_t microseconds_since_1970);
// Milliseconds from `b` to `a`, up to 68 years either way.
double NtpDifference(NtpTime a, NtpTime b);

// A server sends `cookie` back, which shows that it answers this question. A random one
// tells nobody our time.
std::string EncodeNtpRequest(NtpTime cookie);

struct NtpAnswer {
  // ok, short_response, no_match (not the answer to this question), no_timestamp,
  // kiss_of_death (the server wants to be left alone), unsynchronized.
  std::string result;
  int64_t stratum = 0;
  NtpTime received = 0;
  NtpTime sent = 0;
  double root_delay = 0;       // ms
  double root_dispersion = 0;  // ms
};
NtpAnswer DecodeNtpAnswer(std::string_view packet, NtpTime cookie);

}  // namespace nscp::check_net
