#include <doctest/doctest.h>

#include "workers/check_net/check_connections.h"

namespace nscp::check_net {
namespace {

// Lines of /proc/net/tcp as Linux 6.1 writes them (Documentation/networking/
// proc_net_tcp.rst); constructed so that each state stands there.
std::string Table(int states) {
  std::string text =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid "
      " "
      "timeout inode                                                     \n";
  constexpr char kHex[] = "0123456789ABCDEF";
  for (int state = 1; state <= states; ++state) {
    text +=
        std::string("   ") + kHex[state] + ": 0100007F:1F90 0100007F:A3C" + kHex[state] +
        " 0" + kHex[state] +
        " 00000000:00000000 00:00000000 00000000  1000        0 21356 1 0000000000000000 "
        "100 0 0 10 0                     \n";
  }
  return text;
}

// A line of /proc/net/tcp6 of the same kernel.
constexpr char kTcp6[] =
    "  sl  local_address                         remote_address                        "
    "st\n"
    "   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 "
    "0A "
    "00000000:00000000 00:00000000 00000000     0        0 20102 1 0000000000000000 100 "
    "0 "
    "0 10 0\n";

SocketCounter Count(std::string_view text, size_t piece) {
  SocketCounter counter;
  for (size_t at = 0; at < text.size(); at += piece) counter.Feed(text.substr(at, piece));
  counter.End();
  return counter;
}

}  // namespace

TEST_CASE("sockets are counted by state, however the table comes") {
  const std::string text = Table(12);
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{150}, text.size()}) {
    const SocketCounter counter = Count(text, piece);
    CHECK(counter.sockets() == 12);
    for (size_t state = 1; state < kTcpStates; ++state)
      CHECK(counter.states()[state] == 1);
    CHECK(counter.states()[0] == 0);
  }
  const SocketCounter six = Count(kTcp6, 11);
  CHECK(six.sockets() == 1);
  CHECK(six.states()[10] == 1);
}

TEST_CASE("odd lines are counted as what they may be, endless ones take no memory") {
  CHECK(Count("", 1).sockets() == 0);
  CHECK(Count("header only", 3).sockets() == 0);
  const SocketCounter odd =
      Count("h\n 0: a b FF c\n 1: a b zz\n 2: a\nno colon\n\n 3: a b 01", 5);
  CHECK(odd.sockets() == 4);
  CHECK(odd.states()[0] == 3);
  CHECK(odd.states()[1] == 1);
  const SocketCounter endless = Count("h\n" + std::string(5000000, ':'), 65536);
  CHECK(endless.sockets() == 1);
}

TEST_CASE("a hundred thousand sockets are counted") {
  std::string text = "h\n";
  for (int i = 0; i < 100000; ++i) {
    text += "   1: 0100007F:1F90 0100007F:A3C1 06 00000000:00000000\n";
  }
  const SocketCounter counter = Count(text, 65536);
  CHECK(counter.sockets() == 100000);
  CHECK(counter.states()[6] == 100000);
}

TEST_CASE("rows tell protocols, states and the total") {
  SocketCounts counts;
  counts.tcp = 5;
  counts.tcp6 = 2;
  counts.udp = 3;
  counts.udp6 = 1;
  counts.states[1] = 4;
  counts.states[3] = 1;
  counts.states[12] = 2;
  const auto rows = MakeConnectionRows(counts);
  REQUIRE(rows.size() == 7);
  CHECK(rows[4].state == "ESTABLISHED");
  CHECK(rows[5].state == "SYN_RECV");
  CHECK(rows[5].connections == 3);
  CHECK(rows[6].protocol == "total");
  CHECK(rows[6].total == 11);
  CHECK(rows[6].udp == 4);

  const ConnectionsCheck check;
  const auto run = [&](const std::vector<std::string>& arguments) {
    return sdk::FormatPlain(check.Run(
        arguments, {}, [&](const auto&) -> Result<SocketCounts> { return counts; }));
  };
  CHECK(run({}) ==
        "OK: total/all: 11|'total_all_close_wait'=0;0;0 'total_all_closing'=0;0;0 "
        "'total_all_established'=4;0;0 'total_all_fin_wait'=0;0;0 "
        "'total_all_last_ack'=0;0;0 'total_all_listen'=0;0;0 'total_all_syn_recv'=3;0;0 "
        "'total_all_syn_sent'=0;0;0 'total_all_time_wait'=0;0;0 'total_all_total'=11;0;0 "
        "'total_all_total_connections'=11;1000;2000 'total_all_udp'=4;0;0");
  CHECK(run({"filter=state = 'ESTABLISHED'", "warn=connections > 3", "crit=none",
             "perf-config=none"}) ==
        "WARNING: tcp/ESTABLISHED: 4|'tcp_ESTABLISHED_connections'=4;3;0");
  const auto failed = check.Run({}, {}, [](const auto&) -> Result<SocketCounts> {
    return Status::Unavailable("no table");
  });
  CHECK(failed.state == sdk::State::kUnknown);
  CHECK(sdk::FormatPlain(failed) == "no table");
}

}  // namespace nscp::check_net
