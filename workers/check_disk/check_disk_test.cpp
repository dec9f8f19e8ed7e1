#include "workers/check_disk/check_disk.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/temp_folder.h"
#include "workers/check_disk/mounts.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_disk {
namespace {

using checks::FakeCall;
using checks::FakeHost;
using sdk::State;

// Of Windows, and of old agents.
template <class Ask>
void CheckAbsent(const Ask& ask) {
  for (const char* absent : {"check_storagepool", "check_shadowcopy", "check_share"}) {
    CHECK(ask(absent, {}).state == State::kUnknown);
    CHECK(ask(absent, {}).lines[0].message.find("is not supported on this platform") !=
          std::string::npos);
    CHECK(ask(absent, {"show-default"}).state == State::kOk);
    CHECK(ask(absent, {"nosuch=1"}).lines[0].message.rfind("Invalid command line", 0) ==
          0);
  }
  CHECK(ask("checkfiles", {"ShowAll", "MaxWarn=1"}).lines[0].message ==
        "checkFiles is a deprecated legacy command and is not supported on this "
        "platform; use check_files instead.");
  CHECK(ask("checkdrivesize", {}).lines[0].message ==
        "checkDriveSize is a deprecated legacy command and is not supported on this "
        "platform; use check_drivesize instead.");
}

TEST_CASE("the module answers from the live system") {
  const testing::TempFolder folder;
  folder.Write("a.txt", "one\ntwo\n");
  FakeHost host;
  FakeCall call;
  const auto module = MakeCheckDisk();
  sdk::StartContext context;
  context.host = &host;
  context.settings = sdk::Settings({{"/settings/disk", "trend interval", "often"}});
  REQUIRE(module->Start(context).ok());
  CHECK(host.log.size() == 1);

  auto ask = [&](const char* command, std::vector<std::string> arguments) {
    return module->OnQuery({command, std::move(arguments)}, call);
  };
  const auto drive = ask("check_drivesize", {"drive=/", "warn=none", "crit=none"});
  CHECK(sdk::FormatPlain(drive) == "OK All 1 drive(s) are ok");
  const auto files = ask("check_files", {"path=" + folder.path(), "top-syntax=%(list)",
                                         "detail-syntax=%(name) %(size) %(line_count) "
                                         "%(md5_checksum)"});
  CHECK(sdk::FormatPlain(files) == "a.txt 8 2 2094b601daac3d68f5aed51d3c20f7cd");
  const auto single =
      ask("check_single_file",
          {"file=" + folder.File("a.txt"), "detail-syntax=%(filename) %(line_count)"});
  CHECK(sdk::FormatPlain(single) == "OK: a.txt 2");
  CHECK(sdk::FormatPlain(ask("check_mount", {"mount=/", "detail-syntax=%(mount)",
                                             "top-syntax=%(list)"})) == "/");
  const auto wrote = ask("check_disk_write", {"file=" + folder.File("probe"), "size=4k"});
  CHECK(wrote.state == State::kOk);
  CHECK(wrote.lines[0].message.find("wrote and read back 4096 bytes in ") !=
        std::string::npos);
  CHECK(ask("check_uncpath", {"path=/", "warn=none", "crit=none"}).state == State::kOk);
  if (SystemPathStyle() == PathStyle::kPosix) CheckAbsent(ask);
  CHECK(ask("check_other", {}).state == State::kUnknown);
  REQUIRE(module->Reload(sdk::Settings({{"/settings/disk", "disable", "trend"}})).ok());
  module->Stop();
}

TEST_CASE("what is switched off is said, and no half of a check passes for the whole") {
  FakeHost host;
  FakeCall call;
  const auto module = MakeCheckDisk();
  sdk::StartContext context;
  context.host = &host;
  context.no_start = true;
  REQUIRE(module->Start(context).ok());
  for (const char* command : {"check_disk_io", "check_disk_health"}) {
    CHECK(sdk::FormatPlain(module->OnQuery({command, {}}, call)) ==
          "Collector not started");
  }
  REQUIRE(
      module->Reload(sdk::Settings({{"/settings/disk", "disable", "disk_io,disk_free"}}))
          .ok());
  CHECK(sdk::FormatPlain(module->OnQuery({"check_disk_health", {}}, call)) ==
        "Collector not started");
}

TEST_CASE("the space on drives is a metric until disk_free is disabled") {
  FakeHost host;
  const auto module = MakeCheckDisk();
  sdk::StartContext context;
  context.host = &host;
  context.no_start = true;
  REQUIRE(module->Start(context).ok());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  // In a container there may be no real drive.
  const auto mounts = ReadMounts();
  REQUIRE(mounts.ok());
  const bool none = std::all_of(mounts->begin(), mounts->end(),
                                [](const Mount& mount) { return mount.pseudo; });
  CHECK(module->OnMetrics(deadline).empty() == none);
  const sdk::Settings off({{"/settings/disk", "disable", "trend, disk_free"}});
  REQUIRE(module->Reload(off).ok());
  CHECK(module->OnMetrics(deadline).empty());
}

}  // namespace
}  // namespace nscp::check_disk
