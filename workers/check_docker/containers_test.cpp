// What the engine's answers come to.
#include "workers/check_docker/containers.h"

#include <doctest/doctest.h>

#include "workers/check_docker/answers_fixture.h"
#include "workers/check_docker/disk_usage.h"
#include "workers/check_docker/engine.h"

namespace nscp::check_docker {
namespace {

json::Value Parsed(const char* text) {
  const auto document = json::Parse(text);
  REQUIRE(document.ok());
  return *document;
}

TEST_CASE("a list of containers") {
  const auto containers = ParseContainers(Parsed(kList));
  REQUIRE(containers.ok());
  REQUIRE(containers->size() == 2);  // an id that is none is not asked about
  const Container& web = (*containers)[0];
  CHECK(web.names == "web, proxy/web");
  CHECK(web.state == "running");
  CHECK(web.health == "healthy");
  CHECK(web.created == 1700000000);
  CHECK(web.ip == "172.17.0.2");
  CHECK(web.ports == "0.0.0.0:8080->80/tcp, 443/tcp, [::]:8080->80/tcp");
  CHECK(web.labels == "app=web, stage=test");
  for (const char* name :
       {"web", "/web", "proxy/web", "aaaaaaaaaaaa", "aaaaaaaaaaaa1111"}) {
    CHECK(web.IsCalled(name));
  }
  for (const char* name : {"we", "aaaa", "", "/", "aaaaaaaaaaaa2"}) {
    CHECK_FALSE(web.IsCalled(name));
  }
  CHECK((*containers)[1].health.empty());
}

TEST_CASE("answers of another shape are errors or empty, never a crash") {
  CHECK_FALSE(ParseContainers(Parsed("{}")).ok());
  CHECK(ParseContainers(Parsed("[1, null, {}, {\"Id\": 5}, [[]]]"))->empty());
  const auto odd = ParseContainers(
      Parsed(R"([{"Id": "ab", "Names": "x", "Ports": [1], "Labels": [2], "Created": -4,
                  "NetworkSettings": {"Networks": {"a": 3}}}])"));
  REQUIRE(odd->size() == 1);
  CHECK((*odd)[0].names == "ab");
  for (const char* text : {"{}", "[]", "7", R"({"State": "running"})"}) {
    CHECK_FALSE(ParseDetails(Parsed(text)).ok());
    CHECK_FALSE(ParseUsage(Parsed(text)).ok());
    CHECK_FALSE(ParseDiskUsage(Parsed(text)).ok());
  }
}

TEST_CASE("details of a container") {
  const auto details = ParseDetails(Parsed(kInspected));
  CHECK(details->restart_count == 5);
  CHECK(details->oom_killed);
  CHECK(details->exit_code == 137);
  CHECK(details->state == "exited");
  CHECK(details->started_at == 1699999400);
}

TEST_CASE("times") {
  const struct {
    const char* text;
    int64_t seconds;
  } rows[] = {{"1970-01-01T00:00:00Z", 0},
              {"2023-11-14T22:13:20.5Z", 1700000000},
              {"2023-11-14T23:13:20+01:00", 1700000000},
              {"2023-11-14T20:43:20.123-01:30", 1700000000},
              {"2024-02-29T12:00:00Z", 1709208000},
              {"0001-01-01T00:00:00Z", -1},
              {"2023-11-14", -1},
              {"2023-13-14T22:13:20Z", -1},
              {"2023-11-14T22:13:20", -1},
              {"2023-11-14T22:13:20+1:00", -1},
              {"x", -1},
              {"", -1}};
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(ParseTime(row.text) == row.seconds);
  }
}

TEST_CASE("figures of a container are those of docker stats") {
  const auto usage = ParseUsage(Parsed(kStats));
  CHECK(usage->cpu_percent == doctest::Approx(50));
  CHECK(usage->memory_used == 104857600);
  CHECK(usage->MemoryPercent() == doctest::Approx(9.765625));
  const auto old = ParseUsage(Parsed(
      R"({"cpu_stats": {"cpu_usage": {"total_usage": 3, "percpu_usage": [1, 2]},
                        "system_cpu_usage": 8},
          "precpu_stats": {"cpu_usage": {"total_usage": 1}, "system_cpu_usage": 4},
          "memory_stats": {"usage": 10, "stats": {"total_inactive_file": 4,
                                                   "inactive_file": 1}}})"));
  CHECK(old->cpu_percent == doctest::Approx(100));
  CHECK(old->memory_used == 6);
  CHECK(old->MemoryPercent() == 0);
  // Stopped between the list and the question: nothing is known.
  CHECK(ParseUsage(Parsed(R"({"cpu_stats": {}})"))->cpu_percent == 0);
}

TEST_CASE("the disk's figures are those of docker system df") {
  const auto usage = ParseDiskUsage(Parsed(kUsage));
  REQUIRE(usage.ok());
  CHECK(usage->images.count == 2);
  CHECK(usage->images.unused == 1);
  CHECK(usage->images.reclaimable == 400000);
  CHECK(usage->containers.size == 3072);
  CHECK(usage->containers.unused == 2);
  CHECK(usage->containers.reclaimable == 2048);
  CHECK(usage->volumes.size == 12288);
  CHECK(usage->volumes.unused == 2);
  CHECK(usage->volumes.reclaimable == 8192);
  CHECK(usage->build_cache.size == 400);
  CHECK(usage->build_cache.reclaimable == 100);
  CHECK(usage->TotalSize() == 1015760);
  CHECK(usage->TotalReclaimable() == 410340);
  const auto huge = ParseDiskUsage(Parsed(
      R"({"LayersSize": 9223372036854775807, "Volumes": [
          {"UsageData": {"Size": 9223372036854775807}},
          {"UsageData": {"Size": 9223372036854775807}}]})"));
  CHECK(huge->TotalSize() > 0);
}

TEST_CASE("the version that is spoken") {
  const struct {
    const char* answer;
    const char* version;
  } rows[] = {{R"({"ApiVersion": "1.41", "MinAPIVersion": "1.12"})", "1.41"},
              {R"({"ApiVersion": "1.52", "MinAPIVersion": "1.44"})", "1.44"},
              {R"({"ApiVersion": "1.40"})", "1.40"},
              {R"({"ApiVersion": "x"})", ""},
              {"[]", ""}};
  for (const auto& [answer, version] : rows) {
    CHECK(ChooseVersion(Parsed(answer)) == version);
  }
}

TEST_CASE("an answer's status and body") {
  CHECK(ReadAnswer(200, "[]").ok());
  CHECK(ReadAnswer(404, R"({"message": "No such container: x"})").status().message() ==
        "No such container: x");
  const Status failed = ReadAnswer(500, std::string(5000, 'x')).status();
  CHECK(failed.code() == Code::kUnavailable);
  CHECK(failed.message().size() < 400);
  CHECK(ReadAnswer(200, "<html>").status().code() == Code::kUnavailable);
  const auto latin = ReadAnswer(200, "{\"Name\": \"m\xe4ry\"}");
  REQUIRE(latin.ok());
  CHECK(latin->Find("Name")->AsString() == "m\xef\xbf\xbdry");
}

TEST_CASE("only local sockets are spoken to") {
  CHECK(*ParseEndpoint("unix:///run/x.sock") == "/run/x.sock");
  CHECK(*ParseEndpoint(" /run/x.sock ") == "/run/x.sock");
  for (const char* bad :
       {"", "tcp://127.0.0.1:2375", "http://h", "relative", "ssh://h"}) {
    CHECK_FALSE(ParseEndpoint(bad).ok());
  }
}

}  // namespace
}  // namespace nscp::check_docker
