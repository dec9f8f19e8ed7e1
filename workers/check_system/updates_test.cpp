#include <doctest/doctest.h>

#include <future>

#include "workers/check_system/check_os_updates.h"
#include "workers/check_system/test_tools.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

// Recorded on Debian 12: apt-get -s -o Debug::NoLocking=true upgrade, shortened.
constexpr char kApt[] =
    "Reading package lists...\nBuilding dependency tree...\nReading state "
    "information...\nThe following packages will be upgraded:\n  bash libgcrypt20 "
    "tzdata\n"
    "Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])\n"
    "Conf bash (5.2.15-2+b13 Debian:12.15/oldstable [amd64])\n"
    "Inst libgcrypt20-dev [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, "
    "Debian-Security:12/oldstable-security [amd64]) []\n"
    "Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, "
    "Debian-Security:12/oldstable-security [amd64])\n"
    "Inst tzdata [2025b-0+deb12u2] (2026f-0+deb12u1 "
    "Debian-Security:12/oldstable-security [all])\n";
// Constructed in the form of dnf(8): a name too long for its column, obsolete packages.
constexpr char kDnf[] =
    "\nbash.x86_64                 5.1.8-9.el9                 baseos\n"
    "glibc.i686                  2.34-125.el9                baseos\n"
    "glibc.x86_64                2.34-125.el9                baseos\n"
    "a-package-whose-name-is-much-longer-than-its-column.noarch\n"
    "                            1.0-1.el9                   appstream\n"
    "Obsoleting Packages\n"
    "old.noarch                  1-1                         baseos\n"
    "    older.noarch            0-1                         @System\n";
// Constructed in the form of zypper(8).
constexpr char kZypper[] =
    "S | Repository      | Name   | Current Version | Available Version | Arch\n"
    "--+-----------------+--------+-----------------+-------------------+-------\n"
    "v | Main Update     | bash   | 4.4-9.10.1      | 4.4-9.14.1        | x86_64\n"
    "v | Main Update     | curl   | 8.0.1-1         | 8.0.1-2           | x86_64\n";
constexpr char kZypperPatches[] =
    "Repository  | Name            | Category | Severity  | Interactive | Status | "
    "Summary\n"
    "------------+-----------------+----------+-----------+-------------+--------+-------"
    "-\n"
    "Main Update | SUSE-2024-1     | security | important | ---         | needed | curl\n"
    "Main Update | SUSE-2024-2     | security | low       | ---         | applied | "
    "tar\n";
// Constructed in the form of pacman(8).
constexpr char kPacman[] =
    "bash 5.2.021-1 -> 5.2.026-2\nlinux 6.7.arch3-1 -> 6.7.1.arch1-1 [ignored]\n"
    "curl 8.5.0-1 -> 8.6.0-1\n";

constexpr char kAptLine[] = "apt-get -s -o Debug::NoLocking=true upgrade";
constexpr char kZypperLine[] = "zypper --non-interactive --quiet --no-refresh ";

TEST_CASE("each package manager's updates") {
  const struct {
    const char* manager;
    FakeTools tools;
    Words packages;
    size_t security;
  } rows[] = {
      {"apt-get",
       FakeTools().Add(kAptLine, 0, kApt),
       {"bash", "libgcrypt20", "libgcrypt20-dev", "tzdata"},
       3},
      {"apt-get", FakeTools().Add(kAptLine, 0, "Reading package lists...\n"), {}, 0},
      {"dnf",
       FakeTools()
           .Add("dnf -q check-update", 100, kDnf)
           .Add("dnf -q --security check-update", 100,
                "\nbash.x86_64    5.1.8-9.el9    baseos\n"),
       {"a-package-whose-name-is-much-longer-than-its-column", "bash", "glibc"},
       1},
      {"yum", FakeTools().Add("yum -q check-update", 0, ""), {}, 0},
      {"zypper",
       FakeTools()
           .Add(kZypperLine + std::string("list-updates"), 0, kZypper)
           .Add(kZypperLine + std::string("list-patches --category security"), 0,
                kZypperPatches),
       {"bash", "curl"},
       1},
      {"pacman", FakeTools().Add("pacman -Qu", 0, kPacman), {"bash", "curl"}, 0},
      {"pacman", FakeTools().Add("pacman -Qu", 1, ""), {}, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.manager);
    FakeTools tools = row.tools;
    const auto updates = AskForUpdates(tools.run());
    REQUIRE(updates.ok());
    CHECK(updates->manager == row.manager);
    CHECK(updates->packages == row.packages);
    CHECK(updates->security == row.security);
  }
}

