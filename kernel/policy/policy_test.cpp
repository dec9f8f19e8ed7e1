#include "kernel/policy/policy.h"

#include <doctest/doctest.h>
#include <google/protobuf/descriptor.h>

#include "kernel/policy/grants.h"
#include "nscp/v1/host.pb.h"
#include "nscp/v1/modules.pb.h"
#include "nscp/v1/queries.pb.h"
#include "nscp/v1/settings.pb.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {
namespace {

Rights With(std::initializer_list<v1::Grant> grants) {
  v1::Manifest manifest;
  for (const v1::Grant grant : grants) manifest.add_grants(grant);
  return Rights::Of(manifest);
}

TEST_CASE("every RPC of the contract has a row, and nothing else is allowed") {
  int count = 0;
  for (const auto* file :
       {v1::AttachRequest::descriptor()->file(), v1::ModuleInfo::descriptor()->file(),
        v1::ExecuteRequest::descriptor()->file(), v1::SettingEntry::descriptor()->file(),
        v1::LogEntry::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const std::string rpc =
            file->service(s)->name() + "/" + file->service(s)->method(m)->name();
        CAPTURE(rpc);
        CHECK(May(Rights::Admin(), rpc, false).ok());
        ++count;
      }
    }
  }
  CHECK(count > 40);
  CHECK(May(Rights::Admin(), "Host/FormatDisk", false).code() == Code::kPermissionDenied);
  CHECK(May(Rights::Admin(), "", false).code() == Code::kPermissionDenied);
}

struct Needed {
  const char* rpc;
  v1::Grant grant;  // GRANT_NONE = everybody
  bool call_suffices;
};
constexpr Needed kNeeded[] = {
    {"Host/Attach", v1::GRANT_NONE, false},
    {"Host/Register", v1::GRANT_NONE, false},
    {"Host/Listen", v1::LISTEN, false},
    {"Host/Reload", v1::MANAGE_MODULES, false},
    {"Host/Console", v1::MANAGE_MODULES, false},
    {"Host/Shutdown", v1::MANAGE_MODULES, false},
    {"Modules/List", v1::GRANT_NONE, false},
    {"Modules/Load", v1::MANAGE_MODULES, false},
    {"Modules/Install", v1::MANAGE_MODULES, false},
    {"Queries/List", v1::GRANT_NONE, false},
    {"Queries/Execute", v1::RUN_QUERIES, true},
    {"Queries/Exec", v1::RUN_QUERIES, true},
    {"Queries/Submit", v1::SUBMIT, true},
    {"Settings/Get", v1::GRANT_NONE, false},
    {"Settings/Update", v1::WRITE_SETTINGS, false},
    {"Settings/Delete", v1::WRITE_SETTINGS, false},
    {"Settings/Describe", v1::READ_SETTINGS, false},
    {"Settings/Save", v1::WRITE_SETTINGS, false},
    {"Logs/Write", v1::GRANT_NONE, false},
    {"Logs/List", v1::READ_TELEMETRY, false},
    {"Events/Emit", v1::GRANT_NONE, false},
    {"Events/Take", v1::READ_TELEMETRY, false},
    {"Metrics/Snapshot", v1::READ_TELEMETRY, false},
};

TEST_CASE("each RPC needs the grant that stands here") {
  for (const Needed& c : kNeeded) {
    CAPTURE(c.rpc);
    const bool everybody = c.grant == v1::GRANT_NONE;
    CHECK(May(With({}), c.rpc, false).ok() == everybody);
    CHECK(May(With({}), c.rpc, true).ok() == (everybody || c.call_suffices));
    if (everybody) continue;
    CHECK(May(With({c.grant}), c.rpc, false).ok());
    CHECK(May(With({}), c.rpc, false).message().find(v1::Grant_Name(c.grant)) !=
          std::string::npos);
    for (int other = v1::Grant_MIN; other <= v1::Grant_MAX; ++other) {
      if (other == c.grant || !v1::Grant_IsValid(other)) continue;
      CHECK_FALSE(May(With({static_cast<v1::Grant>(other)}), c.rpc, false).ok());
    }
  }
}

