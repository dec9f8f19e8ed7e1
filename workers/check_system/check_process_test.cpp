#include "workers/check_system/check_process.h"

#include <doctest/doctest.h>

#include "workers/check_system/proc_process.h"
#include "workers/check_system/process_keywords.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

constexpr uint64_t kPage = 4096;

TEST_CASE("a line of /proc/<pid>/stat is read whatever the name holds") {
  // Recorded (Linux 6.18): a kernel thread, a sleeping program. Constructed: names with
  // the separators in them, which a program may choose for itself.
  const struct {
    const char* text;
    const char* exe;
    char letter;
    int64_t parent;
    uint64_t user_ticks;
    uint64_t start_ticks;
    uint64_t virtual_size;
    uint64_t pages;
  } rows[] = {
      {"4 (kworker/R-rcu_gp) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 0 -20 1 0 5 0 0 "
       "18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 "
       "0 0\n",
       "kworker/R-rcu_gp", 'I', 2, 0, 5, 0, 0},
      {"30049 (sleep) S 30047 30047 7915 0 -1 4194304 140 0 0 0 0 0 0 0 20 0 1 0 1494247 "
       "2990080 411 18446744073709551615 93909798318080 93909798336009 140730088337616 0 "
       "0 0 0 6 0 1 0 0 17 1 0 0 0 0 0 93909798350096 93909798351360 93910164983808 "
       "140730088340114 140730088340122 140730088340122 140730088341481 0\n",
       "sleep", 'S', 30047, 0, 1494247, 2990080, 411},
      {"7 (a) b (c)) R 3 7 7 0 -1 0 0 0 0 0 11 12 0 0 20 0 1 0 99 4096 2 0", "a) b (c)",
       'R', 3, 11, 99, 4096, 2},
      {"7 (\xff\xfe) Z 3 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 0 0 0", "\xff\xfe", 'Z',
       3, 0, 99, 0, 0},
  };
  for (const auto& row : rows) {
    Process process;
    REQUIRE(ParseProcessStat(row.text, kPage, process));
    CHECK(process.exe == row.exe);
    CHECK(process.letter == row.letter);
    CHECK(process.parent == row.parent);
    CHECK(process.user_ticks == row.user_ticks);
    CHECK(process.start_ticks == row.start_ticks);
    CHECK(process.virtual_size == row.virtual_size);
    CHECK(process.working_set == row.pages * kPage);
  }
  Process process;
  for (const char* text : {"", "7", "7 (", "7 (a)", "7 (a) ", "7 )a( R 1", "7 (a) R 1 2",
                           "7 (a) R x 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99 0 0 0"}) {
    CHECK_FALSE(ParseProcessStat(text, kPage, process));
  }
}

TEST_CASE("status, command line and executable are read") {
  Process process;
  // Recorded (Linux 6.18), shortened.
  ParseProcessStatus(
      "Name:\tsleep\nState:\tS (sleeping)\nUid:\t1000\t0\t0\t0\nVmPeak:\t    2580 "
      "kB\nVmHWM:\t    1796 kB\n",
      process);
  CHECK(process.uid == 1000);
  CHECK(process.peak_virtual_size == 2580 * 1024);
  CHECK(process.peak_working_set == 1796 * 1024);
  Process kernel_thread;
  ParseProcessStatus("Name:\tkthreadd\nUidX:\t7\n", kernel_thread);
  CHECK(kernel_thread.uid == -1);
  CHECK(kernel_thread.peak_virtual_size == 0);

  using namespace std::string_literals;
  CHECK(ParseCommandLine("/bin/sh\0-c\0a b\0"s) == "/bin/sh -c a b");
  CHECK(ParseCommandLine("one\0\0\0"s) == "one");
  CHECK(ParseCommandLine("") == "");
  const struct {
    const char* target;
    const char* exe;
    const char* filename;
  } rows[] = {
      {"/usr/sbin/sshd", "sshd", "/usr/sbin/sshd"},
      {"/usr/sbin/sshd (deleted)", "sshd", "/usr/sbin/sshd"},
      {"/memfd:x", "memfd:x", "/memfd:x"},
      {"plain", "plain", "plain"},
  };
  for (const auto& row : rows) {
    SetExecutable(row.target, process);
    CHECK(process.exe == row.exe);
    CHECK(process.filename == row.filename);
  }
}

// Processes from a table, and what was asked of it.
class FakeSource final : public ProcessSource {
 public:
  explicit FakeSource(std::vector<Process> processes)
      : processes_(std::move(processes)) {}

  Status ForEach(const ProcessWish& wish,
                 const std::function<bool(Process&&)>& visit) const override {
    ++scans;
    last = wish;
    if (!failure.ok()) return failure;
    for (Process process : processes_) {
      if (wish.wanted && !wish.wanted(process.exe)) continue;
      if (scans > 1 && after_first) after_first(process);
      if (!visit(std::move(process))) break;
    }
    return Status::Ok();
  }
  Result<Process> Find(int64_t) const override { return Status::NotFound("none"); }
  Result<uint64_t> TotalTicks() const override { return uint64_t{200} * ++total_reads; }
  uint64_t ticks_per_second() const override { return 100; }

