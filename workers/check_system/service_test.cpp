#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <thread>

#include "workers/check_system/check_service.h"
#include "workers/check_system/service_keywords.h"
#include "workers/check_system/service_name.h"
#include "workers/check_system/service_tags.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

Unit MakeUnit(const char* id, const char* active, const char* sub, const char* file_state,
              const char* preset = "enabled") {
  Unit unit;
  unit.id = id;
  unit.description = std::string("What ") + id + " is";
  unit.load = "loaded";
  unit.active = active;
  unit.sub = sub;
  unit.file_state = file_state;
  unit.preset = preset;
  return unit;
}

// Units from a table, and what was asked of it.
class FakeManager final : public ServiceManager {
 public:
  Result<std::vector<Unit>> List(const UnitWish& wish) const override {
    last = wish;
    if (!failure.ok()) return failure;
    return units;
  }
  Result<std::vector<Unit>> Find(const Words& ids, const UnitWish& wish) const override {
    last = wish;
    if (!failure.ok()) return failure;
    std::vector<Unit> found;
    for (const std::string& id : ids) {
      found.push_back(MakeUnit(id.c_str(), "inactive", "dead", "", ""));
      found.back().load = "not-found";
      for (const Unit& unit : units) {
        if (unit.id == id) found.back() = unit;
      }
    }
    return found;
  }

  std::vector<Unit> units;
  Status failure;
  mutable UnitWish last;
};

// One process, which has used 30 of its 100 seconds.
class OneProcess final : public ProcessSource {
 public:
  Status ForEach(const ProcessWish&,
                 const std::function<bool(Process&&)>&) const override {
    return Status::Ok();
  }
  Result<Process> Find(int64_t pid) const override {
    if (pid != 7) return Status::NotFound("ended");
    Process process;
    process.pid = pid;
    process.working_set = 2 * 1024 * 1024;
    process.virtual_size = 8 * 1024 * 1024;
    process.user_ticks = 2000;
    process.kernel_ticks = 1000;
    process.elapsed = 100;
    return process;
  }
  Result<uint64_t> TotalTicks() const override { return uint64_t{1}; }
  uint64_t ticks_per_second() const override { return 100; }
};

struct Bench {
  std::string Run(const Words& arguments) {
    checks::Environment environment;
    environment.now = 1700000000;
    const auto zone = checks::TimeZone::Parse("utc");
    REQUIRE(zone.ok());
    const sdk::CheckResult result =
        check.Run(arguments, environment, {manager, processes, *zone});
    state = result.state;
    return sdk::FormatPlain(result);
  }
  ServiceCheck check;
  FakeManager manager;
  OneProcess processes;
  State state = State::kUnknown;
};

TEST_CASE("the states of systemd in one word, and whether they are as they should be") {
  const struct {
    const char* id;
    const char* active;
    const char* sub;
    const char* file_state;
    const char* word;
    bool ok;
    bool perfect;
  } rows[] = {
      {"a.service", "active", "running", "enabled", "running", true, true},
      {"a.service", "active", "exited", "enabled", "oneshot", true, true},
      {"a.service", "reloading", "reload", "enabled", "running", true, true},
      {"a.service", "active", "stop-post", "enabled", "unknown", true, false},
      {"a.service", "activating", "start", "enabled", "starting", false, false},
      {"a.service", "activating", "auto-restart", "enabled-runtime", "starting", false,
       false},
      {"a.service", "deactivating", "stop", "enabled", "unknown", false, false},
      {"a.service", "inactive", "dead", "enabled", "stopped", false, false},
      {"a.service", "failed", "failed", "enabled", "stopped", false, false},
      {"a.service", "failed", "failed", "disabled", "stopped", true, true},
      {"a.service", "active", "running", "disabled", "running", true, true},
      {"a.service", "active", "running", "masked", "running", false, false},
      {"a.service", "inactive", "dead", "masked-runtime", "stopped", true, true},
      {"a.service", "failed", "failed", "static", "static", true, true},
      {"a.service", "inactive", "dead", "", "stopped", true, true},
      {"a.timer", "active", "waiting", "enabled", "running", true, true},
      {"a.socket", "active", "listening", "static", "static", true, true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.active);
    CAPTURE(row.sub);
    CAPTURE(row.file_state);
    const Unit unit = MakeUnit(row.id, row.active, row.sub, row.file_state);
    CHECK(StateWord(StateOf(unit)) == row.word);
    CHECK(StateIsOk(unit) == row.ok);
    CHECK(StateIsPerfect(unit) == row.perfect);
  }
}

TEST_CASE("names of services become ids of units") {
  const struct {
    const char* name;
    const char* id;
  } rows[] = {{"cron", "cron.service"},
              {"cron.service", "cron.service"},
              {"getty@tty1", "getty@tty1.service"},
              {"a.b", "a.b.service"},
              {"apt-daily.timer", "apt-daily.timer"},
              {".service", ".service.service"},
              {"a\\x2db:c_d", "a\\x2db:c_d.service"}};
  for (const auto& row : rows) CHECK(UnitId(row.name).value_or("") == row.id);
  for (const std::string& name :
       {std::string(), std::string("-x"), std::string("a b"), std::string("a/b"),
        std::string("a\0b", 3), std::string("\xff"), std::string(257, 'a')}) {
    CHECK_FALSE(UnitId(name).ok());
  }
  CHECK(UnitId(std::string(256, 'a')).ok());
  CHECK(ServiceName("cron.service") == "cron");
  CHECK(ServiceName("cron.socket") == "cron.socket");
}

