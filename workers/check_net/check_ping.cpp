#include "workers/check_net/check_ping.h"

#include <cmath>
#include <mutex>

#include "workers/checks/formats.h"
#include "workers/net/resolve.h"

namespace nscp::check_net {
namespace {

struct PingPlan {
  net::Family family = net::Family::kAny;
  int64_t count = 1;
  std::chrono::milliseconds timeout{500};
  std::string payload;
  int ttl = 0;
};

int64_t LossOf(const PingRow& row) {
  if (row.sent == 0) return 100;
  return checks::RoundToInteger(100.0 * static_cast<double>(row.sent - row.received) /
                                static_cast<double>(row.sent));
}

checks::Keywords<PingRow> PingKeywords() {
  checks::Keywords<PingRow> k;
  k.Text("host", "The host that was asked, as the call names it",
         [](const PingRow& row) -> std::string_view { return row.host; });
  k.Text("ip", "The address that was asked", [](const PingRow& row) -> std::string_view {
     return row.ip;
   }).Human([](const PingRow& row) {
    return row.ip.empty() ? row.host + " (" + row.result + ")" : row.ip;
  });
  k.Text("result", "How it ended: ok, timeout, resolve_failed or error: with the reason",
         [](const PingRow& row) -> std::string_view { return row.result; });
  k.Percent("loss", "Share of the requests without a reply, in percent", LossOf)
      .Perf("%", "_loss");
  k.Integer("time", "Milliseconds from request to reply, the mean of all replies",
            [](const PingRow& row) { return checks::RoundToInteger(row.time); })
      .Perf("ms", "");
  k.Integer("sent", "Requests that were sent",
            [](const PingRow& row) { return row.sent; });
  k.Integer("recv", "Replies that came", [](const PingRow& row) { return row.received; });
  k.Integer("timeout", "Requests whose reply did not come in time",
            [](const PingRow& row) { return row.sent - row.received; });
  k.Real("jitter",
         "Mean difference of the times of replies that follow one another, in ms",
         [](const PingRow& row) { return row.jitter; })
      .NoValue("unknown")
      .Perf("ms", "_jitter");
  k.Integer("ttl", "Hops that the last reply could still have made (time to live)",
            [](const PingRow& row) { return row.ttl; })
      .NoValue("unknown")
      .Perf("", "_ttl");
  return k;
}

checks::Check<PingRow> MakePingCheck() {
  checks::OptionTable options;
  options.List("host", {}, "A host to ping; may be given several times");
  options.Text("hosts", "", "Hosts to ping, separated by commas");
  options.Integer("count", 1, "How many requests to send to each host");
  options.Integer("timeout", 500, "Milliseconds to wait for each reply");
  options.Text("payload", "Hello from NSClient++.", "The text that the requests carry");
  options.Integer("size", 0,
                  "Bytes that the requests carry: the payload repeated or cut; 0 leaves "
                  "it as it is");
  options.Integer(
      "ttl", 0, "Hops that a request may make (time to live); 0 leaves it to the system");
  options.Bool("total", "Add a row named total with the figures of all hosts together");
  AddFamilyOption(options);
  checks::FilterDefaults defaults;
  defaults.warning = {"time > 60 or loss > 5%"};
  defaults.critical = {"time > 100 or loss > 10%"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${ok_count}/${count} (${problem_list})";
  defaults.ok_syntax = "%(status): All %(count) hosts are ok";
  defaults.empty_syntax = "No hosts found";
  defaults.detail_syntax = "${ip} Packet loss = ${loss}%, RTA = ${time}ms";
  defaults.perf_syntax = "${host}";
  return {std::move(options), defaults, PingKeywords()};
}

Result<PingPlan> ReadPingPlan(const checks::Arguments& given) {
  constexpr int64_t kMaxTtl = 255;
  PingPlan plan;
  ASSIGN_OR_RETURN(plan.family, net::ParseFamily(given.Text("address-family")));
  ASSIGN_OR_RETURN(plan.count, ReadNumber(given, "count", 1, kMaxPings));
  ASSIGN_OR_RETURN(plan.timeout, ReadTimeout(given));
  ASSIGN_OR_RETURN(const int64_t ttl, ReadNumber(given, "ttl", 0, kMaxTtl));
  plan.ttl = static_cast<int>(ttl);
  ASSIGN_OR_RETURN(const int64_t size,
                   ReadNumber(given, "size", 0, net::kMaxEchoPayload));
  plan.payload = FillPayload(given.Text("payload"), static_cast<size_t>(size));
  if (plan.payload.size() > net::kMaxEchoPayload) {
    return Status::InvalidArgument("Invalid payload: longer than " +
                                   std::to_string(net::kMaxEchoPayload) + " bytes");
  }
  return plan;
}

// Not OK where pinging is not possible at all; what is wrong with the host is in its row.
Status AskPing(const PingPlan& plan, PingRow& row, const net::Limit& limit) {
  const auto addresses = net::Resolve(
      row.host, plan.family, limit.AtMost(std::max(plan.timeout, kResolveLimit)));
  if (!addresses.ok()) {
    row.result = ResultWord(addresses.status());
    return Status::Ok();
  }
  row.ip = addresses->front();
  const auto socket = net::EchoSocket::Open(row.ip, plan.ttl);
  if (!socket.ok()) {
    const Code code = socket.status().code();
    if (code == Code::kPermissionDenied || code == Code::kUnimplemented) {
      return socket.status();
    }
    row.result = ResultWord(socket.status());
    row.sent = plan.count;
    return Status::Ok();
  }
  std::vector<double> times;
  for (int64_t i = 0; i < plan.count && !limit.IsOver(); ++i) {
    ++row.sent;
    const auto reply =
        socket->Ask(static_cast<uint16_t>(i), plan.payload, limit.AtMost(plan.timeout));
    if (!reply.ok()) {
      row.result = ResultWord(reply.status());
      continue;
    }
    times.push_back(reply->milliseconds);
    if (reply->ttl > 0) row.ttl = reply->ttl;
  }
  row.received = static_cast<int64_t>(times.size());
  if (!times.empty()) row.result = "ok";
  const PingSummary summary = Summarize(times);
  row.time = summary.time;
  row.jitter = summary.jitter;
  return Status::Ok();
}

}  // namespace

PingSummary Summarize(const std::vector<double>& milliseconds) {
  PingSummary summary;
  if (milliseconds.empty()) return summary;
  double sum = 0;
  double steps = 0;
  for (size_t i = 0; i < milliseconds.size(); ++i) {
    sum += milliseconds[i];
    if (i > 0) steps += std::abs(milliseconds[i] - milliseconds[i - 1]);
  }
  const auto count = static_cast<double>(milliseconds.size());
  summary.time = sum / count;
  if (milliseconds.size() > 1) summary.jitter = steps / (count - 1);
  return summary;
}

PingRow TotalOf(const std::vector<PingRow>& rows) {
  PingRow total;
  total.host = "total";
  total.ip = "total";
  double sum = 0;
  for (const PingRow& row : rows) {
    total.sent += row.sent;
    total.received += row.received;
    sum += row.time * static_cast<double>(row.received);
  }
  if (total.received > 0) total.time = sum / static_cast<double>(total.received);
  if (total.received > 0) total.result = "ok";
  return total;
}

std::string FillPayload(const std::string& payload, size_t size) {
  if (size == 0) return payload;
  std::string filled;
  filled.reserve(size);
  const std::string part = payload.empty() ? std::string(1, '\0') : payload;
  while (filled.size() < size) filled += part.substr(0, size - filled.size());
  return filled;
}

PingCheck::PingCheck() : check_(MakePingCheck()) {}

sdk::CheckResult PingCheck::Run(const std::vector<std::string>& arguments,
                                const Surroundings& surroundings) const {
  return check_.Run(
      arguments, surroundings.environment,
      [&](const checks::Arguments& given, checks::Sink<PingRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto hosts,
                         ReadHosts(given, "host", "hosts", "No host specified"));
        ASSIGN_OR_RETURN(const PingPlan plan, ReadPingPlan(given));
        std::vector<PingRow> rows(hosts.size());
        for (size_t i = 0; i < hosts.size(); ++i) rows[i].host = hosts[i];
        std::mutex mutex;
        Status possible;
        net::AtOnce(rows.size(), surroundings.deadline,
                    surroundings.environment.cancelled,
                    [&](size_t index, const net::Limit& limit) {
                      const Status asked = AskPing(plan, rows[index], limit);
                      const std::lock_guard<std::mutex> lock(mutex);
                      if (!asked.ok()) possible = asked;
                    });
        RETURN_IF_ERROR(possible);
        if (given.Flag("total")) rows.push_back(TotalOf(rows));
        for (PingRow& row : rows) {
          if (!sink.Add(std::move(row))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_net