  Status failure;
  std::function<void(Process&)> after_first;  // changes what the second scan sees
  mutable int scans = 0;
  mutable int total_reads = 0;
  mutable ProcessWish last;

 private:
  const std::vector<Process> processes_;
};

Process Make(int64_t pid, const char* exe, char letter) {
  Process process;
  process.pid = pid;
  process.exe = exe;
  process.filename = std::string("/usr/bin/") + exe;
  process.letter = letter;
  process.parent = 1;
  process.uid = 1000;
  process.user_ticks = 1050;
  process.kernel_ticks = 240;
  process.start_ticks = 77;
  process.virtual_size = 10 << 20;
  process.working_set = 3 << 20;
  process.peak_working_set = 4 << 20;
  process.page_faults = 7;
  process.elapsed = 3600;
  process.command_line = std::string(exe) + " --flag";
  return process;
}

std::vector<Process> SampledProcesses() {
  std::vector<Process> processes = {Make(1, "init", 'S'), Make(20, "sshd", 'S'),
                                    Make(21, "sshd", 'R'), Make(30, "kworker", 'I'),
                                    Make(40, "gone", 'Z')};
  Process hidden = Make(50, "", '?');
  hidden.error = "Cannot read stat: Permission denied";
  processes.push_back(hidden);
  return processes;
}

sdk::CheckResult RunCheck(const FakeSource& source, const Words& arguments,
                          bool waited_out = true) {
  checks::Environment environment;
  environment.now = 1704441600;  // 2024-01-05 08:00:00
  const auto zone = *checks::TimeZone::Parse("utc");
  const ProcessCheck::Host host{source, zone,
                                [](int64_t uid) { return "user" + std::to_string(uid); },
                                [waited_out](int) { return waited_out; }};
  return ProcessCheck(Platform::kUnix).Run(arguments, environment, host);
}

TEST_CASE("check_process finds, lists and judges processes") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"process=SSHD"},
       State::kOk,
       "OK: all processes are ok.|'sshd_state'=1;0;0 'sshd_state'=1;0;0 'count'=2;0;0"},
      {{"process=nosuch"},
       State::kCritical,
       "CRITICAL: nosuch=stopped|'nosuch_state'=0;0;0 'count'=1;0;0"},
      {{"process=zz", "process=init", "process=Aa", "process=AA"},
       State::kCritical,
       "CRITICAL: Aa=stopped, zz=stopped|'init_state'=1;0;0 'Aa_state'=0;0;0 "
       "'zz_state'=0;0;0 'count'=3;0;0"},
      {{"perf-config=*(ignored:true)"},
       State::kCritical,
       "CRITICAL: gone=stopped|'count'=5;0;0"},
      {{"filter=state = 'unreadable'", "warn=none", "crit=none", "top-syntax=%(list)",
        "detail-syntax=%(pid) %(state) %(error) %(started)"},
       State::kOk,
       "50 error Cannot read stat: Permission denied 0"},
      {{"process=init", "crit=elapsed > 31536000", "warn=none", "top-syntax=${list}",
        "detail-syntax=${exe} up ${elapsed}s"},
       State::kOk,
       "init up 3600s|'init elapsed'=3600s;0;31536000"},
      {{"process=init", "warn=rss > 1m", "crit=virtual > 1g and peak_working_set > 1g",
        "top-syntax=%(list)",
        "detail-syntax=%(rss) %(working_set) %(virtual) %(peak_working_set)"},
       State::kWarning,
       "3MB 3MB 10MB 4MB|'init pws_size'=0.0039GB;0;1 'init rss'=3MB;1;0 'init "
       "v_size'=0.00976GB;0;1"},
      {{"process=init", "warn=time > 10 or user > 1m or kernel > 5",
        "crit=page_faults > 9", "top-syntax=%(list)",
        "detail-syntax=%(user)+%(kernel)=%(time) %(page_fault)"},
       State::kWarning,
       "10+2=12 7|'init kernel'=2;5;0 'init pf_count'=7;0;9 'init total'=12;10;0 'init "
       "user'=10;60;0"},
      {{"process=init", "warn=creation > -2h", "crit=none", "top-syntax=%(list)",
        "detail-syntax=%(creation) %(pid) %(ppid) %(uid) %(filename) %(command_line)"},
       State::kWarning,
       "2024-01-05 07:00:00 1 1 1000 /usr/bin/init init --flag|'init "
       "creation'=1704438000;1704434400;0"},
      {{"filter=proc_state in ('zombie', 'idle')", "warn=proc_state = 'defunct'",
        "crit=stopped = 1 and proc_state = 8", "top-syntax=%(detail_list)",
        "detail-syntax=%(exe) %(proc_state) %(state)"},
       State::kWarning,
       "warning(gone zombie stopped), kworker idle started|'kworker_proc_state'=8;4;8 "
       "'kworker_stopped'=0;0;1 'gone_proc_state'=4;4;8 'gone_stopped'=1;0;1"},
      {{"process=sshd", "total", "warn=rss > 5m", "crit=none",
        "detail-syntax=%(exe) %(time)"},
       State::kWarning,
       "WARNING: total 24|'sshd rss'=3MB;5;0 'sshd rss'=3MB;5;0 'total rss'=6MB;5;0"},
      {{"filter=exe='zz'"}, State::kUnknown, "UNKNOWN: No processes found|'count'=0;0;0"},
      {{"filter=exe='zz'", "empty-state=ignored"},
       State::kCritical,
       "UNKNOWN: No processes found|'count'=0;0;0"},
      {{"process=sshd", "state=started"},
       State::kUnknown,
       "Invalid command line: unrecognised option 'state=started'"},
  };
  for (const auto& row : rows) {
    const FakeSource source(SampledProcesses());
    const auto result = RunCheck(source, row.arguments);
    const std::string text = sdk::FormatPlain(result);
    CHECK(text.substr(0, text.find('\n')) == row.text);
    CHECK(result.state == row.state);
  }
}

