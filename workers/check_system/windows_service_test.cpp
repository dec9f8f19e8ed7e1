// check_service as it is on Windows, from constructed lists of services.
#include <doctest/doctest.h>

#include "proto/cpp/text.h"
#include "workers/check_system/check_service_windows.h"
#include "workers/check_system/legacy_commands.h"
#include "workers/check_system/windows_service_class.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

WindowsService MakeService(const char* name, WindowsState state, WindowsStart start) {
  WindowsService service;
  service.name = name;
  service.display = std::string("The ") + name;
  service.type = kServiceTypeOwnProcess;
  service.state = state;
  service.start = start;
  service.pid = state == WindowsState::kRunning ? 7 : 0;
  return service;
}

// Services from a table, and what was asked of it.
class FakeServices final : public WindowsServices {
 public:
  Result<std::vector<WindowsService>> List(const ServiceQuery& query) const override {
    last = query;
    if (!failure.ok()) return failure;
    std::vector<WindowsService> found;
    for (const WindowsService& service : services) {
      if ((service.type & query.types) == 0 || !query.wanted(service)) continue;
      found.push_back(service);
    }
    return found;
  }

  std::vector<WindowsService> services;
  Status failure;
  mutable ServiceQuery last;
};

// One process, which has used a tenth of its 100 seconds.
class ServiceProcess final : public ProcessSource {
 public:
  Status ForEach(const ProcessWish&,
                 const std::function<bool(Process&&)>& visit) const override {
    ++scans;
    Process process;
    process.pid = 7;
    process.working_set = 2 << 20;
    process.virtual_size = 8 << 20;
    process.user_ticks = 1000;
    process.elapsed = 100;
    process.threads = 12;
    visit(std::move(process));
    return Status::Ok();
  }
  Result<Process> Find(int64_t) const override { return Status::NotFound("none"); }
  Result<uint64_t> TotalTicks() const override { return uint64_t{1}; }
  uint64_t ticks_per_second() const override { return 100; }
  mutable int scans = 0;
};

struct Machine {
  FakeServices services;
  ServiceProcess processes;
  WindowsServiceCheck check;

  std::string Run(const Words& arguments) {
    const checks::TimeZone zone;
    return sdk::FormatPlain(
        check.Run(arguments, checks::Environment(), {services, processes, zone}));
  }
};

std::vector<WindowsService> Services() {
  using S = WindowsState;
  using T = WindowsStart;
  std::vector<WindowsService> services = {
      MakeService("Dnscache", S::kRunning, T::kAuto),
      MakeService("gupdate", S::kStopped, T::kAuto),
      MakeService("W32Time", S::kStopped, T::kAuto),
      MakeService("BITS", S::kStopped, T::kDemand),
      MakeService("Fax", S::kRunning, T::kDisabled),
      MakeService("MyShop", S::kStopped, T::kAuto),
      MakeService("disk", S::kRunning, T::kBoot),
  };
  services[1].delayed = true;
  services[2].trigger = services[2].delayed = true;
  services[5].exit_code = 1067;
  services[6].type = kServiceTypeKernelDriver;
  return services;
}

TEST_CASE("a service is judged by how it starts") {
  using S = WindowsState;
  using T = WindowsStart;
  const struct {
    S state;
    T start;
    bool delayed;
    bool trigger;
    bool ok;
    bool perfect;
  } rows[] = {
      {S::kRunning, T::kAuto, false, false, true, true},
      {S::kStarting, T::kAuto, false, false, true, false},
      {S::kStopped, T::kAuto, false, false, false, false},
      {S::kPaused, T::kAuto, false, false, false, false},
      {S::kStopped, T::kAuto, true, false, true, false},
      {S::kRunning, T::kAuto, true, false, true, true},
      {S::kStopped, T::kAuto, false, true, true, true},
      {S::kStopped, T::kAuto, true, true, true, true},
      {S::kStopped, T::kDemand, false, false, true, true},
      {S::kStopped, T::kDemand, true, true, true, true},
      {S::kRunning, T::kDisabled, false, false, true, false},
      {S::kStopped, T::kDisabled, false, false, true, true},
      {S::kStopped, T::kBoot, false, false, true, true},
      {S::kStopped, T::kUnknown, false, false, true, true},
  };
  for (const auto& row : rows) {
    WindowsService service = MakeService("x", row.state, row.start);
    service.delayed = row.delayed;
    service.trigger = row.trigger;
    CHECK(StateIsOk(service) == row.ok);
    CHECK(StateIsPerfect(service) == row.perfect);
  }
}