TEST_CASE("no package manager, and one that fails") {
  FakeTools none;
  CHECK(AskForUpdates(none.run()).status().message() ==
        "No supported package manager found (apt-get/dnf/yum/zypper/pacman)");
  FakeTools broken;
  broken.Add(kAptLine, 100, "Reading...\nE: The list of sources could not be read.\n");
  CHECK(AskForUpdates(broken.run()).status().message() ==
        "Failed to ask apt-get for updates: it exited with 100: E: The list of sources "
        "could not be read.");
  FakeTools late;
  late.failure = Status::DeadlineExceeded("apt-get did not end within 120 s");
  CHECK(AskForUpdates(late.run()).status().message() == late.failure.message());
}

TEST_CASE("a package manager is not asked again for ten minutes") {
  UpdatesKeeper::Clock::time_point now{};
  FakeTools tools;
  tools.Add(kAptLine, 0, kApt);
  UpdatesKeeper keeper(tools.run(), [&now] { return now; });
  const auto get = [&] { return keeper.Get({}); };
  CHECK(get().value_or({}).age == 0);
  now += std::chrono::minutes(9);
  CHECK(get().value_or({}).age == 540);
  CHECK(tools.asked.size() == 1);
  now += std::chrono::minutes(2);
  CHECK(get().value_or({}).age == 0);
  CHECK(tools.asked.size() == 2);
  // An error is not kept.
  now += std::chrono::minutes(11);
  tools.failure = Status::Unavailable("no");
  CHECK_FALSE(get().ok());
  tools.failure = Status::Ok();
  CHECK(get().ok());
  CHECK(tools.asked.size() == 4);
  keeper.Stop();
  CHECK(get().ok());
  now += std::chrono::minutes(11);
  CHECK_FALSE(get().ok());
}

TEST_CASE("who does not wait leaves the answer to the next one") {
  FakeTools tools;
  tools.Add(kAptLine, 0, kApt);
  const RunTool answer = tools.run();
  std::promise<void> go;
  UpdatesKeeper keeper(
      [&, went = go.get_future().share()](const Words& words,
                                          std::chrono::milliseconds limit) {
        went.wait();
        return answer(words, limit);
      },
      &UpdatesKeeper::Clock::now);
  CHECK(keeper.Get([] { return true; }).status().code() == Code::kCancelled);
  CHECK(keeper.Get([] { return true; }).status().code() == Code::kCancelled);
  go.set_value();
  CHECK(keeper.Get({}).value_or({}).packages.size() == 4);
  CHECK(tools.asked.size() == 1);
}

TEST_CASE("what check_os_updates says") {
  const struct {
    size_t packages;
    size_t security;
    State state;
    const char* text;
  } rows[] = {
      {0, 0, State::kOk,
       "OK: 0 updates available (0 security) via apt-get|'updates_security'=0;0;0 "
       "'updates'=0;0;0"},
      {2, 0, State::kWarning,
       "WARNING: 2 updates available (0 security) via apt-get|'updates_security'=0;0;0 "
       "'updates'=2;0;0"},
      {3, 1, State::kCritical,
       "CRITICAL: 3 updates available (1 security) via apt-get|'updates_security'=1;0;0 "
       "'updates'=3;0;0"},
  };
  const OsUpdatesCheck check;
  for (const auto& row : rows) {
    const auto result = check.Run({}, {}, [&]() -> Result<Updates> {
      return Updates{"apt-get", Words(row.packages, "p"), row.security, 0};
    });
    CHECK(result.state == row.state);
    CHECK(sdk::FormatPlain(result) == row.text);
  }
}

TEST_CASE("what is no list gives no updates") {
  for (const char* text :
       {"", "\n", "\t\t\t\t\t\t\n", "a\tb\n", "Inst \n", " . \n", "|||||\n"}) {
    CAPTURE(text);
    CHECK(ParseDnfUpdates(text).empty());
    CHECK(ParseZypperUpdates(text).empty());
    CHECK(ParsePacmanUpdates(text).empty());
    Updates updates;
    ParseAptUpgrade(text, updates);
    CHECK(updates.security == 0);
  }
}

}  // namespace
}  // namespace nscp::check_system