TEST_CASE("only what the call looks at is read") {
  const struct {
    Words arguments;
    bool executable;
    bool command_line;
    bool details;
    bool names;
  } rows[] = {
      {{}, true, false, false, false},
      {{"detail-syntax=%(pid)", "perf-syntax=none"}, false, false, false, false},
      {{"process=a", "detail-syntax=%(pid)", "perf-syntax=none"},
       true,
       false,
       false,
       true},
      {{"filter=command_line like 'x'"}, true, true, false, false},
      {{"warn=peak_virtual > 1g"}, true, false, true, false},
      {{"detail-syntax=%(username)"}, true, false, false, false},
      {{"detail-syntax=%(username)", "resolve-owner"}, true, false, true, false},
      {{"resolve-owner"}, true, false, false, false},
      {{"process=a", "process=*"}, true, false, false, false},
  };
  for (const auto& row : rows) {
    const FakeSource source(SampledProcesses());
    RunCheck(source, row.arguments);
    CHECK(source.last.executable == row.executable);
    CHECK(source.last.command_line == row.command_line);
    CHECK(source.last.details == row.details);
    CHECK((source.last.wanted != nullptr) == row.names);
  }
  const FakeSource source(SampledProcesses());
  const auto named =
      RunCheck(source, {"process=init", "resolve-owner", "top-syntax=%(list)",
                        "detail-syntax=%(username)", "warn=none", "crit=none"});
  CHECK(sdk::FormatPlain(named) == "user1000");
}

TEST_CASE("delta gives the share of the processors in the second between two samples") {
  FakeSource source({Make(1, "init", 'S'), Make(2, "busy", 'R'), Make(3, "reused", 'R'),
                     Make(4, "backwards", 'R')});
  source.after_first = [](Process& process) {
    if (process.pid == 2) {
      process.user_ticks += 61;
      process.kernel_ticks += 40;
    }
    if (process.pid == 3) process.start_ticks += 1;
    if (process.pid == 4) process.user_ticks -= 1;
  };
  const Words arguments = {"delta", "warn=time > 50", "crit=none", "top-syntax=%(list)",
                           "detail-syntax=%(exe) %(user) %(kernel) %(time)"};
  const auto result = RunCheck(source, arguments);
  CHECK(sdk::FormatPlain(result) ==
        "init 0 0 0, busy 31 20 51|'init total'=0;50;0 'busy total'=51;50;0");
  CHECK(result.state == State::kWarning);
  CHECK(source.scans == 2);

  const auto stopped = RunCheck(FakeSource(SampledProcesses()), arguments, false);
  CHECK(stopped.lines[0].message == "The check was stopped between its two samples");
}

TEST_CASE("fetch-only lists all processes in raw form, whatever was asked for") {
  Process odd = Make(9, "odd", 'S');
  odd.command_line = "two\nlines \xff";
  Process bare = Make(10, "kthread", 'I');
  bare.command_line.clear();
  const FakeSource source({odd, bare});
  const auto result = RunCheck(source, {"fetch-only", "process=nosuch"});
  CHECK(result.state == State::kOk);
  CHECK(result.lines[0].message ==
        "(,10240,3072,12,9) two lines \xff\n(,10240,3072,12,10) kthread");
}

TEST_CASE("a list that cannot be read is UNKNOWN and says why") {
  FakeSource source({});
  source.failure = Status::Unavailable("Failed to list processes: no /proc");
  for (const Words& arguments : {Words{}, Words{"delta"}, Words{"fetch-only"}}) {
    const auto result = RunCheck(source, arguments);
    CHECK(result.state == State::kUnknown);
    CHECK(result.lines[0].message == "Failed to list processes: no /proc");
  }
}

}  // namespace
}  // namespace nscp::check_system
