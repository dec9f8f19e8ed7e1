#include "workers/sample_cpp/sample_cpp.h"

#include <doctest/doctest.h>

#include "workers/checks/fake_call.h"
#include "workers/sample_cpp/space_check.h"

namespace nscp::sample_cpp {
namespace {

constexpr int64_t kGiB = int64_t{1} << 30;

sdk::CheckResult RunSpace(const std::vector<std::string>& arguments,
                          std::vector<Space> spaces) {
  return SpaceCheck().Run(arguments, checks::Environment(), std::move(spaces));
}

TEST_CASE("sample_space judges what was collected") {
  const std::vector<Space> spaces = {{"root", "/", 100 * kGiB, 50 * kGiB},
                                     {"data", "/data", 10 * kGiB, kGiB / 2}};
  struct Case {
    std::vector<std::string> arguments;
    std::string wanted;
  };
  const Case cases[] = {
      {{}, "CRITICAL: data: 512MB of 10GB free|'root'=50%;80;90 'data'=95%;80;90"},
      {{"filter=name = 'root'"}, "OK: All 1 folder(s) have room.|'root'=50%;80;90"},
      {{"warning=free < 60G", "critical=none", "filter=path = '/'"},
       "WARNING: root: 50GB of 100GB free|'root'=50GB;60;0;0;100"},
      {{"filter=name = 'none'"}, "UNKNOWN: No folders: name some in the settings."},
  };
  for (const Case& one : cases) {
    const sdk::CheckResult result = RunSpace(one.arguments, spaces);
    CHECK(sdk::FormatPlain(result) == one.wanted);
  }
}

TEST_CASE("the operating system's own figures make sense, and a lost folder is named") {
  const auto spaces = CollectSpace({{"here", "."}});
  REQUIRE(spaces.ok());
  CHECK(spaces->at(0).size > 0);
  CHECK(spaces->at(0).free <= spaces->at(0).size);
  const auto lost = CollectSpace({{"lost", "/no/such/folder"}});
  CHECK(lost.status().message().find("lost (/no/such/folder)") != std::string::npos);
}

TEST_CASE("a folder that is none refuses the start with a reason") {
  checks::FakeHost host;
  sdk::StartContext context;
  context.host = &host;
  context.settings = sdk::Settings({{"/settings/sample cpp/folders", "root", "root"}});
  const Status refused = MakeSampleCpp()->Start(context);
  CHECK(refused.code() == Code::kFailedPrecondition);
  CHECK(
      refused.message() ==
      "/settings/sample cpp/folders, root: \"root\" is no folder: write its whole path");
}

TEST_CASE("sample_any stops at the first check that is OK") {
  checks::FakeCall call;
  call.answers["bad"] = sdk::CheckResult::Of(sdk::State::kCritical, "down");
  call.answers["good"] = sdk::CheckResult::Of(sdk::State::kOk, "up");
  const auto module = MakeSampleCpp();
  const sdk::Query query = {"sample_any", {"command=Bad", "command=good", "command=bad"}};
  CHECK(sdk::FormatPlain(module->OnQuery(query, call)) == "up");
  CHECK(call.asked.size() == 2);
  CHECK(module->OnQuery({"sample_any", {}}, call).state == sdk::State::kUnknown);
  CHECK(module->OnQuery({"other", {}}, call).state == sdk::State::kUnknown);
}

}  // namespace
}  // namespace nscp::sample_cpp