TEST_CASE("what check_service says of services") {
  Bench bench;
  bench.manager.units = {
      MakeUnit("cron.service", "active", "running", "enabled"),
      MakeUnit("ssh.service", "failed", "failed", "enabled"),
      MakeUnit("off.service", "inactive", "dead", "disabled"),
      MakeUnit("no.service", "failed", "failed", "disabled", "disabled")};
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{}, State::kCritical, "CRITICAL: ssh=stopped"},
      {{"exclude=ssh"}, State::kOk, "OK: All 2 service(s) are ok."},
      {{"service=ssh.service"}, State::kCritical, "CRITICAL: ssh=stopped"},
      {{"service=off"}, State::kCritical, "CRITICAL: off=stopped"},
      {{"service=no"}, State::kOk, "OK: All 1 service(s) are ok."},
      {{"service=gone"}, State::kUnknown, "UNKNOWN: No services found"},
      {{"service=gone", "filter=none", "crit=state = 'stopped'"},
       State::kCritical,
       "CRITICAL: gone=stopped|'gone_state'=0;0;0"},
      {{"service=cron", "crit=state = 'stopped'", "warn=tasks > 3 and pid > 0"},
       State::kOk,
       "OK: All 1 service(s) are ok.|'cron_pid'=0;0;0 'cron_state'=1;0;0"},
      {{"service=-x"},
       State::kUnknown,
       "Invalid service name: '-x' (1 to 256 letters, digits and _ . @ : - \\, and no - "
       "at the beginning)"},
      {{"fetch-only", "service=cron"},
       State::kOk,
       "cron running/enabled What cron.service is"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(bench.Run(row.arguments) == row.text);
    CHECK(bench.state == row.state);
  }
  bench.manager.failure = Status::Unavailable("Failed to ask systemd: gone");
  CHECK(bench.Run({}) == "Failed to ask systemd: gone");
  CHECK(bench.state == State::kUnknown);
  CHECK(bench.Run({"fetch-only"}) == "Failed to ask systemd: gone");
  CHECK(bench.state == State::kUnknown);
}

TEST_CASE("figures of the main process, and their absence") {
  Bench bench;
  bench.manager.units = {MakeUnit("cron.service", "active", "running", "enabled")};
  bench.manager.units[0].main_pid = 7;
  bench.manager.units[0].tasks = 3;
  const Words all = {"service=cron", "warn=none", "crit=none", "top-syntax=%(list)",
                     "detail-syntax=%(pid) %(rss) %(vms) %(tasks) %(cpu) %(created) "
                     "%(age)"};
  CHECK(bench.Run(all) == "7 2MB 8MB 3 30 2023-11-14 22:11:40 100");
  CHECK(bench.Run({"service=cron", "crit=rss > 1m", "warn=cpu > 20 or age < 1m"}) ==
        "CRITICAL: cron=running|'cron_age'=100s;60;0 'cron_cpu'=30%;20;0 "
        "'cron_rss'=2097152B;0;1048576");
  bench.manager.units[0].main_pid = 8;
  bench.manager.units[0].tasks.reset();
  CHECK(bench.Run(all) == "8 unknown unknown unknown unknown unknown unknown");
  CHECK(bench.Run({"service=cron", "crit=rss < 1m or age < 1m or tasks < 1"}) ==
        "OK: All 1 service(s) are ok.");
}

TEST_CASE("only what a call looks at is asked of systemd") {
  Bench bench;
  bench.manager.units = {MakeUnit("cron.service", "active", "running", "enabled")};
  bench.Run({});
  CHECK(bench.manager.last.file_state);
  CHECK(bench.manager.last.preset);
  CHECK_FALSE(bench.manager.last.main_pid);
  CHECK_FALSE(bench.manager.last.tasks);
  bench.Run({"crit=active = 'failed'", "detail-syntax=%(name)"});
  CHECK_FALSE(bench.manager.last.file_state);
  CHECK_FALSE(bench.manager.last.preset);
  bench.Run({"crit=age > 1d", "warn=tasks > 5", "detail-syntax=%(state_is_ok)"});
  CHECK(bench.manager.last.file_state);
  CHECK(bench.manager.last.main_pid);
  CHECK(bench.manager.last.tasks);
}

// Remembers the tags that are set.
class TagHost final : public checks::FakeHost {
 public:
  Status SetTag(const std::string& name, const std::string& value) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (value.empty()) tags_.erase(name);
    if (!value.empty()) tags_[name] = value;
    return Status::Ok();
  }
  bool BecomesTo(const std::map<std::string, std::string>& wanted) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end) {
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (tags_ == wanted) return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> tags_;
};

TEST_CASE("a tag is there while one of its units is active") {
  TagHost host;
  ServiceTags tags;
  const auto manager = [](std::vector<Unit> units) {
    auto made = std::make_unique<FakeManager>();
    made->units = std::move(units);
    return made;
  };
  const ServiceTags::Pairs pairs = {
      {"a", "web"}, {"b.service", "web"}, {"c", "mail"}, {"-d", "bad"}, {"e", ""}};
  tags.Configure(pairs,
                 manager({MakeUnit("b.service", "active", "running", "enabled"),
                          MakeUnit("c.service", "failed", "failed", "enabled")}),
                 &host);
  CHECK(host.BecomesTo({{"web", "enabled"}}));
  tags.Configure({{"c", "mail"}},
                 manager({MakeUnit("c.service", "active", "running", "enabled")}), &host);
  CHECK(host.BecomesTo({{"mail", "enabled"}}));
  tags.Stop();
  CHECK(host.BecomesTo({}));
  REQUIRE(host.log.size() == 2);
  CHECK(host.log[0].second.find("service-tags, -d is left out: Invalid service name") ==
        0);
  CHECK(host.log[1].second == "service-tags, e is left out: it has no tag");
}

}  // namespace
}  // namespace nscp::check_system