TEST_CASE("check_service on Windows") {
  Machine machine;
  machine.services.services = Services();
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{},
       "CRITICAL: gupdate=stopped (delayed), Fax=running (disabled), MyShop=stopped "
       "(auto)"},
      {{"exclude=GUPDATE", "exclude=the fax", "exclude=MyShop"},
       "OK: All 3 service(s) are ok."},
      {{"service=dnscache", "service=The BITS"}, "OK: All 2 service(s) are ok."},
      {{"service=Dnscache", "service=nosuch"}, "CRITICAL: nosuch=unknown (unknown)"},
      {{"service=nosuch", "service=other"},
       "There is no service nosuch, other (give its name, or the name that the list of "
       "services shows)"},
      {{"type=driver"}, "OK: All 1 service(s) are ok."},
      {{"type=printer"},
       "Invalid type: 'printer' (expected service, driver, kernel-driver, "
       "file-system-driver, service-own-process, service-share-process or all)"},
      {{"state=inactive", "filter=start_type = 'demand'", "show-all"},
       "OK: BITS=stopped (demand)"},
      {{"state=some"}, "Invalid state: 'some' (expected one of active|inactive|all)"},
      {{"only-essential", "show-all"},
       "OK: Dnscache=running (auto), W32Time=stopped (trigger)"},
      {{"only-ignored", "only-user"},
       "WARNING: gupdate=stopped (delayed), Fax=running (disabled)"},
      {{"only-role"}, "UNKNOWN: No services found"},
      {{"service=MyShop", "only-essential"}, "UNKNOWN: No services found"},
      {{"service=MyShop", "crit=none", "warn=exit_code != 0",
        "detail-syntax=%(name) %(desc) %(exit_code) %(classification) %(legacy_state) "
        "%(delayed) %(is_trigger) %(pid)"},
       "WARNING: MyShop The MyShop 1067 custom Stopped 0 0 "
       "0|'MyShop_exit_code'=1067;0;0"},
      {{"service=Dnscache", "crit=rss > 1m", "warn=cpu > 50", "detail-syntax=%(rss)"},
       "CRITICAL: 2MB|'Dnscache_cpu'=10%;50;0 'Dnscache_rss'=2097152B;0;1048576"},
      {{"service=Dnscache",
        "crit=tasks > 10 and state = 'started' and start_type = "
        "'auto' and started = 1 and stopped = 0",
        "warn=none", "detail-syntax=%(tasks)", "perf-config=*(ignored:true)"},
       "CRITICAL: 12"},
      {{"service=BITS", "detail-syntax=%(rss) %(age)", "show-all"},
       "OK: unknown unknown"},
      {{"crit=start_type = 'never'"},
       "Failed to validate filter see log for details: Critical expression is not "
       "valid:start_type = 'never'"},
      {{"fetch-only", "service=BITS", "service=gupdate"},
       "gupdate stopped/delayed The gupdate\nBITS stopped/demand The BITS"},
      {{"filter=name = 'none'"}, "UNKNOWN: No services found"},
  };
  for (const auto& row : rows) {
    const std::string text = machine.Run(row.arguments);
    CHECK(text.substr(0, std::string(row.text).size()) == row.text);
  }
  machine.Run({"computer=db1", "crit=none", "warn=none", "detail-syntax=%(state)"});
  CHECK(machine.services.last.computer == "db1");
  CHECK_FALSE(machine.services.last.config);
  // One list of processes for all services, and none where nobody looks.
  machine.processes.scans = 0;
  machine.Run({"crit=rss > 1m"});
  CHECK(machine.processes.scans == 1);
  machine.Run({});
  CHECK(machine.processes.scans == 1);
  machine.services.failure = Status::PermissionDenied("Access is denied");
  CHECK(machine.Run({}) == "Access is denied");
}

