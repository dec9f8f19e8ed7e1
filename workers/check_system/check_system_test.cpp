#include "workers/check_system/check_system.h"

#include <doctest/doctest.h>

#include "workers/check_system/check_cpu.h"
#include "workers/check_system/check_uptime.h"
#include "workers/check_system/settings_root.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_system {
namespace {

using checks::FakeCall;
using checks::FakeHost;
using sdk::State;
using Words = std::vector<std::string>;

sdk::CheckResult RunCpu(const Words& arguments) {
  const CpuCheck check;
  return check.Run(
      arguments, checks::Environment(), [] { return Status::Ok(); },
      [](int64_t seconds) {
        const double busy = seconds == 5 ? 10.6 : seconds == 60 ? 85 : 2;
        CpuAverages averages;
        averages.total = {busy - 1, 1, 100 - busy};
        averages.cores.assign(11, {0, 0, 100});
        averages.cores[1] = {2 * busy - 2, 1.4, 0};
        return averages;
      });
}

TEST_CASE("check_cpu judges the windows that it is asked for") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{},
       State::kWarning,
       "WARNING: 1m: 85%|'total 5s'=11%;80;90 'total 1m'=85%;80;90 'total 5m'=2%;80;90"},
      {{"time=5s", "time=1h"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s'=11%;80;90 'total 1h'=2%;80;90"},
      {{"time=5s", "warn=load > 50", "crit=load > 70%", "show-all"},
       State::kOk,
       "OK: 5s: 11%|'total 5s'=11%;50;70"},
      {{"time=5s", "warning=none", "critical=none", "perf-config=extra(load)"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s'=11%;0;0"},
      {{"time=5s", "warn=load > 80 or kernel > 10", "crit=none"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s_kernel'=1;10;0 'total 5s'=11%;80;0"},
      {{"time=1m", "crit=user > 5", "warn=none", "perf-syntax=%(core_id)"},
       State::kCritical,
       "CRITICAL: 1m: 85%|'total_user'=84%;0;5"},
      {{"time=5s", "filter=core = 'core 1'", "top-syntax=%(list)",
        "detail-syntax=%(core) %(core_id) %(load) %(user) %(system) %(idle)", "warn=none",
        "crit=none"},
       State::kOk,
       "core 1 core_1 21 19 1 0"},
      {{"time=5s", "cores", "warn=none", "crit=none", "top-syntax=%(list)",
        "detail-syntax=%(core)", "list-separator=/"},
       State::kOk,
       "core 0/core 1/core 10/core 2/core 3/core 4/core 5/core 6/core 7/core 8/core "
       "9/total"},
      {{"time=5s", "warn=load>80k"},
       State::kOk,
       "OK: CPU load is ok.|'total 5s'=11%;80;90"},
      {{"time=3000foobar"},
       State::kUnknown,
       "Invalid time '3000foobar': Invalid time specification: '3000foobar'"},
      {{"time=0s"},
       State::kUnknown,
       "Invalid time '0s': Invalid time specification: '0s'"},
  };
  for (const auto& row : rows) {
    const auto result = RunCpu(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  CHECK(RunCpu({"cores=1"})
            .lines[0]
            .message.rfind(
                "Invalid command line: option '--cores' does not take any arguments\n",
                0) == 0);
  const std::string defaults = RunCpu({"show-default"}).lines[0].message;
  CHECK(defaults.rfind("\"filter=core = 'total'\" \"warning=load > 80\" "
                       "\"critical=load > 90\" \"empty-state=ignored\" ",
                       0) == 0);
}

sdk::CheckResult RunUptime(const Words& arguments, const Result<double>& uptime) {
  const UptimeCheck check;
  checks::Environment environment;
  environment.now = 1704441600 + 1504800;  // 2024-01-05 08:00:00 and 2w 3d 10h
  return check.Run(arguments, environment, uptime, *checks::TimeZone::Parse("utc"));
}

TEST_CASE("check_uptime prints and judges the time since the start") {
  const struct {
    Words arguments;
    double uptime;
    State state;
    const char* text;
  } rows[] = {
      {{},
       1504800.9,
       State::kOk,
       "OK: uptime: 2w 3d 10:00h, boot: 2024-01-05 08:00:00 "
       "(utc)|'uptime'=1504800s;172800;86400"},
      {{"max-unit=d", "detail-syntax=%(uptime)"},
       1504800,
       State::kOk,
       "OK: 17d 10:00|'uptime'=1504800s;172800;86400"},
      {{"detail-syntax=%(uptime)"},
       100000,
       State::kWarning,
       "WARNING: 1d 03:46|'uptime'=100000s;172800;86400"},
      {{"detail-syntax=%(uptime)", "crit=uptime < 30m", "warn=none"},
       1000,
       State::kCritical,
       "CRITICAL: 0:16|'uptime'=1000s;0;1800"},
      {{"warn=none", "crit=boot > -2h", "detail-syntax=x"},
       7000,
       State::kCritical,
       "CRITICAL: x|'uptime_boot'=1705939400;0;1705939200"},
      {{"max-unit=y"},
       1,
       State::kUnknown,
       "Invalid time unit: 'y' (expected one of s|m|h|d|w)"},
  };
  for (const auto& row : rows) {
    const auto result = RunUptime(row.arguments, row.uptime);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  const auto failed = RunUptime({}, Status::Unavailable("Failed to read /proc/uptime"));
  CHECK(failed.lines[0].message == "Failed to read /proc/uptime");
}

TEST_CASE("the module answers from the live system") {
  FakeHost host;
  FakeCall call;
  const auto module = MakeCheckSystem();
  sdk::StartContext context;
  context.host = &host;
  context.settings = sdk::Settings({{SettingsRoot(), "timezone", "nonsense"},
                                    {SettingsRoot(), "default buffer length", "long"}});
  REQUIRE(module->Start(context).ok());
  CHECK(host.log.size() == 2);
  const auto cpu = module->OnQuery({"check_cpu", {"warn=none", "crit=none"}}, call);
  CHECK(sdk::FormatPlain(cpu) == "OK: CPU load is ok.");
  const auto uptime = module->OnQuery({"check_uptime", {"warn=none", "crit=none"}}, call);
  CHECK(uptime.state == State::kOk);
  CHECK(uptime.lines[0].message.find("(local)") != std::string::npos);
  const auto memory = module->OnQuery(
      {"check_memory", {"type=physical", "warn=none", "crit=size < 1m"}}, call);
  CHECK(memory.state == State::kOk);
  CHECK(memory.lines[0].message.find("physical = ") != std::string::npos);
  const auto processes =
      module->OnQuery({"check_process", {"warn=none", "crit=count < 1"}}, call);
  CHECK(processes.lines[0].message == "OK: all processes are ok.");
  for (const char* command :
       {"check_cpu_utilization", "check_network", "check_battery", "check_pagefile"}) {
    CAPTURE(command);
    const auto result =
        module->OnQuery({command, {"warn=none", "crit=none", "empty-state=ok"}}, call);
    CHECK(result.state == State::kOk);
  }
  CHECK(module->OnQuery({"check_other", {}}, call).state == State::kUnknown);
  REQUIRE(module->Reload(sdk::Settings()).ok());
  module->Stop();
}

TEST_CASE("without a start there is no collector, but the help is there") {
  FakeHost host;
  FakeCall call;
  const auto module = MakeCheckSystem();
  sdk::StartContext context;
  context.host = &host;
  context.no_start = true;
  REQUIRE(module->Start(context).ok());
  CHECK(module->OnQuery({"check_cpu", {}}, call).lines[0].message ==
        "CPU collector not initialized");
  CHECK(module->OnQuery({"check_cpu", {"help"}}, call).state == State::kOk);
  // Memory is read, and what needs two samples takes them.
  CHECK(module->OnQuery({"check_pagefile", {"warn=none", "crit=none"}}, call).state ==
        State::kOk);
  CHECK(module->OnQuery({"check_cpu_utilization", {"warn=none", "crit=none"}}, call)
            .state == State::kOk);
  call.is_cancelled = true;
  CHECK(module->OnQuery({"check_network", {}}, call).lines[0].message ==
        "The check was stopped between its two samples");
  module->Stop();
}

}  // namespace
}  // namespace nscp::check_system
