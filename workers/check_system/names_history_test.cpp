#include <doctest/doctest.h>

#include <algorithm>
#include <condition_variable>

#include "workers/check_system/check_hostname.h"
#include "workers/check_system/check_os_version.h"
#include "workers/check_system/check_process_history.h"
#include "workers/check_system/process_history_metrics.h"
#include "workers/check_system/process_watch.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

TEST_CASE("os-release is read as a shell would") {
  const struct {
    const char* text;
    const char* os;
    const char* distribution;
    const char* name;
    const char* version;
    const char* family;
  } rows[] = {
      // Recorded on Debian 12, shortened.
      {"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n"
       "VERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\nID=debian\n",
       "Debian GNU/Linux 12 (bookworm)", "debian", "Debian GNU/Linux", "12", "debian"},
      // From os-release(5) of systemd 252, its second example, shortened.
      {"NAME=Fedora\nID=rocky\nID_LIKE=\"rhel centos fedora\"\n", "Fedora", "rocky",
       "Fedora", "", "rhel"},
      // Constructed.
      {"# NAME=no\nNAME='it'\\''s'\nPRETTY_NAME=\"a \\\"b\\\" \\$c\"\r\nno line\n=x\nID=",
       "a \"b\" $c", "", "it's", "", ""},
      {"", "", "", "", "", ""},
  };
  for (const auto& row : rows) {
    OsVersion version;
    ParseOsRelease(row.text, version);
    CHECK(version.os == row.os);
    CHECK(version.distribution == row.distribution);
    CHECK(version.distribution_name == row.name);
    CHECK(version.version == row.version);
    CHECK(version.family == row.family);
  }
}

TEST_CASE("what check_os_version says") {
  OsVersion version;
  version.os = "Ubuntu 24.04.1 LTS";
  version.kernel_release = "6.6.0";
  version.distribution = "ubuntu";
  const OsVersionCheck check;
  CHECK(sdk::FormatPlain(check.Run({}, {}, version)) ==
        "OK: Ubuntu 24.04.1 LTS (kernel 6.6.0)");
  CHECK(check.Run({"crit=distribution != 'debian'"}, {}, version).state ==
        State::kCritical);
  CHECK(sdk::FormatPlain(check.Run({}, {}, Status::Unavailable("no uname"))) ==
        "no uname");
}

TEST_CASE("names of the host") {
  // Recorded: getent ahosts, of a name in /etc/hosts; the second is constructed.
  CHECK(ParseCanonicalName("127.0.0.1       STREAM vm\n127.0.0.1       DGRAM  \n") ==
        "vm");
  CHECK(ParseCanonicalName("::1             STREAM db1.example.org\n") ==
        "db1.example.org");
  CHECK(ParseCanonicalName("") == "");
  CHECK(ParseCanonicalName("127.0.0.1 DGRAM\n") == "");
  const struct {
    const char* hostname;
    const char* canonical;
    const char* fqdn;
    const char* domain;
    bool consistent;
  } rows[] = {
      {"db1", "db1.example.org", "db1.example.org", "example.org", true},
      {"DB1", "db1.example.org", "db1.example.org", "example.org", true},
      {"db1", "", "db1", "", true},
      {"db1", "localhost", "localhost", "", false},
      {"db1", "db12.example.org", "db12.example.org", "example.org", false},
      {"db1.example.org", "db1.example.org", "db1.example.org", "example.org", true}};
  for (const auto& row : rows) {
    const HostName name = MakeHostName(row.hostname, row.canonical);
    CHECK(name.fqdn == row.fqdn);
    CHECK(name.domain == row.domain);
    CHECK(name.consistent == row.consistent);
  }
}

TEST_CASE("check_hostname asks the name service only when it must") {
  const HostnameCheck check;
  std::vector<bool> asked;
  const auto find = [&asked](bool with_fqdn) -> Result<HostName> {
    asked.push_back(with_fqdn);
    return MakeHostName("db1", with_fqdn ? "db2.example.org" : "");
  };
  CHECK(sdk::FormatPlain(check.Run({}, {}, find)) ==
        "OK: db1 (db2.example.org), domain=example.org");
  CHECK(check.Run({"crit=fqdn_consistent = 0"}, {}, find).state == State::kCritical);
  CHECK(check.Run({"crit=fqdn_consistent = 'false'"}, {}, find).state ==
        State::kCritical);
  CHECK(sdk::FormatPlain(check.Run({"detail-syntax=%(hostname)"}, {}, find)) ==
        "OK: db1");
  CHECK(asked == std::vector<bool>{true, true, true, false});
}

