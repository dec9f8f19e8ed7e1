#include "workers/check_nscp/check_nscp.h"

#include <doctest/doctest.h>

#include "workers/check_nscp/health.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_nscp {
namespace {

class GivenView final : public AgentView {
 public:
  explicit GivenView(Result<AgentFacts> facts) : facts_(std::move(facts)) {}
  Result<AgentFacts> Read(std::chrono::milliseconds) override { return facts_; }

 private:
  const Result<AgentFacts> facts_;
};

sdk::CheckResult Ask(const Result<AgentFacts>& facts, const sdk::Query& query) {
  const auto module = MakeCheckNscp(
      [&](sdk::Host&) { return std::make_unique<GivenView>(facts); },
      [](const UpdateSettings&, std::chrono::milliseconds) -> Result<std::string> {
        return Status::Unavailable("no network");
      });
  checks::FakeHost host;
  sdk::StartContext context;
  context.host = &host;
  context.version = "0.16.4 2026-11-21";
  REQUIRE(module->Start(context).ok());
  checks::FakeCall call;
  const auto result = module->OnQuery(query, call);
  module->Stop();
  return result;
}

std::string Text(const Result<AgentFacts>& facts, const sdk::Query& query) {
  return sdk::FormatPlain(Ask(facts, query));
}

TEST_CASE("check_nscp tells crashes, errors and uptime") {
  using std::chrono::microseconds;
  AgentFacts facts;
  facts.uptime = microseconds(310123456);
  CHECK(Text(facts, {"check_nscp", {}}) ==
        "0 crash(es), 0 error(s), uptime 00:05:10.123456");
  CHECK(Ask(facts, {"check_nscp", {}}).state == sdk::State::kOk);
  facts.errors = 2;
  facts.last_error = "it burns";
  CHECK(Text(facts, {"check_nscp", {}}) ==
        "0 crash(es), 2 error(s), last error: it burns, uptime 00:05:10.123456");
  CHECK(Ask(facts, {"check_nscp", {}}).state == sdk::State::kCritical);
  facts.crashes = 1;
  facts.last_crash = "CheckDisk: killed by signal 11";
  facts.errors = 0;
  facts.last_error.clear();
  facts.uptime = microseconds(int64_t{360000} * 1000000);
  CHECK(Text(facts, {"check_nscp", {}}) ==
        "1 crash(es), last crash: CheckDisk: killed by signal 11, 0 error(s), uptime "
        "100:00:00.000000");
  CHECK(Ask(facts, {"check_nscp", {}}).state == sdk::State::kCritical);
  const auto lost = Ask(Status::Unavailable("gone"), {"check_nscp", {}});
  CHECK(lost.state == sdk::State::kUnknown);
  CHECK(lost.lines[0].message == "asking the agent about itself: gone");
}

TEST_CASE("check_nscp_version takes the version apart") {
  const AgentFacts facts;
  CHECK(Text(facts, {"check_nscp_version", {}}) == "OK: 0.16.4 (2026-11-21)");
  CHECK(Text(facts, {"check_nscp_version",
                     {"crit=major < 17",
                      "detail-syntax=%(release)/%(major)/%(minor)/%(build)"}}) ==
        "CRITICAL: 0/16/4/0|'version_major'=16;0;17");
  CHECK(Ask(facts, {"check_nscp_version", {"warn=version != '0.16.5'"}}).state ==
        sdk::State::kWarning);
}

TEST_CASE("hostile arguments are answered in words") {
  const AgentFacts facts;
  for (const char* command : {"check_nscp", "check_nscp_version", "check_nscp_update"}) {
    CHECK(Ask(facts, {command, {"nonsense"}}).state == sdk::State::kUnknown);
    CHECK(Ask(facts, {command, {"help"}}).state == sdk::State::kOk);
  }
  CHECK(Ask(facts, {"check_other", {}}).state == sdk::State::kUnknown);
}

}  // namespace
}  // namespace nscp::check_nscp
