#include "workers/check_net/check_connections.h"

namespace nscp::check_net {
namespace {

// The kernel's numbers of states.
enum State : size_t {
  kEstablished = 1,
  kSynSent = 2,
  kSynRecv = 3,
  kFinWait1 = 4,
  kFinWait2 = 5,
  kTimeWait = 6,
  kCloseWait = 8,
  kLastAck = 9,
  kListen = 10,
  kClosing = 11,
  kNewSynRecv = 12,
};

void AddStates(checks::Keywords<ConnectionRow>& k) {
  const auto state = [&k](std::string name, std::string description, State one,
                          State other) {
    k.Integer(std::move(name), std::move(description),
              [one, other](const ConnectionRow& row) {
                return row.states[one] + (other == one ? 0 : row.states[other]);
              });
  };
  const auto single = [&state](std::string name, std::string description, State one) {
    state(std::move(name), std::move(description), one, one);
  };
  single("established", "TCP connections over which data may flow (total row)",
         kEstablished);
  single("listen", "TCP sockets that wait for connections (total row)", kListen);
  single("syn_sent", "TCP connections that this machine begins (total row)", kSynSent);
  state("syn_recv", "TCP connections that another machine begins (total row)", kSynRecv,
        kNewSynRecv);
  single("time_wait", "Closed TCP connections kept for late packets (total row)",
         kTimeWait);
  single("close_wait",
         "TCP connections that the other side has closed and the program here has not "
         "(total row)",
         kCloseWait);
  single("closing", "TCP connections that both sides close at once (total row)",
         kClosing);
  state("fin_wait", "TCP connections that this machine has closed first (total row)",
        kFinWait1, kFinWait2);
  single("last_ack", "TCP connections that wait for the last acknowledgement (total row)",
         kLastAck);
}

checks::Keywords<ConnectionRow> ConnectionKeywords() {
  checks::Keywords<ConnectionRow> k;
  k.Text("protocol", "What is counted: tcp, tcp6, udp, udp6 or total",
         [](const ConnectionRow& row) -> std::string_view { return row.protocol; });
  k.Text("family", "The version of IP: ipv4, ipv6 or any",
         [](const ConnectionRow& row) -> std::string_view { return row.family; });
  k.Text("state", "The TCP state that is counted, such as ESTABLISHED, or all",
         [](const ConnectionRow& row) -> std::string_view { return row.state; });
  k.Integer("connections", "Connections and sockets of this row",
            [](const ConnectionRow& row) { return row.connections; });
  k.Integer("total_connections", "Connections and sockets of all kinds (total row)",
            [](const ConnectionRow& row) { return row.total; });
  k.Integer("total", "The old name of total_connections",
            [](const ConnectionRow& row) { return row.total; });
  AddStates(k);
  k.Integer("udp", "UDP sockets (total row)",
            [](const ConnectionRow& row) { return row.udp; });
  return k;
}

checks::Check<ConnectionRow> MakeConnectionsCheck() {
  checks::FilterDefaults defaults;
  defaults.filter = {"protocol = 'total'"};
  defaults.warning = {"total_connections > 1000"};
  defaults.critical = {"total_connections > 2000"};
  defaults.top_syntax = "${status}: ${list}";
  defaults.empty_syntax = "No connection data";
  defaults.detail_syntax = "${protocol}/${state}: ${connections}";
  defaults.perf_syntax = "${protocol}_${state}";
  defaults.perf_config =
      "extra(total;established;listen;syn_sent;syn_recv;time_wait;close_wait;closing;"
      "fin_wait;last_ack;udp)";
  return {checks::OptionTable(), defaults, ConnectionKeywords()};
}

ConnectionRow RowOf(std::string protocol, std::string family, int64_t connections) {
  ConnectionRow row;
  row.protocol = std::move(protocol);
  row.family = std::move(family);
  row.connections = connections;
  return row;
}

}  // namespace

std::vector<ConnectionRow> MakeConnectionRows(const SocketCounts& counts) {
  std::vector<ConnectionRow> rows = {
      RowOf("tcp", "ipv4", counts.tcp), RowOf("tcp6", "ipv6", counts.tcp6),
      RowOf("udp", "ipv4", counts.udp), RowOf("udp6", "ipv6", counts.udp6)};
  std::array<int64_t, kTcpStates> states = counts.states;
  states[kSynRecv] += std::exchange(states[kNewSynRecv], 0);
  for (size_t state = 0; state < kTcpStates; ++state) {
    if (states[state] == 0) continue;
    rows.push_back(RowOf("tcp", "any", states[state]));
    rows.back().state = TcpStateName(state);
  }
  ConnectionRow total =
      RowOf("total", "any", counts.tcp + counts.tcp6 + counts.udp + counts.udp6);
  total.total = total.connections;
  total.states = counts.states;
  total.udp = counts.udp + counts.udp6;
  rows.push_back(std::move(total));
  return rows;
}

ConnectionsCheck::ConnectionsCheck() : check_(MakeConnectionsCheck()) {}

sdk::CheckResult ConnectionsCheck::Run(
    const std::vector<std::string>& arguments, const checks::Environment& environment,
    const std::function<Result<SocketCounts>(const std::function<bool()>&)>& counts)
    const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<ConnectionRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const SocketCounts read, counts(environment.cancelled));
        for (const ConnectionRow& row : MakeConnectionRows(read)) {
          if (!sink.Add(row)) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_net