TEST_CASE("a history of programs counts how often they appear") {
  ProcessHistory history;
  history.Update({{"cron", 40}, {"sh", 90}, {"sh", 80}}, 100);
  history.Update({{"cron", 40}}, 101);
  history.Update({{"cron", 40}, {"sh", 102}, {"new", 102}}, 102);
  history.Update({{"cron", 40}, {"new", 102}}, 103);
  const auto records = history.Records();
  REQUIRE(records.size() == 3);
  CHECK(records[0].exe == "cron");
  CHECK(records[0].first_seen == 40);
  CHECK(records[0].last_seen == 103);
  CHECK(records[0].times_seen == 1);
  CHECK(records[0].running);
  CHECK(records[1].exe == "new");
  CHECK(records[1].first_seen == 102);
  CHECK(records[2].exe == "sh");
  CHECK(records[2].first_seen == 80);
  CHECK(records[2].last_seen == 102);
  CHECK(records[2].times_seen == 2);
  CHECK_FALSE(records[2].running);
  std::vector<sdk::Metric> metrics;
  AddProcessHistoryMetrics(records, metrics);
  const auto value = [&metrics](const char* key) {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const auto& m) { return m.key == key; });
    REQUIRE(found != metrics.end());
    return std::get<double>(found->value);
  };
  CHECK(value("sh.times_seen") == 2);
  CHECK(value("sh.running") == 0);
  CHECK(value("cron.first_seen") == 40);
  CHECK(value("count") == 3);
  CHECK(value("running") == 2);
}

TEST_CASE("the history is bounded, and what runs is kept") {
  ProcessHistory history;
  std::vector<Sighting> all;
  for (size_t i = 0; i < ProcessHistory::kMaxPrograms; ++i) {
    all.push_back({"p" + std::to_string(i), 1});
  }
  history.Update(all, 10);
  all.push_back({"late", 11});
  history.Update(all, 11);
  const auto has = [&history](const char* exe) {
    const auto records = history.Records();
    return std::any_of(records.begin(), records.end(),
                       [&](const auto& r) { return r.exe == exe; });
  };
  CHECK(history.Records().size() == ProcessHistory::kMaxPrograms);
  CHECK_FALSE(has("late"));
  all.erase(all.begin() + 5);
  history.Update(all, 12);
  CHECK(has("late"));
  CHECK_FALSE(has("p5"));
  CHECK(history.Records().size() == ProcessHistory::kMaxPrograms);
}

// Processes that the test sets; counts looks.
class ListedProcesses final : public ProcessSource {
 public:
  Status ForEach(const ProcessWish&,
                 const std::function<bool(Process&&)>& visit) const override {
    if (!failure.ok()) return failure;
    for (Process process : processes) visit(std::move(process));
    return Status::Ok();
  }
  Result<Process> Find(int64_t) const override { return Status::NotFound("none"); }
  Result<uint64_t> TotalTicks() const override { return uint64_t{1}; }
  uint64_t ticks_per_second() const override { return 100; }

  std::vector<Process> processes;
  Status failure;
};

Process Named(const char* exe, const char* filename, uint64_t size, int64_t elapsed) {
  Process process;
  process.exe = exe;
  process.filename = filename;
  process.virtual_size = size;
  process.elapsed = elapsed;
  return process;
}

ProcessWatch::Clock::time_point HistorySoon() {
  return ProcessWatch::Clock::now() + std::chrono::seconds(10);
}

