// What all checks of hosts share: whom to ask and how long, asking them all at the same
// time, and the word for how it ended.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "workers/checks/check.h"
#include "workers/net/at_once.h"
#include "workers/net/connect.h"

namespace nscp::check_net {

// Hosts of one call.
constexpr size_t kMaxHosts = 1000;
// A limit for one host, in milliseconds.
constexpr int64_t kMaxTimeout = 600000;

// What a run of a check is given from outside.
struct Surroundings {
  checks::Environment environment;
  net::Deadline deadline;  // of the call, its way back left out
  std::string ca;          // what ${ca-path} is; empty = OpenSSL's own place
};

// "ok", or the word of an error: resolve_failed, timeout, refused, "error: ...".
std::string ResultWord(const Status& status);
// Whole milliseconds since then.
int64_t MillisecondsSince(net::Clock::time_point start);
// Whole days of these seconds, cut downwards: what ends in an hour has 0 left.
int64_t DaysOf(int64_t seconds);

// The options `list` (repeatable) and `text` (comma separated). InvalidArgument with
// `none` when both are empty, or when there are too many.
Result<std::vector<std::string>> ReadHosts(const checks::Arguments& arguments,
                                           std::string_view list, std::string_view text,
                                           std::string_view none);
// A whole number of an option within bounds, else InvalidArgument.
Result<int64_t> ReadNumber(const checks::Arguments& arguments, std::string_view option,
                           int64_t least, int64_t most);
Result<uint16_t> ReadPort(const checks::Arguments& arguments);
Result<std::chrono::milliseconds> ReadTimeout(const checks::Arguments& arguments);

void AddFamilyOption(checks::OptionTable& options);
// tls-version, verify, ca.
void AddTlsOptions(checks::OptionTable& options, const std::string& verify);
Result<net::TlsOptions> ReadTls(const checks::Arguments& arguments,
                                const Surroundings& surroundings);

// Completes rows that say already what they say when there is no time to ask: each by
// `ask(row, limit)`, many at the same time; then hands them on in their order.
template <class Row, class Ask>
void AskAll(std::vector<Row> rows, std::chrono::milliseconds timeout,
            const Surroundings& surroundings, checks::Sink<Row>& sink, const Ask& ask) {
  net::AtOnce(rows.size(), surroundings.deadline, surroundings.environment.cancelled,
              [&](size_t index, const net::Limit& limit) {
                ask(rows[index], limit.AtMost(timeout));
              });
  for (Row& row : rows) {
    if (!sink.Add(std::move(row))) break;
  }
}

}  // namespace nscp::check_net
