// Records as utmp(5) describes them, made by hand.
#include <doctest/doctest.h>
#include <utmp.h>

#include <cstring>

#include "tests/unit/temp_folder.h"
#include "workers/check_security/check_users.h"
#include "workers/check_security/users.h"

namespace nscp::check_security {
namespace {

std::string Record(short type, const char* user, const char* line, const char* host,
                   int pid) {
  utmp record{};
  record.ut_type = type;
  record.ut_pid = pid;
  record.ut_tv.tv_sec = 1700000000;
  ::strncpy(record.ut_user, user, sizeof record.ut_user);
  ::strncpy(record.ut_line, line, sizeof record.ut_line);
  ::strncpy(record.ut_host, host, sizeof record.ut_host);
  return {reinterpret_cast<const char*>(&record), sizeof record};
}

std::string Sessions() {
  std::string with_address = Record(USER_PROCESS, "eve", "pts/9", "", 15);
  const unsigned char address[4] = {192, 0, 2, 7};
  std::memcpy(&with_address[offsetof(utmp, ut_addr_v6)], address, sizeof address);
  return Record(BOOT_TIME, "reboot", "~", "6.1", 0) +
         Record(USER_PROCESS, "root", "tty1", "", 11) +
         Record(USER_PROCESS, "alice", "pts/0", "client.example.org", 12) +
         Record(DEAD_PROCESS, "bob", "pts/1", "x", 13) +
         Record(USER_PROCESS, "bob", "pts/2", "y", 66) +
         Record(USER_PROCESS, "m\xe4ry", ":0", ":0", 14) + with_address +
         Record(USER_PROCESS, std::string(200, 'u').c_str(), "pts/3", "h", 16) +
         std::string(100, '\x7f');
}

bool IsAliveButOne(int64_t pid) { return pid != 66; }

struct Fixture {
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Result<std::vector<UserSession>>& sessions) {
    return check.Run(
        arguments, {}, [&] { return sessions; }, zone);
  }
  const checks::TimeZone zone = *checks::TimeZone::Parse("utc");
  const UsersCheck check;
};

TEST_CASE("sessions of users whose process lives") {
  const auto sessions = ParseUtmp(Sessions(), &IsAliveButOne);
  REQUIRE(sessions.size() == 5);
  CHECK(sessions[0].user == "root");
  CHECK(sessions[0].client.empty());
  CHECK(sessions[1].client == "client.example.org");
  CHECK(sessions[1].terminal == "pts/0");
  CHECK(sessions[1].logged_on == 1700000000);
  CHECK(sessions[2].user == "m\xe4ry");
  CHECK(sessions[2].client.empty());
  CHECK(sessions[3].client == "192.0.2.7");
  CHECK(sessions[4].user == std::string(sizeof(utmp::ut_user), 'u'));
}

TEST_CASE("check_users lists and counts") {
  Fixture f;
  const auto sessions = ParseUtmp(Sessions().substr(0, 3 * sizeof(utmp)), &IsAliveButOne);
  CHECK(sdk::FormatPlain(f.Run({}, sessions)) == "OK: 2 user(s) logged on: root, alice");
  CHECK(sdk::FormatPlain(f.Run({"crit=session_type = 'remote'",
                                "detail-syntax=%(user)@%(client) %(session_state) "
                                "%(terminal) %(logged_on)",
                                "filter=session_type = 'remote'"},
                               sessions)) ==
        "CRITICAL: 1 user(s) logged on: alice@client.example.org active pts/0 2023-11-14 "
        "22:13:20");
  CHECK(sdk::FormatPlain(f.Run({"warn=count > 1"}, sessions)) ==
        "WARNING: 2 user(s) logged on: root, alice|'count'=2;1;0");
  const auto none = f.Run({}, std::vector<UserSession>());
  CHECK(none.state == sdk::State::kOk);
  CHECK(sdk::FormatPlain(none) == "No users logged on");
  CHECK(f.Run({}, Status::Unavailable("x")).state == sdk::State::kUnknown);
}

TEST_CASE("a list that cannot be read is an error, not nobody") {
  testing::TempFolder folder;
  const auto loop = ReadUsers(folder.path());
  CHECK(loop.status().message().find("it is no plain file") != std::string::npos);
  const auto dead =
      ReadUsers(folder.Write("utmp", Record(USER_PROCESS, "x", "pts/1", "", 2147483646)));
  REQUIRE(dead.ok());
  CHECK(dead->empty());
}

}  // namespace
}  // namespace nscp::check_security