TEST_CASE("processes are watched while somebody wants it, kernel threads left out") {
  ListedProcesses source;
  source.processes = {Named("cron", "/usr/sbin/cron", 9, 60),
                      Named("secret", "", 9, 5),  // of another user
                      Named("kworker/0:1", "", 0, 60), Named("", "", 9, 1)};
  ProcessWatch watch(source, [] { return int64_t{1000}; });
  CHECK_FALSE(watch.has_history());
  CHECK(watch.Records(HistorySoon())
            .status()
            .message()
            .find("Process history is not enabled") == 0);
  ProcessWatch::Wish wish;
  wish.history = true;
  watch.Configure(wish);
  const auto records = watch.Records(HistorySoon());
  REQUIRE(records.ok());
  REQUIRE(records->size() == 2);
  CHECK((*records)[0].exe == "cron");
  CHECK((*records)[0].first_seen == 940);
  CHECK((*records)[1].exe == "secret");
  watch.Configure({});
  CHECK_FALSE(watch.has_history());
  source.failure = Status::Unavailable("no /proc");
  watch.Configure(wish);
  CHECK(watch.Records(HistorySoon()).status().message() ==
        "No process history available: no /proc");
}

TEST_CASE("who looks at each step gets all processes") {
  ListedProcesses source;
  source.processes = {Named("a", "/a", 1, 1), Named("kthread", "", 0, 1)};
  std::mutex mutex;
  std::condition_variable changed;
  size_t seen = 0;
  ProcessWatch watch(source, [] { return int64_t{1000}; });
  ProcessWatch::Wish wish;
  wish.look = [&](const std::vector<Process>& processes) {
    const std::lock_guard<std::mutex> lock(mutex);
    seen = processes.size();
    changed.notify_all();
  };
  watch.Configure(wish);
  std::unique_lock<std::mutex> lock(mutex);
  CHECK(changed.wait_for(lock, std::chrono::seconds(10), [&] { return seen == 2; }));
  lock.unlock();
  watch.Stop();
}

TEST_CASE("what the checks of the history say") {
  const std::vector<ProcessRecord> records = {{"Cron", 940, 1000, 1, true},
                                              {"sh", 990, 995, 4, false}};
  const auto list = [&]() -> Result<std::vector<ProcessRecord>> { return records; };
  const auto zone = checks::TimeZone::Parse("utc");
  checks::Environment environment;
  environment.now = 1000;
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{}, State::kOk, "OK: 2 processes in history."},
      {{"crit=running = 'false'"}, State::kCritical, "CRITICAL: sh (false)"},
      {{"process=cron", "process=gone", "crit=times_seen = 0", "warn=running = 'false'"},
       State::kCritical,
       "CRITICAL: gone (false)|'Cron'=1;0;0 'gone'=0;0;0"},
      {{"process=gone", "crit=first_seen < 0s", "top-syntax=%(list)",
        "detail-syntax=%(exe) %(first_seen) %(last_seen) %(currently_running)"},
       State::kOk,
       "gone never never 0"},
      {{"filter=currently_running = 1", "top-syntax=%(list)",
        "detail-syntax=%(exe) %(first_seen) %(last_seen)"},
       State::kOk,
       "Cron 1970-01-01 00:15:40 1970-01-01 00:16:40"},
      {{"process=none", "filter=running = 'true'"}, State::kOk, "OK: "},
  };
  const ProcessHistoryCheck history;
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto result = history.Run(row.arguments, environment, list, *zone);
    CHECK(result.state == row.state);
    if (std::string(row.text) != "OK: ") CHECK(sdk::FormatPlain(result) == row.text);
  }
  const NewProcessesCheck fresh;
  const auto said = [&](const Words& arguments) {
    return sdk::FormatPlain(fresh.Run(arguments, environment, list, *zone));
  };
  CHECK(said({}) ==
        "OK: Cron (first seen: 1970-01-01 00:15:40), sh (first seen: "
        "1970-01-01 00:16:30)");
  CHECK(said({"time=10s"}) == "OK: sh (first seen: 1970-01-01 00:16:30)");
  CHECK(said({"time=9s"}) == "OK: No new processes found.");
  CHECK(said({"time=30s", "crit=count > 0"}) ==
        "CRITICAL: sh (first seen: 1970-01-01 00:16:30)|'count'=1;0;0");
  CHECK(said({"time=x"}) ==
        "Invalid time window 'x': Invalid time specification: 'x' (write a time such as "
        "5m)");
}

}  // namespace
}  // namespace nscp::check_system
