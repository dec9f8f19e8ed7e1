#include "workers/check_system/check_network.h"

#include <algorithm>
#include <cmath>

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

// What is known of an interface besides its counters.
constexpr std::string_view kFactKeywords[] = {"link_status", "status",     "enabled",
                                              "MAC",         "speed_bps",  "usage_in",
                                              "usage_out",   "usage_total"};

int64_t Throughput(const NetworkRow& row) { return row.received + row.sent; }

// Part of the speed that `bytes` a second take, in percent; 0 where no speed is known.
double LineUsageOf(const NetworkRow& row, int64_t bytes) {
  if (row.facts.speed == 0) return 0;
  const double percent =
      static_cast<double>(bytes) * 8 * 100 / static_cast<double>(row.facts.speed);
  return std::round(percent * 100) / 100;
}

std::string HumanBytes(int64_t bytes) {
  return checks::FormatBytes(static_cast<double>(bytes));
}

void AddIdentity(checks::Keywords<NetworkRow>& k) {
  auto status = [](const NetworkRow& row) -> std::string_view {
    return row.facts.link_status;
  };
  k.Text("name", "Name of the interface, such as eth0",
         [](const NetworkRow& row) -> std::string_view { return row.counters.name; });
  k.Text("link_status",
         "State of the link: up, down, dormant, lowerlayerdown, notpresent, testing or "
         "unknown",
         status);
  k.Text("status", "Deprecated alias for: link_status", status);
  k.Integer("enabled", "Whether the interface is switched on: true or false",
            [](const NetworkRow& row) { return row.facts.enabled ? 1 : 0; })
      .TextFace([](const NetworkRow& row) -> std::string_view {
        return row.facts.enabled ? "true" : "false";
      })
      .NoPerf();
  k.Text("MAC", "Hardware address, such as 02:fc:00:00:00:01",
         [](const NetworkRow& row) -> std::string_view { return row.facts.address; });
}

void AddInterfaceRates(checks::Keywords<NetworkRow>& k) {
  k.Size("received", "Bytes received per second", &NetworkRow::received)
      .Perf("Bps", "_received");
  k.Size("sent", "Bytes sent per second", &NetworkRow::sent).Perf("Bps", "_sent");
  k.Size("throughput", "Bytes received and sent per second", Throughput).Perf("Bps", "");
  k.Size("total", "Deprecated alias for: throughput", Throughput).Perf("Bps", "");
  k.Integer("received_packets", "Packets received per second",
            &NetworkRow::received_packets);
  k.Integer("sent_packets", "Packets sent per second", &NetworkRow::sent_packets);
  k.Integer("rx_errors", "Errors while receiving, since the interface came up",
            [](const NetworkRow& row) { return row.counters.receive_errors; });
  k.Integer("tx_errors", "Errors while sending, since the interface came up",
            [](const NetworkRow& row) { return row.counters.send_errors; });
  k.Text("received_human", "Bytes received per second with a unit, such as 1.5MB",
         [](const NetworkRow& row) { return HumanBytes(row.received); });
  k.Text("sent_human", "Bytes sent per second with a unit",
         [](const NetworkRow& row) { return HumanBytes(row.sent); });
  k.Text("total_human", "Bytes received and sent per second with a unit",
         [](const NetworkRow& row) { return HumanBytes(Throughput(row)); });
}

void AddUsage(checks::Keywords<NetworkRow>& k) {
  k.Integer("speed_bps", "Speed of the interface in bits per second; 0 is not known",
            [](const NetworkRow& row) { return row.facts.speed; });
  k.Percent("usage_in", "Received part of the speed in percent; 0 without a known speed",
            [](const NetworkRow& row) { return LineUsageOf(row, row.received); })
      .Perf("%", "_usage_in");
  k.Percent("usage_out", "Sent part of the speed in percent; 0 without a known speed",
            [](const NetworkRow& row) { return LineUsageOf(row, row.sent); })
      .Perf("%", "_usage_out");
  k.Percent("usage_total",
            "Received and sent part of the speed in percent; up to 200 where both ways "
            "are used at once",
            [](const NetworkRow& row) { return LineUsageOf(row, Throughput(row)); })
      .Perf("%", "_usage_total");
}

checks::Check<NetworkRow> MakeNetworkCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"throughput > 10000"};
  defaults.critical = {"throughput > 100000"};
  defaults.empty_state = "critical";
  defaults.ok_syntax = "%(status): Network interfaces seem ok.";
  defaults.detail_syntax = "${name} >${sent_human}/s <${received_human}/s";
  defaults.perf_syntax = "${name}";
  checks::Keywords<NetworkRow> k;
  AddIdentity(k);
  AddInterfaceRates(k);
  AddUsage(k);
  return {checks::OptionTable(), defaults, std::move(k)};
}

int64_t Rate(uint64_t before, uint64_t after, double seconds) {
  return checks::RoundToInteger(PerSecond(before, after, seconds));
}

}  // namespace

void AddFacts(const FactsSource& read, std::vector<NetworkRow>& rows) {
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const NetworkRow& row : rows) names.push_back(row.counters.name);
  std::vector<InterfaceFacts> facts = read(names);
  for (size_t i = 0; i < std::min(rows.size(), facts.size()); ++i) {
    rows[i].facts = std::move(facts[i]);
  }
}

std::vector<NetworkRow> NetworkRows(
    const Change<std::vector<InterfaceCounters>>& change) {
  std::vector<NetworkRow> rows;
  rows.reserve(change.after.size());
  for (const InterfaceCounters& now : change.after) {
    NetworkRow row;
    row.counters = now;
    // Both are in the order of names.
    const auto before =
        std::lower_bound(change.before.begin(), change.before.end(), now.name,
                         [](const InterfaceCounters& a, const std::string& name) {
                           return a.name < name;
                         });
    if (before != change.before.end() && before->name == now.name) {
      row.received = Rate(before->received, now.received, change.seconds);
      row.sent = Rate(before->sent, now.sent, change.seconds);
      row.received_packets =
          Rate(before->received_packets, now.received_packets, change.seconds);
      row.sent_packets = Rate(before->sent_packets, now.sent_packets, change.seconds);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

NetworkCheck::NetworkCheck() : check_(MakeNetworkCheck()) {}

sdk::CheckResult NetworkCheck::Run(
    const std::vector<std::string>& arguments, const checks::Environment& environment,
    const ChangeSource<std::vector<InterfaceCounters>>& source,
    const FactsSource& facts) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<NetworkRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto change, source());
        std::vector<NetworkRow> rows = NetworkRows(change);
        if (rows.size() >= kMaxInterfaces) {
          environment.Write(sdk::LogLevel::kWarning, "check_network: only the first " +
                                                         std::to_string(kMaxInterfaces) +
                                                         " interfaces are looked at");
        }
        if (std::any_of(std::begin(kFactKeywords), std::end(kFactKeywords),
                        [&](std::string_view keyword) { return sink.Uses(keyword); })) {
          AddFacts(facts, rows);
        }
        for (NetworkRow& row : rows) {
          if (!sink.Add(std::move(row))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
