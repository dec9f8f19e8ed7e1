// The checks, from a table of an engine's answers.
#include <doctest/doctest.h>

#include <map>
#include <mutex>

#include "workers/check_docker/answers_fixture.h"
#include "workers/check_docker/check_containers.h"
#include "workers/check_docker/check_each.h"
#include "workers/check_docker/check_engine.h"

namespace nscp::check_docker {
namespace {

struct Played {
  Played() {
    answers["/containers/json"] = kList;
    answers["/containers/json?all=1"] = kList;
    answers["/containers/aaaaaaaaaaaa1111/json"] =
        R"({"RestartCount": 5, "State": {"Status": "running", "OOMKilled": false,
            "ExitCode": 0, "StartedAt": "2023-11-14T22:03:20Z"}})";
    answers["/containers/bbbbbbbbbbbb2222/json"] = kInspected;
    answers["/containers/aaaaaaaaaaaa1111/stats?stream=false"] = kStats;
    answers["/system/df"] = kUsage;
    answers["/info"] = kInfo;
  }
  template <class Check>
  sdk::CheckResult Run(const Check& check, std::vector<std::string> arguments = {}) {
    checks::Environment environment;
    environment.now = 1700000000;
    environment.cancelled = [this] { return cancelled; };
    return check.Run(arguments, environment, [this](const checks::Arguments&) {
      return Result<Ask>(
          Ask([this](const std::string& target) { return Answer(target); }));
    });
  }
  template <class Check>
  std::string Text(const Check& check, std::vector<std::string> arguments = {}) {
    return sdk::FormatPlain(Run(check, std::move(arguments)));
  }
  Result<json::Value> Answer(const std::string& target) {
    const std::lock_guard<std::mutex> lock(mutex);
    asked.push_back(target);
    const auto found = answers.find(target);
    if (found == answers.end()) return Status::NotFound("no such container");
    if (found->second.empty()) return Status::DeadlineExceeded("no answer in time");
    return json::Parse(found->second);
  }

  std::map<std::string, std::string> answers;
  std::mutex mutex;
  std::vector<std::string> asked;
  bool cancelled = false;
};

TEST_CASE("check_docker tells states") {
  Played p;
  const ContainersCheck check;
  const auto result = p.Run(check);
  CHECK(result.state == sdk::State::kCritical);
  CHECK(sdk::FormatPlain(result) == "CRITICAL: web, proxy/web=running, db=exited");
  CHECK(p.asked == std::vector<std::string>{"/containers/json"});
  p.Run(check, {"all"});
  CHECK(p.asked.back() == "/containers/json?all=1");
  CHECK(p.Text(check, {"container=web", "container=aaaaaaaaaaaa"}) ==
        "OK: web, proxy/web=running");
  CHECK(p.asked.back() == "/containers/json?all=1");
  CHECK(p.Text(check, {"container=web", "container=none"}) ==
        "CRITICAL: web, proxy/web=running, none=missing");
  CHECK(p.Run(check, {"container=none", "crit=container_state = 'missing'"}).state ==
        sdk::State::kCritical);
  CHECK(p.Text(check,
               {"container=web", "crit=health != 'healthy'", "warn=has_health_check = 0",
                "detail-syntax=%(image) %(image_id) %(id) %(container_status) "
                "%(health) %(ip) %(ports) %(labels) %(command)"}) ==
        "OK: nginx:1.25 sha256:77af aaaaaaaaaaaa1111 Up 3 hours (healthy) healthy "
        "172.17.0.2 0.0.0.0:8080->80/tcp, 443/tcp, [::]:8080->80/tcp app=web, stage=test "
        "/docker-entrypoint.sh nginx|'web, proxy/web_has_health_check'=1;0;0");
  p.answers["/containers/json"] = "[]";
  CHECK(p.Run(check).state == sdk::State::kWarning);
  CHECK(p.Text(check) == "No containers found");
  p.answers["/containers/json"] = "{}";
  CHECK(p.Run(check).state == sdk::State::kUnknown);
}

