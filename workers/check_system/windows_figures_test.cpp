// What Windows tells in bytes and figures of its own, and how the checks that have a form
// of their own there judge it. All data is constructed after the layouts of Windows 10.
#include <doctest/doctest.h>

#include <cstring>

#include "workers/check_system/check_memory.h"
#include "workers/check_system/check_os_version.h"
#include "workers/check_system/check_pagefile.h"
#include "workers/check_system/check_process.h"
#include "workers/check_system/collector_switches.h"
#include "workers/check_system/installed_software.h"
#include "workers/check_system/nt_counters.h"
#include "workers/check_system/nt_cpu_times.h"
#include "workers/check_system/nt_process_list.h"
#include "workers/check_system/settings_root.h"
#include "workers/check_system/windows_memory.h"
#include "workers/check_system/windows_version.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

// Little-endian numbers at their places in an answer of Windows.
class NtBytes {
 public:
  explicit NtBytes(size_t size) : bytes_(size, '\0') {}
  template <class T>
  NtBytes& Put(size_t offset, T value) {
    REQUIRE(offset + sizeof(value) <= bytes_.size());
    std::memcpy(bytes_.data() + offset, &value, sizeof(value));
    return *this;
  }
  NtBytes& Text(size_t offset, std::u16string_view text) {
    REQUIRE(offset + text.size() * 2 <= bytes_.size());
    std::memcpy(bytes_.data() + offset, text.data(), text.size() * 2);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

TEST_CASE("times of processors are told apart and added up") {
  NtBytes answer(2 * 48 + 20);
  // idle, kernel (with idle, dpc and interrupt in it), user, dpc, interrupt
  answer.Put<uint64_t>(0, 700).Put<uint64_t>(8, 900).Put<uint64_t>(16, 100);
  answer.Put<uint64_t>(24, 30).Put<uint64_t>(32, 20);
  // A counter that ran ahead of another by a tick.
  answer.Put<uint64_t>(48, 11).Put<uint64_t>(56, 10).Put<uint64_t>(64, 5);
  CpuSample sample;
  AddNtProcessors(answer.bytes(), sample);
  REQUIRE(sample.cores.size() == 2);
  CHECK(sample.cores[0].kernel == 200);
  CHECK(sample.cores[1].kernel == 0);
  CHECK(sample.total.user == 105);
  CHECK(sample.total.idle == 711);
  CHECK(sample.times.system == 150);
  CHECK(sample.times.irq == 20);
  CHECK(sample.times.softirq == 30);
  CpuSample none;
  AddNtProcessors("short", none);
  CHECK(none.cores.empty());
}

TEST_CASE("counters of the kernel stand at their places") {
  NtBytes answer(344);
  answer.Put<uint32_t>(60, 9).Put<uint32_t>(80, 8).Put<uint32_t>(84, 7);
  answer.Put<uint32_t>(96, 6).Put<uint32_t>(296, 0xFFFFFFFF);
  const auto counters = ParseNtCounters(answer.bytes());
  REQUIRE(counters);
  CHECK(counters->paging.page_faults == 9);
  CHECK(counters->paging.swapped_in == 8);
  CHECK(counters->paging.major_faults == 7);
  CHECK(counters->paging.swapped_out == 6);
  CHECK(counters->context_switches == 0xFFFFFFFF);
  CHECK_FALSE(ParseNtCounters(answer.bytes().substr(0, 311)));
}

constexpr uint64_t kAddress = 0x7ff000000000;
constexpr uint64_t kSecond = kNtTicksPerSecond;

// The idle process, the system without a time, and a program that began 90 s ago.
NtBytes ProcessAnswer() {
  NtBytes answer(1024);
  answer.Put<uint32_t>(0, 256);
  answer.Put<uint32_t>(256, 300);
  answer.Put<uint64_t>(256 + 80, 4).Put<uint16_t>(256 + 56, 12);
  answer.Put<uint64_t>(256 + 64, kAddress + 900).Text(900, u"System");
  const size_t at = 556;
  answer.Put<uint64_t>(at + 32, 10 * kSecond).Put<uint64_t>(at + 40, 2 * kSecond);
  answer.Put<uint64_t>(at + 48, 3 * kSecond).Put<uint16_t>(at + 56, 10);
  answer.Put<uint64_t>(at + 64, kAddress + 912).Text(912, u"é.exe");
  answer.Put<uint64_t>(at + 80, 4712).Put<uint64_t>(at + 88, 4);
  answer.Put<uint32_t>(at + 96, 55)
      .Put<uint64_t>(at + 112, 200)
      .Put<uint64_t>(at + 120, 100);
  answer.Put<uint32_t>(at + 128, 77)
      .Put<uint64_t>(at + 136, 40)
      .Put<uint64_t>(at + 144, 30);
  answer.Put<uint64_t>(at + 184, 20).Put<uint64_t>(at + 192, 25);
  return answer;
}

TEST_CASE("the list of processes is read, name and figures") {
  std::vector<Process> seen;
  std::vector<std::u16string> names;
  const auto keep = [&](std::u16string_view name, Process&& process) {
    names.emplace_back(name);
    seen.push_back(std::move(process));
    return true;
  };
  REQUIRE(ForEachNtProcess(ProcessAnswer().bytes(), kAddress, 100 * kSecond, keep).ok());
  REQUIRE(seen.size() == 2);
  CHECK(names[0] == u"System");
  CHECK(names[1] == u"é.exe");
  CHECK(seen[0].elapsed == 0);
  const Process& program = seen[1];
  CHECK(program.pid == 4712);
  CHECK(program.parent == 4);
  CHECK(program.elapsed == 90);
  CHECK(program.user_ticks == 2 * kSecond);
  CHECK(program.kernel_ticks == 3 * kSecond);
  CHECK(program.handles == 55);
  CHECK(program.peak_virtual_size == 200);
  CHECK(program.virtual_size == 100);
  CHECK(program.page_faults == 77);
  CHECK(program.peak_working_set == 40);
  CHECK(program.working_set == 30);
  CHECK(program.page_file == 20);
  CHECK(program.peak_page_file == 25);

  seen.clear();
  const auto first = [&](std::u16string_view, Process&& process) {
    seen.push_back(std::move(process));
    return false;
  };
  CHECK(ForEachNtProcess(ProcessAnswer().bytes(), kAddress, 0, first).ok());
  CHECK(seen.size() == 1);
}

TEST_CASE("a mad list of processes is an error, a mad name is none") {
  std::vector<std::u16string> names;
  const auto keep = [&](std::u16string_view name, Process&&) {
    names.emplace_back(name);
    return true;
  };
  NtBytes cut = ProcessAnswer();
  cut.Put<uint32_t>(256, 0xFFFFFFF0);
  CHECK_FALSE(ForEachNtProcess(cut.bytes(), kAddress, 0, keep).ok());
  CHECK_FALSE(ForEachNtProcess("", kAddress, 0, keep).ok());
  names.clear();
  NtBytes lost = ProcessAnswer();
  lost.Put<uint64_t>(256 + 64, kAddress - 2);
  lost.Put<uint64_t>(556 + 64, kAddress + 1020);
  CHECK(ForEachNtProcess(lost.bytes(), kAddress, 0, keep).ok());
  CHECK(names == std::vector<std::u16string>{u"", u""});
}

WindowsMemory MemoryOfMachine() {
  WindowsMemory memory;
  memory.page_size = 4096;
  memory.physical_total = 1024 * 1024;
  memory.physical_available = 256 * 1024;
  memory.commit_limit = 1536 * 1024;
  memory.commit_total = 1400 * 1024;
  memory.system_cache = 1000;
  memory.kernel_paged = 300;
  memory.kernel_nonpaged = 200;
  return memory;
}

std::string Checked(const sdk::CheckResult& result) { return sdk::FormatPlain(result); }

TEST_CASE("check_memory on Windows") {
  const MemorySample sample = MakeWindowsMemory(
      MemoryOfMachine(),
      std::vector<WindowsPagefile>{{"C:\\pagefile.sys", 512 * 1024, 1024}});
  REQUIRE(sample.kernel);
  CHECK(sample.kernel->slab == 500 * 4096);
  CHECK(sample.kernel->slab_reclaimable == 300 * 4096);
  CHECK(sample.kernel->cache == 1000 * 4096);
  const auto run = [&](const Words& arguments) {
    return Checked(MemoryCheck().Run(arguments, checks::Environment(), sample));
  };
  CHECK(run({}) ==
        "CRITICAL: committed = 5.469GB, physical = "
        "3GB|'committed'=5.46875GB;4.79999;5.4;0;6 "
        "'committed %'=91%;80;90;0;100 'physical'=3GB;3.2;3.6;0;4 'physical "
        "%'=75%;80;90;0;100");
  CHECK(run({"type=page", "perf-config=*(ignored:true)"}) == "OK: page = 4MB");
  CHECK(run({"type=swap"}) == "Invalid type: swap");
}

TEST_CASE("check_pagefile has a row for each file and the total") {
  const std::vector<WindowsPagefile> files = {{"C:\\pagefile.sys", 1000, 900},
                                              {"D:\\pagefile.sys", 1000, 100}};
  const auto run = [](const MemorySample& sample, const Words& arguments) {
    return Checked(PagefileCheck().Run(arguments, checks::Environment(), sample));
  };
  const MemorySample sample = MakeWindowsMemory(MemoryOfMachine(), files);
  CHECK(run(sample, {"perf-config=*(ignored:true)"}) ==
        "CRITICAL: C:\\pagefile.sys 3.516MB (3.906MB), D:\\pagefile.sys 400KB (3.906MB), "
        "total 3.906MB (7.812MB)");
  CHECK(run(sample, {"filter=name = 'total'", "perf-config=*(ignored:true)"}) ==
        "OK: total 3.906MB (7.812MB)");
  // A machine without page files is no problem, and neither is a mad figure.
  CHECK(run(MakeWindowsMemory(MemoryOfMachine(), std::vector<WindowsPagefile>()),
            {"perf-config=*(ignored:true)"}) == "OK: total 0B (0B)");
  const MemorySample mad =
      MakeWindowsMemory(MemoryOfMachine(), std::vector<WindowsPagefile>{{"p", 10, 20}});
  CHECK(mad.pagefile.free == 0);
  // Where the files are not told, the limit tells what lies beyond the memory.
  CHECK(MakeWindowsMemory(MemoryOfMachine(), std::nullopt).pagefile.total ==
        512 * 1024 * 4096ULL);
}

TEST_CASE("the settings switch collectors off") {
  CollectorSwitches switches;
  Sources raw;
  raw.cpu = []() -> Result<CpuSample> {
    CpuSample sample;
    sample.cores.resize(2);
    return sample;
  };
  raw.memory = []() -> Result<MemorySample> { return MemorySample(); };
  const Sources sources = switches.Guard(raw);
  CHECK(switches.Configure(sdk::Settings()).empty());
  CHECK(sources.cpu()->cores.size() == 2);
  CHECK(sources.memory().ok());
  const auto problems =
      switches.Configure(sdk::Settings({{SettingsRoot(), "disable", "Memory, handles"},
                                        {SettingsRoot(), "fetch core loads", "false"}}));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("'handles' is no collector") != std::string::npos);
  CHECK(sources.cpu()->cores.empty());
  CHECK(sources.memory().status().message().find("memory is switched off") !=
        std::string::npos);
}

// Processes from a table.
class WindowsProcesses final : public ProcessSource {
 public:
  Status ForEach(const ProcessWish& wish,
                 const std::function<bool(Process&&)>& visit) const override {
    last = wish;
    for (Process process : rows) {
      if (wish.wanted && !wish.wanted(process.exe)) continue;
      if (wish.access && process.exe == "csrss.exe") process.error = "Access is denied";
      if (!visit(std::move(process))) break;
    }
    return Status::Ok();
  }
  Result<Process> Find(int64_t) const override { return Status::NotFound("none"); }
  Result<uint64_t> TotalTicks() const override { return uint64_t{1}; }
  uint64_t ticks_per_second() const override { return kNtTicksPerSecond; }

