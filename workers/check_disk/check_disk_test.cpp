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
  CHECK(ask("check_other", {}).state == State::kUnknown);
  REQUIRE(module->Reload(sdk::Settings({{"/settings/disk", "disable", "trend"}})).ok());
  module->Stop();
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