TEST_CASE("services have a class, whatever their case and session") {
  const struct {
    const char* name;
    const char* word;
  } rows[] = {
      {"RpcSs", "essential"},
      {"rpcss", "essential"},
      {"Spooler", "system"},
      {"BITS", "supporting"},
      {"W3SVC", "role"},
      {"CDPUserSvc_3f2a1", "user"},
      {"sppsvc", "ignored"},
      {"clr_optimization_v4.0.30319_32", "ignored"},
      {"PostgreSQL_15", "custom"},
      {"_", "custom"},
      {"", "custom"},
      {"AarSvc", "user"},
      {"zzz", "custom"},
      {"WSearch", "user"},
  };
  for (const auto& row : rows) CHECK(ServiceClass(row.name) == row.word);
}

TEST_CASE("old commands become those of today") {
  const struct {
    const char* name;
    Words arguments;
    const char* call;
  } rows[] = {
      {"checkcpu",
       {"warn=80", "crit=90%", "time=20m", "ShowAll", "nsclient"},
       "check_cpu warning=load >= 80|critical=load >= 90%|time=20m|show-all"},
      {"checkcpu",
       {"--warn", "80", "--crit=90", "--ShowAll"},
       "check_cpu warning=load >= 80|critical=load >= 90|show-all"},
      {"checkcpu", {"MaxWarn=80"}, "check_cpu warning=load >= 80|critical=none"},
      {"checkmem",
       {"MaxWarn=80%", "MinCritFree=1G", "type=Paged", "showall=long"},
       "check_memory warning=used >= 80%|critical=free <= 1G|type=page|show-all"},
      {"checkuptime",
       {"MinWarn=1d", "MinCrit=12h"},
       "check_uptime warning=uptime <= 1d|critical=uptime <= 12h"},
      {"checkprocstate",
       {"a.exe=started", "ShowFail"},
       "check_process process=a.exe|critical=exe regexp '(?i)\\Qa.exe\\E' and state != "
       "'started'|warning=none"},
      {"checkprocstate",
       {"a.exe", "MaxCritCount=3"},
       "check_process process=a.exe|critical=exe regexp '(?i)\\Qa.exe\\E' and state != "
       "'started'|critical=count >= 3|warning=none"},
      {"checkservicestate", {"CheckAll", "exclude=x"}, "check_service exclude=x"},
  };
  for (const auto& row : rows) {
    const auto call = TranslateLegacy(row.name, row.arguments);
    REQUIRE(call.ok());
    CHECK(call->command + " " + Join(call->arguments, "|") == row.call);
  }
  const struct {
    const char* name;
    Words arguments;
    const char* text;
  } bad[] = {
      {"checkcpu",
       {"colour=red"},
       "checkCpu does not know 'colour=red': it is an old command that is translated to "
       "check_cpu; use that"},
      {"checkmem", {"MaxWarn"}, "checkMem does not know 'MaxWarn'"},
      {"checkservicestate", {"a=burning"}, "checkServiceState does not know 'a=burning'"},
      {"checkservicestate", {"it's"}, "checkServiceState does not know 'it's'"},
      {"checkprocstate", {"=started"}, "checkProcState does not know '=started'"},
      {"checkother", {}, "Unknown command(s): checkother"},
  };
  for (const auto& row : bad) {
    const std::string text = TranslateLegacy(row.name, row.arguments).status().message();
    CHECK(text.substr(0, std::string(row.text).size()) == row.text);
  }
  // The translated call of services does what was meant.
  Machine machine;
  machine.services.services = Services();
  const auto call = TranslateLegacy("checkservicestate",
                                    {"dnscache=stopped", "The BITS=stopped", "myshop"});
  CHECK(machine.Run(call->arguments) ==
        "CRITICAL: Dnscache=running (auto), MyShop=stopped (auto)|'Dnscache_state'=4;0;1 "
        "'BITS_state'=1;0;1 'MyShop_state'=1;0;1");
}

}  // namespace
}  // namespace nscp::check_system
