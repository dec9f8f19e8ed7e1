#include "workers/check_net/check_ntp_offset.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "proto/cpp/secret.h"
#include "workers/check_net/ntp_packet.h"
#include "workers/checks/formats.h"
#include "workers/net/resolve.h"
#include "workers/net/udp.h"

namespace nscp::check_net {
namespace {

constexpr int64_t kNtpPort = 123;

checks::Keywords<NtpRow> NtpKeywords() {
  checks::Keywords<NtpRow> k;
  k.Text("server", "The NTP server that was asked",
         [](const NtpRow& row) -> std::string_view { return row.server; });
  k.Integer("port", "The UDP port that was asked",
            [](const NtpRow& row) { return row.port; });
  k.Integer(
       "offset", "Milliseconds between the clocks, without a sign",
       [](const NtpRow& row) { return checks::RoundToInteger(std::abs(row.offset)); })
      .Perf("ms", "_offset");
  k.Integer("offset_signed",
            "Milliseconds between the clocks, positive when this machine is ahead",
            [](const NtpRow& row) { return checks::RoundToInteger(row.offset); })
      .Perf("ms", "_offset_signed");
  k.Integer("stratum", "How many servers away the server's own clock is, 1 to 15",
            [](const NtpRow& row) { return row.stratum; });
  k.Integer("time", "Milliseconds from the question to its answer",
            [](const NtpRow& row) { return row.time; })
      .Perf("ms", "_time");
  k.Real("jitter", "Mean difference between the offsets of several samples, in ms",
         [](const NtpRow& row) { return row.jitter; })
      .NoValue("unknown")
      .Perf("ms", "_jitter");
  k.Integer("samples", "Answers that were used",
            [](const NtpRow& row) { return row.samples; });
  k.Real("root_delay", "Milliseconds from the server to its reference clock and back",
         [](const NtpRow& row) { return row.root_delay; });
  k.Real("root_dispersion", "How wrong the server says that it may be, in ms",
         [](const NtpRow& row) { return row.root_dispersion; });
  k.Text(
      "result",
      "How it ended: ok, timeout, refused, resolve_failed, unsynchronized, "
      "kiss_of_death, no_timestamp, no_match, short_response or error: with the reason",
      [](const NtpRow& row) -> std::string_view { return row.result; });
  return k;
}

checks::Check<NtpRow> MakeNtpCheck() {
  checks::OptionTable options;
  options.List("server", {}, "An NTP server to ask; may be given several times");
  options.Text("servers", "", "NTP servers to ask, separated by commas");
  options.Integer("port", kNtpPort, "The UDP port of the servers");
  options.Integer("timeout", 5000, "Milliseconds that one server has for all samples");
  options.Integer(
      "samples", 1,
      "How often to ask each server; the answer with the shortest way counts");
  AddFamilyOption(options);
  checks::FilterDefaults defaults;
  defaults.warning = {"offset > 50 or stratum >= 16"};
  defaults.critical = {"offset > 100 or stratum >= 16 or result != 'ok'"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): %(list)";
  defaults.empty_syntax = "No NTP server checked";
  defaults.detail_syntax = "${server} offset=${offset_signed}ms stratum=${stratum}";
  defaults.perf_syntax = "${server}";
  return {std::move(options), defaults, NtpKeywords()};
}

NtpTime NowNtp() {
  return ToNtpTime(std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count());
}

// Adds a sample where the answer is one; all else is said in the row.
void TakeSample(const net::UdpSocket& socket, NtpRow& row, const net::Limit& limit,
                std::vector<NtpSample>* samples) {
  NtpTime cookie = 0;
  const auto random = RandomBytes(sizeof cookie);
  if (random.ok()) std::memcpy(&cookie, random->data(), sizeof cookie);
  const auto start = net::Clock::now();
  const NtpTime asked = NowNtp();
  if (const Status sent = socket.Send(EncodeNtpRequest(cookie)); !sent.ok()) {
    row.result = ResultWord(sent);
    return;
  }
  for (;;) {
    const auto packet = socket.Receive(limit);
    const NtpTime answered = NowNtp();
    if (!packet.ok()) {
      row.result = ResultWord(packet.status());
      return;
    }
    const NtpAnswer answer = DecodeNtpAnswer(*packet, cookie);
    row.result = answer.result;
    // The answer to an earlier question, or to none: the right one may come yet.
    if (answer.result == "no_match") continue;
    row.time = MillisecondsSince(start);
    row.stratum = answer.stratum;
    row.root_delay = answer.root_delay;
    row.root_dispersion = answer.root_dispersion;
    if (answer.received == 0 || answer.sent == 0 || answer.stratum == 0) return;
    const double there = NtpDifference(asked, answer.received);
    const double back = NtpDifference(answered, answer.sent);
    samples->push_back({(there + back) / 2, back - there});
    return;
  }
}

void AskNtp(const net::Family family, int64_t count, NtpRow& row,
            const net::Limit& limit) {
  const auto addresses = net::Resolve(row.server, family, limit);
  if (!addresses.ok()) {
    row.result = ResultWord(addresses.status());
    return;
  }
  const auto socket = net::UdpSocket::Open(addresses->front(), row.port);
  if (!socket.ok()) {
    row.result = ResultWord(socket.status());
    return;
  }
  std::vector<NtpSample> samples;
  std::string good;
  for (int64_t i = 0; i < count && !limit.IsOver(); ++i) {
    const size_t before = samples.size();
    TakeSample(*socket, row, limit, &samples);
    if (samples.size() == before) break;
    good = row.result;
  }
  if (samples.empty()) return;
  // What came before the server fell silent counts.
  row.result = good;
  TakeSamples(samples, &row);
}

}  // namespace

void TakeSamples(const std::vector<NtpSample>& samples, NtpRow* row) {
  const auto best = std::min_element(
      samples.begin(), samples.end(),
      [](const NtpSample& a, const NtpSample& b) { return a.delay < b.delay; });
  row->offset = best->offset;
  row->samples = static_cast<int64_t>(samples.size());
  if (samples.size() < 2) return;
  double sum = 0;
  for (const NtpSample& sample : samples) sum += std::abs(sample.offset - best->offset);
  row->jitter = sum / static_cast<double>(samples.size() - 1);
}

NtpCheck::NtpCheck() : check_(MakeNtpCheck()) {}

sdk::CheckResult NtpCheck::Run(const std::vector<std::string>& arguments,
                               const Surroundings& surroundings) const {
  return check_.Run(
      arguments, surroundings.environment,
      [&](const checks::Arguments& given, checks::Sink<NtpRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto servers, ReadHosts(given, "server", "servers",
                                                       "No NTP server specified"));
        ASSIGN_OR_RETURN(const auto timeout, ReadTimeout(given));
        ASSIGN_OR_RETURN(const uint16_t port, ReadPort(given));
        ASSIGN_OR_RETURN(const int64_t count,
                         ReadNumber(given, "samples", 1, kMaxNtpSamples));
        ASSIGN_OR_RETURN(const net::Family family,
                         net::ParseFamily(given.Text("address-family")));
        std::vector<NtpRow> rows(servers.size());
        for (size_t i = 0; i < servers.size(); ++i) {
          rows[i].server = servers[i];
          rows[i].port = port;
        }
        AskAll(std::move(rows), timeout, surroundings, sink,
               [&](NtpRow& row, const net::Limit& limit) {
                 AskNtp(family, count, row, limit);
               });
        return Status::Ok();
      });
}

}  // namespace nscp::check_net