TEST_CASE("check_docker_info and check_docker_df tell of the engine") {
  Played p;
  CHECK(
      p.Text(InfoCheck()) ==
      "OK: docker 20.10.24 on box: 3 running, 1 paused, 1 stopped containers, 7 images");
  CHECK(p.Text(InfoCheck(),
               {"warn=containers > 4", "crit=images > 10", "detail-syntax=%(os)"}) ==
        "WARNING: Debian GNU/Linux 12 (bookworm)|'docker containers'=5;4;0 "
        "'docker_images'=7;0;10");
  CHECK(p.Text(DiskCheck()) ==
        "OK: 2 images 976.562KB (390.625KB reclaimable), 3 containers 3KB (2KB "
        "reclaimable), 3 volumes 12KB (8KB reclaimable), build cache 400B (100B "
        "reclaimable)");
  CHECK(p.Text(DiskCheck(), {"warn=unused_volumes > 1", "crit=total_size > 1g",
                             "detail-syntax=%(total_size) %(build_cache_size) "
                             "%(stopped_containers) %(volumes_reclaimable)"}) ==
        "WARNING: 991.953KB 400B 2 8KB|'docker_total_size'=1015760;0;1073741824 "
        "'docker_unused_volumes'=2;1;0");
  p.answers["/info"] = p.answers["/system/df"] = "";
  CHECK(p.Text(InfoCheck()) == "no answer in time");
  CHECK(p.Run(DiskCheck()).state == sdk::State::kUnknown);
}

TEST_CASE("check_docker_stats leaves out what vanished and names what is silent") {
  Played p;
  const UsageCheck check;
  CHECK(
      p.Text(check, {"warn=cpu_pct > 80", "crit=memory_pct > 90 or memory_used > 1g"}) ==
      "OK: web, proxy/web: cpu 50.00%, memory 100MB (9.77%)|'web, proxy/web "
      "cpu'=50%;80;0 'web, proxy/web memory %'=9.76562%;0;90 'web, proxy/web "
      "memory'=104857600B;0;1073741824");
  p.answers["/containers/bbbbbbbbbbbb2222/stats?stream=false"] = "";
  const auto silent = p.Run(check);
  CHECK(silent.state == sdk::State::kUnknown);
  CHECK(silent.lines[0].message ==
        "UNKNOWN: web, proxy/web: cpu 50.00%, memory 100MB (9.77%) (no answer: db: no "
        "answer in time)");
  CHECK(p.Run(check, {"crit=cpu_pct > 10"}).state == sdk::State::kCritical);
  CHECK(p.Run(check, {"container=web"}).state == sdk::State::kOk);
  CHECK(p.Text(check, {"container=none"}) ==
        "No running containers (no answer: none: there is no such container)");
  p.answers["/containers/json"] = "[]";
  CHECK(p.Run(check).state == sdk::State::kOk);
  CHECK(p.Text(check) == "No running containers");
}

TEST_CASE("check_docker_restarts tells restarts and what ran out of memory") {
  Played p;
  const RestartsCheck check;
  const auto result = p.Run(check);
  CHECK(result.state == sdk::State::kCritical);
  CHECK(sdk::FormatPlain(result) ==
        "CRITICAL: web, proxy/web: 5 restarts, running, db: 5 restarts, exited|'web, "
        "proxy/web_oom_killed'=0;0;1 'web, proxy/web restarts'=5;3;0 'web, "
        "proxy/web_started'=600;900;0 'db_oom_killed'=1;0;1 'db restarts'=5;3;0 "
        "'db_started'=600;900;0");
  CHECK(p.Run(check, {"container=web"}).state == sdk::State::kWarning);
  CHECK(p.Run(check, {"container=db", "crit=exit_code != 0"}).state ==
        sdk::State::kCritical);
  p.answers["/containers/aaaaaaaaaaaa1111/json"] =
      R"({"RestartCount": 9, "State": {"Status": "created",
          "StartedAt": "0001-01-01T00:00:00Z"}})";
  CHECK(p.Text(check, {"container=web", "detail-syntax=%(started)"}).find("OK: -1|") ==
        0);
  p.cancelled = true;
  CHECK(p.Run(check).state == sdk::State::kUnknown);
}

TEST_CASE("many containers are asked at the same time, within bounds") {
  Played p;
  std::string list = "[";
  for (size_t i = 0; i < kMaxAsked + 5; ++i) {
    const std::string id = std::to_string(100000 + i);
    list += (i == 0 ? "" : ",") + std::string(R"({"State": "running", "Id": ")") + id +
            R"("})";
    p.answers["/containers/" + id + "/stats?stream=false"] = kStats;
  }
  p.answers["/containers/json"] = list + "]";
  const auto result = p.Run(UsageCheck(), {"top-syntax=%(count)", "warn=none"});
  CHECK(result.state == sdk::State::kUnknown);
  CHECK(result.lines[0].message ==
        "1000 (no answer: only 1000 of 1005 containers are asked about)");
  CHECK(p.asked.size() == kMaxAsked + 1);
}

}  // namespace
}  // namespace nscp::check_docker