  std::vector<Process> rows;
  mutable ProcessWish last;
};

Process MakeProcess(const char* exe, bool hung = false) {
  Process process;
  process.exe = exe;
  process.letter = 'R';
  process.hung = hung;
  process.handles = 300;
  process.gdi_handles = 20;
  process.user_handles = 10;
  process.working_set = 2 << 20;
  process.page_file = 3 << 20;
  process.wow64 = hung;
  return process;
}

TEST_CASE("check_process on Windows") {
  WindowsProcesses source;
  source.rows = {MakeProcess("csrss.exe"), MakeProcess("Editor.exe", true),
                 MakeProcess("svc.exe")};
  const checks::TimeZone zone;
  const ProcessCheck check(Platform::kWindows);
  const auto run = [&](const Words& arguments) {
    return Checked(check.Run(arguments, checks::Environment(),
                             {source, zone, [](int64_t) { return std::string("nobody"); },
                              [](int) { return true; }}));
  };
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{},
       "WARNING: Editor.exe=hung|'csrss.exe state'=1;0;0 'Editor.exe state'=-1;0;0 "
       "'svc.exe state'=1;0;0 'count'=3;0;0"},
      {{"process=svc.exe", "process=gone.exe", "perf-config=*(ignored:true)"},
       "CRITICAL: gone.exe=stopped|'count'=2;0;0"},
      {{"crit=state = 'hung'", "warn=none"},
       "CRITICAL: Editor.exe=hung|'csrss.exe state'=1;0;-1 'Editor.exe state'=-1;0;-1 "
       "'svc.exe state'=1;0;-1"},
      {{"warn=hung = 1", "crit=none", "filter=wow64 = 1",
        "detail-syntax=%(legacy_state) %(16bit) %(wow64)"},
       "WARNING: hung 0 1|'Editor.exe_hung'=1;1;0"},
      {{"process=svc.exe", "warn=handles > 100",
        "crit=gdi_handles > 50 or user_handles > "
        "50 or pagefile > 100m",
        "detail-syntax=%(handles)"},
       "WARNING: 300|'svc.exe GDI handle count'=20;0;50 'svc.exe handle count'=300;100;0 "
       "'svc.exe pf_use'=3MB;0;100 'svc.exe USER handle count'=10;0;50"},
      {{"total", "filter=none", "warn=none", "crit=none", "show-all",
        "detail-syntax=%(exe) %(handles) %(working_set)"},
       "OK: csrss.exe 300 2MB, Editor.exe 300 2MB, svc.exe 300 2MB, total 900 6MB"},
      {{"scan-unreadable", "process=csrss.exe", "perf-config=*(ignored:true)",
        "detail-syntax=%(exe)=%(state) %(error)"},
       "WARNING: csrss.exe=unreadable Access is denied|'count'=1;0;0"},
      {{"scan-unreadable", "filter=state != 'unreadable'", "process=csrss.exe"},
       "UNKNOWN: No processes found|'count'=0;0;0"},
      {{"scan-info", "scan-16bit=true", "process=svc.exe", "warn=none", "crit=none"},
       "OK: all processes are ok."},
  };
  for (const auto& row : rows) CHECK(run(row.arguments) == row.text);

  run({"detail-syntax=%(exe)", "warn=none", "crit=none", "filter=none"});
  CHECK_FALSE((source.last.path || source.last.owner || source.last.windows ||
               source.last.objects || source.last.wow64 || source.last.access));
  run({"detail-syntax=%(filename)%(username)%(hung)%(gdi_handles)%(wow64)"});
  CHECK((source.last.path && source.last.owner && source.last.windows &&
         source.last.objects && source.last.wow64));
  // The words of Windows alone are unknown elsewhere.
  const auto unix_form = ProcessCheck(Platform::kUnix)
                             .Run({"warn=handles > 1"}, checks::Environment(),
                                  {source, zone, {}, [](int) { return true; }});
  CHECK(unix_form.state == State::kUnknown);
}

