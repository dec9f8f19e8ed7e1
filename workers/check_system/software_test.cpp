#include <doctest/doctest.h>

#include "workers/check_system/check_installed_software.h"
#include "workers/check_system/test_tools.h"

namespace nscp::check_system {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

// Recorded on Debian 12 with DpkgWords(), shortened; the last two are constructed.
constexpr char kDpkg[] =
    "bash\t5.2.15-2+b8\tMatthias Klose <doko@debian.org>\tamd64\tinstalled\t7164\t"
    "1747699200\n"
    "libc6\t2.36-9+deb12u14\tGNU Libc Maintainers "
    "<debian-glibc@lists.debian.org>\tamd64\t"
    "installed\t13001\t1779294443\n"
    "removed\t1.0-1\tSomebody\tall\tconfig-files\t10\t1779294443\n"
    "half\t1.0-1\t\xff\tall\thalf-configured\t\t\n";
// Constructed in the form of rpm(8) with RpmWords().
constexpr char kRpm[] =
    "bash\t5.1.8-9.el9\tRed Hat, Inc.\tx86_64\tinstalled\t7738634\t1700000000\n"
    "gpg-pubkey\tfd431d51-4ae0493b\t(none)\t(none)\tinstalled\t0\t1690000000\n";
// Constructed in the form of pacman(8).
constexpr char kPacmanInfo[] =
    "Name            : bash\nVersion         : 5.2.026-2\nDescription     : The shell : "
    "yes\nArchitecture    : x86_64\nDepends On      : readline  libreadline.so=8-64\n"
    "                  glibc : ncurses\nInstalled Size  : 9.50 MiB\nPackager        : "
    "Somebody <a@example.org>\nInstall Date    : Thu Jan 11 12:00:00 2024\n\n"
    "Name            : curl\nInstall Date    : last week\nInstalled Size  : 12 B\n";

TEST_CASE("each package manager's list") {
  const auto dpkg = ParseDpkg(kDpkg);
  REQUIRE(dpkg.size() == 3);
  CHECK(dpkg[0].name == "bash");
  CHECK(dpkg[0].version == "5.2.15-2+b8");
  CHECK(dpkg[0].publisher == "Matthias Klose <doko@debian.org>");
  CHECK(dpkg[0].architecture == "amd64");
  CHECK(dpkg[0].manager == "dpkg");
  CHECK(dpkg[0].size == 7164 * 1024);
  CHECK(dpkg[0].installed == 1747699200);
  CHECK(dpkg[2].status == "half-configured");
  CHECK_FALSE(dpkg[2].installed);
  CHECK(dpkg[2].size == 0);
  const auto rpm = ParseRpm(kRpm);
  REQUIRE(rpm.size() == 2);
  CHECK(rpm[0].publisher == "Red Hat, Inc.");
  CHECK(rpm[0].size == 7738634);
  CHECK(rpm[1].publisher.empty());
  CHECK(rpm[1].architecture.empty());
  const auto pacman = ParsePacman(kPacmanInfo);
  REQUIRE(pacman.size() == 2);
  CHECK(pacman[0].version == "5.2.026-2");
  CHECK(pacman[0].publisher == "Somebody <a@example.org>");
  CHECK(pacman[0].size == 9961472);
  CHECK(pacman[0].installed == 1704974400);
  CHECK_FALSE(pacman[1].installed);
  CHECK(pacman[1].size == 12);
}

TEST_CASE("what is no list gives no packages") {
  for (const char* text : {"", "\n", "\t\t\t\t\t\t\n", "a\tb\n", "Name : \n", " : \n"}) {
    CAPTURE(text);
    CHECK(ParseRpm(text).size() <= 1);
    CHECK(ParsePacman(text).size() <= 1);
  }
  const auto huge = ParseRpm("a\t1\tv\tx\tinstalled\t9223372036854775807\t-1\n");
  REQUIRE(huge.size() == 1);
  CHECK(huge[0].size > 0);
}

std::string DpkgLine() {
  std::string line;
  for (const std::string& word : DpkgWords()) line += (line.empty() ? "" : " ") + word;
  return line;
}

TEST_CASE("the package manager that is there is asked") {
  FakeTools none;
  CHECK(ListSoftware(none.run()).status().message() ==
        "No supported package manager found (dpkg/rpm/pacman)");
  FakeTools pacman;
  pacman.Add("pacman -Qi", 0, kPacmanInfo);
  CHECK(ListSoftware(pacman.run()).value_or({}).size() == 2);
  // dpkg as a mere tool on a system of another kind.
  FakeTools both;
  both.Add(DpkgLine(), 0, "").Add("pacman -Qi", 0, kPacmanInfo);
  CHECK(ListSoftware(both.run()).value_or({}).size() == 2);
  FakeTools empty;
  empty.Add(DpkgLine(), 0, "");
  const auto nothing = ListSoftware(empty.run());
  REQUIRE(nothing.ok());
  CHECK(nothing->empty());
  FakeTools broken;
  broken.Add(DpkgLine(), 2, "dpkg-query: error: failed to open package info file\n");
  CHECK(ListSoftware(broken.run()).status().message() ==
        "Failed to query installed software from dpkg (dpkg-query): it exited with 2: "
        "dpkg-query: error: failed to open package info file");
}

TEST_CASE("what check_installed_software says") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{}, State::kOk, "OK: 3 software packages installed.|'count'=3;0;0"},
      {{"filter=name = 'bash'", "crit=version != '6'"},
       State::kCritical,
       "CRITICAL: bash 5.2.15-2+b8 (Matthias Klose <doko@debian.org>)|'count'=1;0;0"},
      {{"filter=name = 'telnetd'", "crit=count > 0"},
       State::kOk,
       "OK: No installed software found|'count'=0;0;0"},
      {{"filter=package_status != 'installed'", "warn=count > 0"},
       State::kWarning,
       "WARNING: half 1.0-1 (\xff)|'count'=1;0;0"},
      {{"filter=size > 10m", "crit=install_date > -1d", "perf-config=none",
        "top-syntax=%(list)",
        "detail-syntax=%(name) %(install_date) %(install_date_s) %(size) %(manager)"},
       State::kOk,
       "libc6 2026-05-20 16:27:23 2026-05-20 16:27:23 12.696MB "
       "dpkg|'libc6_install_date'=1779294443;0;1799913600"},
      {{"filter=install_date_s = 'unknown'", "top-syntax=%(list)",
        "detail-syntax=%(name) %(install_date)", "crit=install_date > 0d"},
       State::kOk,
       "half unknown|'count'=1;0;0"},
  };
  const InstalledSoftwareCheck check;
  checks::Environment environment;
  environment.now = 1800000000;
  const auto zone = checks::TimeZone::Parse("utc");
  for (const auto& row : rows) {
    const auto result = check.Run(
        row.arguments, environment,
        []() -> Result<std::vector<Software>> { return ParseDpkg(kDpkg); }, *zone);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

}  // namespace
}  // namespace nscp::check_system