TEST_CASE("wildcards stand for any run and any one character, without case") {
  struct Case {
    const char *pattern, *text;
    bool matches;
  };
  const Case cases[] = {
      {"*", "", true},
      {"*", "x", true},
      {"a*c", "abbc", true},
      {"a*c", "ab", false},
      {"A?C", "abc", true},
      {"a?c", "ac", false},
      {"", "", true},
      {"", "x", false},
      {"**a**", "bab", true},
      {"a*b*c", "a-b-b-c", true},
      {"*.cpu", "x.y.cpu", true},
      {"abc", "ABC", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.pattern);
    CAPTURE(c.text);
    CHECK(MatchesWildcard(c.pattern, c.text) == c.matches);
  }
  // Would take for ever with a matcher that tries every way.
  CHECK_FALSE(MatchesWildcard(std::string(2000, '*') + "b", std::string(5000, 'a')));
  CHECK_FALSE(MatchesWildcard("a*a*a*a*a*a*a*a*a*a*b", std::string(3000, 'a')));
}

TEST_CASE("subjects are a module with or without a user") {
  struct Case {
    const char *pattern, *subject;
    bool matches;
  };
  const Case cases[] = {
      {"WEBServer", "WEBServer", true},
      {"WEBServer", "WEBServer:admin", true},
      {"webserver", "WEBServer:admin", true},
      {"WEBServer:", "WEBServer", true},
      {"WEBServer:", "WEBServer:admin", false},
      {"WEBServer:*", "WEBServer:admin", true},
      {"WEBServer:*", "WEBServer", false},
      {"WEBServer:admin", "WEBServer:admin", true},
      {"WEBServer:admin", "WEBServer:bob", false},
      {"WEB*:a?min", "WEBServer:admin", true},
      {"*", "WEBServer:admin", true},
      {"*", "*", true},
      {"WEBServer", "*", false},
      {"NRPE*", "NRPEServer", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.pattern);
    CAPTURE(c.subject);
    CHECK(MatchesSubject(c.pattern, c.subject) == c.matches);
  }
  CHECK(SubjectName("WEBServer", "admin") == "WEBServer:admin");
  CHECK(SubjectName("Scheduler", "") == "Scheduler");
  CHECK(SubjectName("", "") == "*");
}

TEST_CASE("objects are a command of one module, or of any without a dot") {
  CHECK(MatchesObject("CheckSystem.check_cpu", "CheckSystem", "check_cpu"));
  CHECK(MatchesObject("checksystem.*", "CheckSystem", "check_cpu"));
  CHECK(MatchesObject("check_cpu", "CheckSystem", "check_cpu"));
  CHECK(MatchesObject("*", "CheckSystem", "check_cpu"));
  CHECK_FALSE(MatchesObject("CheckDisk.*", "CheckSystem", "check_cpu"));
  CHECK_FALSE(MatchesObject("CheckSystem.check_c", "CheckSystem", "check_cpu"));
}

TEST_CASE("the policy allows all while it is off, and then only what it names") {
  CHECK(Policy().MayRun("anyone", "M", "c").ok());
  const Policy policy(
      {{"Enabled", "true"}, {"log allows", "1"}},
      {{"WEBServer:admin", "CheckSystem.*, check_ok"}, {"NRPEServer", ""}});
  CHECK(policy.enabled());
  CHECK(policy.logs_denials());
  CHECK(policy.logs_allows());
  CHECK(policy.MayRun("WEBServer:admin", "CheckSystem", "check_cpu").ok());
  CHECK(policy.MayRun("WEBServer:admin", "CheckHelpers", "check_ok").ok());
  CHECK(policy.MayExec("WEBServer:admin", "CheckSystem", "pdh").ok());
  CHECK(policy.MayRun("WEBServer:bob", "CheckSystem", "check_cpu").message() ==
        "Permission denied: WEBServer:bob is not allowed to run check_cpu");
  CHECK_FALSE(policy.MayRun("NRPEServer", "CheckSystem", "check_cpu").ok());
}

TEST_CASE("exec can be switched off for everybody, whatever the policies say") {
  const Policy policy({{"allow exec", "false"}}, {});
  CHECK(
      policy.MayExec("WEBServer:admin", "M", "c").message() ==
      "Permission denied: exec is globally disabled (/settings/permissions/allow exec = "
      "false)");
  CHECK(policy.MayRun("WEBServer:admin", "M", "c").ok());
}

TEST_CASE("an audit line is one bounded line of text") {
  CHECK(AuditLine("WEBServer:admin", "10.0.0.1", "set /a k", "OK") ==
        "audit: WEBServer:admin from 10.0.0.1: set /a k: OK");
  const std::string line = AuditLine("a\nb\x1b[1m", "", std::string(10000, 'x'), "\xFF");
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find("ab[1m from -: ") != std::string::npos);
  CHECK(line.size() < 3 * kMaxAuditPart);
}

}  // namespace
}  // namespace nscp::kernel