TEST_CASE("check_os_version on Windows") {
  WindowsFacts server;
  server.major = 10;
  server.build = 20348;
  server.revision = 2031;
  server.is_server = true;
  server.nodename = "db1";
  server.machine = "x86_64";
  server.product = "Windows Server 2022 Standard";
  server.display_version = "21H2";
  server.edition = "ServerStandard";
  server.installation = "Server Core";
  WindowsFacts client = server;
  client.is_server = false;
  client.product = "Windows 10 Pro";
  client.build = 22631;
  const OsVersionCheck check(Platform::kWindows);
  const struct {
    WindowsFacts facts;
    Words arguments;
    const char* text;
  } rows[] = {
      {server, {}, "OK: Windows Server 2022 Standard 21H2 (kernel 10.0.20348.2031)"},
      {client,
       {"detail-syntax=%(os), %(distribution_name)"},
       "OK: Windows 11 Pro 21H2, Windows 11 Pro"},
      {server,
       {"warn=build < 20349",
        "detail-syntax=%(edition) %(installation) %(major) %(minor) "
        "%(revision) %(version) %(family) %(nodename) %(machine) %(kernel_version)"},
       "WARNING: ServerStandard Server Core 10 0 2031 21H2 windows db1 x86_64 "
       "20348.2031|'os_build'=20348;20349;0"},
      {{}, {"detail-syntax=%(os) %(version)"}, "OK: Windows 0.0"},
  };
  for (const auto& row : rows) {
    CHECK(Checked(check.Run(row.arguments, checks::Environment(),
                            MakeWindowsVersion(row.facts))) == row.text);
  }
}

TEST_CASE("the list of programs of Windows") {
  UninstallEntry entry;
  entry.name = "7-Zip";
  entry.version = "23.01";
  entry.publisher = "Igor Pavlov";
  entry.date = "20240111";
  entry.kilobytes = 5600;
  const auto software = SoftwareOf(entry);
  REQUIRE(software);
  CHECK(software->size == 5600 * 1024);
  CHECK(software->installed == 1704931200);  // date -u -d 2024-01-11 +%s
  for (const char* date : {"", "2024011", "20241311", "2024-1-1", "20240100"}) {
    entry.date = date;
    CHECK_FALSE(SoftwareOf(entry)->installed);
  }
  entry.parent = "Office";
  CHECK_FALSE(SoftwareOf(entry));
  entry.parent.clear();
  entry.is_part_of_system = true;
  CHECK_FALSE(SoftwareOf(entry));
  CHECK_FALSE(SoftwareOf({}));
}

}  // namespace
}  // namespace nscp::check_system
