#include <doctest/doctest.h>

#include "workers/check_system/check_cpu_utilization.h"
#include "workers/check_system/check_kernel_memory.h"
#include "workers/check_system/check_kernel_stats.h"
#include "workers/check_system/check_network.h"
#include "workers/check_system/check_pagefile.h"
#include "workers/check_system/check_swap_io.h"
#include "workers/check_system/proc_meminfo.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

struct Expected {
  Words arguments;
  State state;
  const char* text;
};

template <class T>
ChangeSource<T> Always(Change<T> change) {
  return [change] { return change; };
}

template <class Run>
void Judge(const std::vector<Expected>& rows, Run run) {
  for (const Expected& row : rows) {
    const sdk::CheckResult result = run(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

// Recorded: /proc/stat of Linux 6.18 in a virtual machine with two processors, the line
// of interrupts shortened.
constexpr char kRecordedStat[] =
    "cpu  5816728 857002 778469 2030707 18509 0 15407 726981 0 0\n"
    "cpu0 2907505 437432 384584 1009195 11412 0 7209 363635 0 0\n"
    "cpu1 2909222 419569 393884 1021512 7097 0 8198 363346 0 0\n"
    "intr 55334077 0 0 0\n"
    "ctxt 187155362\n"
    "btime 1795302457\n"
    "processes 2483522\n"
    "procs_running 3\n"
    "procs_blocked 0\n"
    "softirq 42401706 0 2972825 4 24666587 1576800 0 7 3408926 50059 9726498\n";
// Constructed: the same a second later, two processors of 100 ticks each.
constexpr char kStatLater[] =
    "cpu  5816778 857012 778489 2030787 18519 2 15415 727001 10 0\n"
    "ctxt 187212473\n"
    "processes 2483839\n";

Change<CpuSample> CpuChange(double seconds = 1) {
  return {*ParseProcStat(kRecordedStat), *ParseProcStat(kStatLater), seconds};
}

TEST_CASE("the text of /proc/stat gives times and counters") {
  const auto sample = ParseProcStat(kRecordedStat);
  REQUIRE(sample.ok());
  CHECK(sample->times.user == 5816728 + 857002);
  CHECK(sample->times.softirq == 15407);
  CHECK(sample->times.steal == 726981);
  CHECK(sample->context_switches == 187155362u);
  CHECK(sample->forks == 2483522u);
  // Constructed: counters that are none are not there.
  const auto without =
      ParseProcStat("cpu 1 2 3 4\nctxt -5\nprocesses 99999999999999999999");
  CHECK_FALSE(without->context_switches);
  CHECK_FALSE(without->forks);
}

TEST_CASE("a counter that runs backwards has no rate") {
  CHECK(PerSecond(100, 350, 1) == 250);
  CHECK(PerSecond(100, 101, 3) == 0.33);
  CHECK(PerSecond(100, 99, 1) == 0);
  CHECK(PerSecond(UINT64_MAX, 5, 1) == 0);
  CHECK(PerSecond(4294967290u, 3, 1) == 0);
  CHECK(PerSecond(1, 2, 0) == 0);
  CHECK(PerSecond(0, UINT64_MAX, 1) > 0);
}

TEST_CASE("check_cpu_utilization shares out the last second") {
  Judge({{{},
          State::kOk,
          "OK: user: 30% system: 10% iowait: 5% steal: 10% idle: 40%|'cpu_guest'=5;0;0 "
          "'cpu_idle'=40;0;0 'cpu_iowait'=5;0;0 'cpu_irq'=1;0;0 'cpu_softirq'=4;0;0 "
          "'cpu_steal'=10;0;0 'cpu_system'=10;0;0 'cpu_usage'=55;90;95 "
          "'cpu_user'=30;0;0"},
         {{"warn=usage > 54%", "crit=steal > 9.5", "perf-config=none",
           "detail-syntax=%(name) %(usage) %(total) %(guest)"},
          State::kCritical,
          "CRITICAL: total 55 55 5|'cpu_steal'=10;0;9.5 'cpu_usage'=55;54;0"},
         {{"warn=total > 50", "crit=none", "perf-config=none", "detail-syntax=x"},
          State::kWarning,
          "WARNING: x|'cpu_total'=55;50;0"}},
        [](const Words& arguments) {
          return UtilizationCheck().Run(arguments, checks::Environment(),
                                        Always(CpuChange()));
        });
  const CpuTimes some{5, 5, 5, 5, 5, 5, 5, 5};
  CHECK(UtilizationBetween(some, some).idle == 100);
  CHECK(UtilizationBetween(some, CpuTimes()).idle == 100);
  const auto failed = UtilizationCheck().Run({}, checks::Environment(), [] {
    return Status::Unavailable("Failed to read /proc/stat");
  });
  CHECK(failed.state == State::kUnknown);
  CHECK(failed.lines[0].message == "Failed to read /proc/stat");
}

TEST_CASE("check_kernel_stats shows rates and the number of threads") {
  Judge({{{},
          State::kWarning,
          "WARNING - Context Switches 57111.0/s, Process Creations 317.0/s, Threads "
          "9000|'ctxt'=187212473;8000;10000 'processes'=2483839;8000;10000 "
          "'threads'=9000;8000;10000"},
         {{"type=ctxt", "type=Threads", "warn=rate > 57000", "crit=none",
           "detail-syntax=%(name) %(rate) %(current)"},
          State::kWarning,
          "WARNING - ctxt 57111 187212473, threads 0 9000|'ctxt_rate'=57111/s;57000;0 "
          "'threads_rate'=0/s;57000;0"},
         {{"type=zz"}, State::kUnknown, "UNKNOWN - "}},
        [](const Words& arguments) {
          // 9000 threads pass the default warning; its row says so.
          auto run = KernelStatsCheck().Run(arguments, checks::Environment(),
                                            Always(CpuChange()),
                                            []() -> Result<int64_t> { return 9000; });
          return run;
        });
}

// Constructed: a kernel that tells nothing of processes.
TEST_CASE("check_kernel_stats says what is missing") {
  const CpuSample bare = *ParseProcStat("cpu 1 2 3 4\n");
  const auto none = KernelStatsCheck().Run({}, checks::Environment(),
                                           Always(Change<CpuSample>{bare, bare, 1}),
                                           []() -> Result<int64_t> { return 1; });
  CHECK(none.state == State::kUnknown);
  CHECK(none.lines[0].message.find("context switches") != std::string::npos);
  const auto threads = KernelStatsCheck().Run(
      {}, checks::Environment(), Always(CpuChange()),
      []() -> Result<int64_t> { return Status::Unavailable("Failed to read it"); });
  CHECK(threads.lines[0].message == "Failed to read it");
}

// Recorded: /proc/net/dev of Linux 6.18 in a virtual machine.
constexpr char kRecordedNetDev[] =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets "
    "errs drop fifo colls carrier compressed\n"
    "    lo: 35309222069 26954342    0    0    0     0          0         0 35309222069 "
    "26954342    0    0    0     0       0          0\n"
    "  ifb0:       0       0    0    0    0     0          0         0        0       0  "
    " "
    " 0    0    0     0       0          0\n"
    "  eth0: 461776684   11028    3    0    0     0          0         0   478690    "
    "6831 "
    "   2    0    0     0       0          0\n";

TEST_CASE("the text of /proc/net/dev gives the counters of each interface") {
  const auto found = ParseNetDev(kRecordedNetDev);
  REQUIRE(found.ok());
  REQUIRE(found->size() == 3);
  const InterfaceCounters& eth0 = found->front();
  CHECK(eth0.name == "eth0");
  CHECK(eth0.received == 461776684);
  CHECK(eth0.received_packets == 11028);
  CHECK(eth0.receive_errors == 3);
  CHECK(eth0.sent == 478690);
  CHECK(eth0.sent_packets == 6831);
  CHECK(eth0.send_errors == 2);
  CHECK(found->back().name == "lo");
  // Constructed: old kernels put no blank behind the colon; broken lines; bytes.
  const auto odd = ParseNetDev(
      "a|b\nx:1 2 3 4 5 6 7 8 9 10 11 12\nshort: 1 2 3\n: 1 2 3 4 5 6 7 8 9 10 11\n"
      "minus: -1 2 3 4 5 6 7 8 9 10 11\n\xff\xfe: 1 2 3 4 5 6 7 8 9 10 11 12");
  REQUIRE(odd->size() == 2);
  CHECK(odd->front().send_errors == 11);
  CHECK(odd->back().name == "\xff\xfe");
  CHECK_FALSE(ParseNetDev("").ok());
  CHECK(ParseNetDev("Inter-|\n")->empty());
  std::string many = "|\n";
  for (size_t i = 0; i < kMaxInterfaces + 10; ++i) {
    many += "i" + std::to_string(i) + ": 1 2 3 4 5 6 7 8 9 10 11 12\n";
  }
  CHECK(ParseNetDev(many)->size() == kMaxInterfaces);
}

TEST_CASE("the texts of /sys/class/net are read as far as they go") {
  // The first two rows recorded (a virtio interface and loopback), the others
  // constructed.
  const struct {
    const char* operstate;
    const char* flags;
    const char* address;
    const char* speed;
    InterfaceFacts facts;
  } rows[] = {
      {"up\n",
       "0x1003\n",
       "02:fc:00:00:00:01\n",
       "-1\n",
       {"up", true, "02:fc:00:00:00:01", 0}},
      {"unknown\n",
       "0x9\n",
       "00:00:00:00:00:00\n",
       "",
       {"unknown", true, "00:00:00:00:00:00", 0}},
      {"down\n", "0x82\n", "", "1000\n", {"down", false, "", 1000000000}},
      {"", "", "", "4294967295\n", {"unknown", false, "", 0}},
      {"up", "x", "\n", "100000000", {"up", false, "", 100000000000000}},
  };
  for (const auto& row : rows) {
    const auto facts =
        MakeInterfaceFacts(row.operstate, row.flags, row.address, row.speed);
    CHECK(facts.link_status == row.facts.link_status);
    CHECK(facts.enabled == row.facts.enabled);
    CHECK(facts.address == row.facts.address);
    CHECK(facts.speed == row.facts.speed);
  }
}

Change<std::vector<InterfaceCounters>> NetworkChange() {
  return {{{"eth0", 1000000, 100, 0, 5000, 50, 0},
           {"gone", 1, 1, 1, 1, 1, 1},
           {"reset", 900000, 900, 0, 900000, 900, 0}},
          {{"eth0", 3000000, 300, 7, 10000, 70, 9},
           {"new", 8000000, 8000, 0, 8000000, 8000, 0},
           {"reset", 100, 1, 0, 900100, 901, 0}},
          2};
}

TEST_CASE("interfaces that come, go and begin anew have no false rates") {
  const auto rows = NetworkRows(NetworkChange());
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].received == 1000000);
  CHECK(rows[0].sent == 2500);
  CHECK(rows[0].received_packets == 100);
  CHECK(rows[1].counters.name == "new");
  CHECK(rows[1].received == 0);
  CHECK(rows[2].received == 0);
  CHECK(rows[2].sent == 50);
}

TEST_CASE("check_network judges what goes through each interface") {
  int asked = 0;
  Judge({{{},
          State::kCritical,
          "CRITICAL: eth0 >2.441KB/s <976.562KB/s, new >0B/s <0B/s, reset >50B/s "
          "<0B/s|'eth0'=1002500Bps;10000;100000 'new'=0Bps;10000;100000 "
          "'reset'=50Bps;10000;100000"},
         {{"warn=none", "crit=none", "filter=name = 'new'"},
          State::kOk,
          "OK: new >0B/s <0B/s"},
         {{"warn=received > 900k", "crit=sent > 10m", "filter=name = 'eth0'",
           "detail-syntax=%(received_packets) %(sent_packets) %(rx_errors) %(tx_errors) "
           "%(total_human) %(throughput) %(format_bytes(sent,'k'))"},
          State::kWarning,
          "WARNING: 100 10 7 9 979.004KB 1002500 2.441|"
          "'eth0_received'=1000000Bps;921600;0 'eth0_sent'=2500Bps;0;10485760"},
         {{"filter=name='x'"}, State::kCritical, "CRITICAL: "}},
        [&](const Words& arguments) {
          return NetworkCheck().Run(arguments, checks::Environment(),
                                    Always(NetworkChange()), [&](const auto&) {
                                      ++asked;
                                      return std::vector<InterfaceFacts>();
                                    });
        });
  CHECK(asked == 0);
}

TEST_CASE("check_network says that it leaves interfaces out") {
  std::vector<InterfaceCounters> many(kMaxInterfaces);
  std::string log;
  checks::Environment environment;
  environment.log = [&](sdk::LogLevel, std::string_view text) { log += text; };
  const auto result = NetworkCheck().Run(
      {"warn=none", "crit=count < 4096", "top-syntax=%(count)"}, environment,
      Always(Change<std::vector<InterfaceCounters>>{many, many, 1}), {});
  CHECK(result.state == State::kOk);
  CHECK(log == "check_network: only the first 4096 interfaces are looked at");
}

TEST_CASE("check_network judges speed and state where it is asked for them") {
  Judge(
      {{{"filter=enabled = 'true'", "warn=usage_in > 50", "crit=usage_total > 90%",
         "detail-syntax=%(name) %(link_status) %(status) %(enabled) %(MAC) %(speed_bps) "
         "%(usage_in) %(usage_out) %(usage_total)"},
        State::kWarning,
        "WARNING: eth0 up up true 02:00 10000000 80 0.2 80.2|"
        "'eth0_usage_in'=80%;50;0 'eth0_usage_total'=80.2%;0;90"},
       {{"filter=enabled = 0", "warn=none", "crit=link_status = 'unknown'",
         "top-syntax=%(crit_list)"},
        State::kCritical,
        "reset >50B/s <0B/s"},
       // The facts of the third could not be read in time.
       {{"filter=speed_bps = 0", "warn=none", "crit=none", "detail-syntax=%(name)"},
        State::kOk,
        "OK: new, reset"}},
      [](const Words& arguments) {
        return NetworkCheck().Run(
            arguments, checks::Environment(), Always(NetworkChange()),
            [](const std::vector<std::string>& names) {
              CHECK(names == Words{"eth0", "new", "reset"});
              return std::vector<InterfaceFacts>{{"up", true, "02:00", 10000000},
                                                 {"down", false, "", 0}};
            });
      });
}

// Recorded: the lines of /proc/meminfo of Linux 6.18 that are looked at.
constexpr char kMeminfo[] =
    "MemTotal:       24730032 kB\nMemFree:        13561124 kB\n"
    "Cached:          9971032 kB\nSlab:             478248 kB\n"
    "SReclaimable:     417616 kB\nSUnreclaim:        60632 kB\n"
    "SwapTotal:       4194304 kB\nSwapFree:        1048576 kB\n";

// Recorded with swap switched on elsewhere, shortened (Linux 6.1).
constexpr char kVmstat[] =
    "nr_free_pages 3390281\npgpgin 21122349\npswpin 1000\npswpout 5000\n"
    "pgfault 1711156739\npgmajfault 14283\nthp_swpout 3\n";

TEST_CASE("the text of /proc/vmstat and /proc/swaps") {
  const auto counters = ParseVmstat(kVmstat);
  REQUIRE(counters.ok());
  CHECK(counters->page_faults == 1711156739);
  CHECK(counters->major_faults == 14283);
  CHECK(counters->swapped_in == 1000);
  CHECK(counters->swapped_out == 5000);
  // Constructed: a kernel without swap, and what is none.
  CHECK(ParseVmstat("pgfault 5")->swapped_in == 0);
  CHECK_FALSE(ParseVmstat("").ok());
  CHECK_FALSE(ParseVmstat("pgfault x\npswpin").ok());
  // proc(5).
  CHECK(ParseSwaps(
            "Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1 0 -2\n") == 1);
  CHECK(ParseSwaps("Filename\tType\tSize\tUsed\tPriority\n") == 0);
  CHECK(ParseSwaps("") == 0);
}

Change<PagingCounters> PagingChange() {
  const PagingCounters before = *ParseVmstat(kVmstat);
  PagingCounters after = before;
  after.page_faults += 2469;
  after.major_faults += 3;
  after.swapped_in += 20;
  after.swapped_out = 0;  // began anew
  return {before, after, 2};
}

TEST_CASE("check_kernel_memory shows what the kernel holds") {
  Judge({{{},
          State::kOk,
          "OK: slab 467.039MB (59.211MB unreclaimable), cache 9.509GB, 1.5 major "
          "faults/s|'kernel_cache'=10210336768;0;0 'kernel_major_faults_per_sec'=1.5;0;0 "
          "'kernel_page_faults_per_sec'=1234.5;0;0 'kernel_slab'=489725952;0;0 "
          "'kernel_slab_reclaimable'=427638784;0;0 "
          "'kernel_slab_unreclaimable'=62087168;0;0"},
         {{"warn=slab > 400m", "crit=major_faults_per_sec > 100", "perf-config=none",
           "detail-syntax=%(page_faults_per_sec) %(slab_reclaimable)"},
          State::kWarning,
          "WARNING: 1234.5 407.828MB|'kernel_major_faults_per_sec'=1.5;0;100 "
          "'kernel_slab'=489725952;419430400;0"}},
        [](const Words& arguments) {
          return KernelMemoryCheck().Run(arguments, checks::Environment(),
                                         ParseMeminfo(kMeminfo), Always(PagingChange()));
        });
  MemorySample without;
  CHECK(KernelMemoryCheck()
            .Run({}, checks::Environment(), without, Always(PagingChange()))
            .state == State::kUnknown);
  CHECK(KernelMemoryCheck()
            .Run({}, checks::Environment(), Status::Unavailable("no memory"),
                 Always(PagingChange()))
            .lines[0]
            .message == "no memory");
}

TEST_CASE("check_swap_io shows what moves") {
  Judge({{{},
          State::kOk,
          "OK: 1 swap device(s) in 10 pages/s, out 0 pages/s|'io_swap_in'=10;0;0 "
          "'io_swap_in_bytes'=40960;0;0 'io_swap_out'=0;0;0 'io_swap_out_bytes'=0;0;0"},
         {{"warn=swap_in > 5", "crit=swap_in_bytes > 1m or swap_count > 1",
           "perf-config=none", "detail-syntax=%(swap_in_bytes)"},
          State::kWarning,
          "WARNING: 40960|'io_swap_count'=1;0;1 'io_swap_in'=10;5;0 "
          "'io_swap_in_bytes'=40960;0;1048576"}},
        [](const Words& arguments) {
          return SwapIoCheck().Run(
              arguments, checks::Environment(), Always(PagingChange()),
              []() -> Result<int64_t> { return 1; }, 4096);
        });
}

TEST_CASE("check_pagefile judges the swap") {
  Judge(
      {{{},
        State::kWarning,
        "WARNING: total 3GB (4GB)|'total'=3GB;2.39999;3.2;0;4 'total %'=75%;60;80;0;100"},
       {{"warn=free < 2g", "crit=size < 1g", "detail-syntax=%(name) %(free)"},
        State::kWarning,
        "WARNING: total 1GB|'total'=1GB;2;0;0;4 'total %'=25%;50;0;0;100 "
        "'total_size'=4294967296;0;1073741824"}},
      [](const Words& arguments) {
        return PagefileCheck().Run(arguments, checks::Environment(),
                                   ParseMeminfo(kMeminfo));
      });
  CHECK(
      sdk::FormatPlain(PagefileCheck().Run(
          {}, checks::Environment(), ParseMeminfo("MemTotal: 1 kB\nMemFree: 1 kB\n"))) ==
      "OK: total 0B (0B)|'total'=0B;0;0;0;0");
}

}  // namespace
}  // namespace nscp::check_system
