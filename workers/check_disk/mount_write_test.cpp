#include <doctest/doctest.h>

#include "tests/unit/temp_folder.h"
#include "workers/check_disk/check_disk_write.h"
#include "workers/check_disk/check_mount.h"
#include "workers/check_disk/check_uncpath.h"

namespace nscp::check_disk {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

// The first three lines are recorded (Linux 6.18 in a virtual machine), the others are
// constructed: a mount over another one, a read-only mount of a writable file system,
// memory outside of the system's folders.
constexpr char kWrittenMounts[] =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24730032k\n"
    "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resv_strict\n"
    "36 27 98:0 / /mnt rw,noatime - ext3 /dev/sdb rw\n"
    "37 27 98:1 / /mnt ro,nosuid,nodev - xfs /dev/sdc rw,attr2\n"
    "38 27 98:1 / /run/media rw - xfs /dev/sdc rw\n"
    "39 27 0:50 / /tmp rw - tmpfs tmpfs rw\n";

TEST_CASE("check_mount finds what is not as wished") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{}, State::kOk, "OK: mounts are as expected"},
      {{"mount=/"}, State::kOk, "OK: mounts are as expected"},
      {{"mount=/mnt///", "fstype=XFS"}, State::kOk, "OK: mounts are as expected"},
      {{"mount=/", "fstype=zfs"},
       State::kWarning,
       "WARNING: mount / expected fstype differs: zfs != ext4"},
      {{"mount=/nope"}, State::kCritical, "CRITICAL: mount /nope not mounted"},
      {{"mount=/nope", "options=rw", "fstype=ext4"},
       State::kCritical,
       "CRITICAL: mount /nope not mounted"},
      {{"mount=/mnt", "options=ro, nosuid,nodev,attr2"},
       State::kOk,
       "OK: mounts are as expected"},
      {{"mount=/mnt", "options=rw,noexec,nosuid", "fstype=ext4"},
       State::kWarning,
       "WARNING: mount /mnt expected fstype differs: ext4 != xfs, missing options: "
       "noexec, rw, exceeding options: attr2, nodev, ro"},
      {{"fstype=zfs"}, State::kUnknown, "check_mount found nothing matching this filter"},
      {{"fstype=xfs", "top-syntax=%(list)",
        "detail-syntax=%(mount) %(device) %(fstype) %(options) %(has_issues)"},
       State::kOk,
       "/mnt /dev/sdc xfs ro,nosuid,nodev,attr2 0"},
      {{"mount=/dev/shm", "top-syntax=%(list)"}, State::kOk, "mount /dev/shm "},
      {{"ok-syntax=%(count)"}, State::kOk, "2"},
      {{"filter=options like 'nosuid'", "crit=fstype = 'xfs'"},
       State::kCritical,
       "CRITICAL: mount /mnt "},
  };
  for (const auto& row : rows) {
    const auto result =
        MountCheck(PathStyle::kPosix)
            .Run(row.arguments, checks::Environment(), ParseMountInfo(kWrittenMounts));
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  const auto unread = MountCheck(PathStyle::kPosix)
                          .Run({}, checks::Environment(),
                               Result<std::vector<Mount>>(Status::Unavailable("no")));
  CHECK(sdk::FormatPlain(unread) == "no");
}

TEST_CASE("check_disk_write says what happened") {
  WriteOutcome outcome;
  outcome.write_ms = 5;
  outcome.read_ms = 1;
  outcome.total_ms = 7;
  const auto run = [&](const Words& arguments) {
    return DiskWriteCheck().Run(arguments, checks::Environment(),
                                [&](const std::string&, size_t) { return outcome; });
  };
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"file=/x"}, State::kOk, "OK: /x: wrote and read back 1024 bytes in 7ms"},
      {{"path=/x", "size=1M", "warn=write_time > 4 or read_time > 4", "crit=size > 2M"},
       State::kWarning,
       "WARNING: /x: wrote and read back 1048576 bytes in 7ms|'/x "
       "read_time'=1ms;4;0 '/x size'=1048576B;0;2097152 '/x write_time'=5ms;4;0"},
      {{"file=/x", "size=0", "crit=total_time > 6"},
       State::kCritical,
       "CRITICAL: /x: wrote and read back 0 bytes in 7ms|'/x total_time'=7ms;0;6"},
      {{}, State::kUnknown, "No file specified (use file=<path>)"},
      {{"file=/x", "size=2M"}, State::kUnknown, "Size too large: 2M (maximum is 1M)"},
      {{"file=/x", "size=much"}, State::kUnknown, "Invalid size: much"},
      {{"file=/x", "size=-1"}, State::kUnknown, "Invalid size: -1"},
      {{"file=/x", "filter=size > 1g"}, State::kUnknown, "No write test performed"},
  };
  for (const auto& row : rows) {
    const auto result = run(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
  outcome.issues = {"failed to write to file: No space left on device",
                    "failed to delete file: Input/output error"};
  CHECK(
      sdk::FormatPlain(run({"file=/x"})) ==
      "CRITICAL: /x: failed to write to file: No space left on device, failed to delete "
      "file: Input/output error");
}

TEST_CASE("a file is written, read back and gone, and what is there is left alone") {
  const testing::TempFolder folder;
  for (const size_t bytes : {size_t{0}, size_t{1}, kMaxWriteTest}) {
    const auto outcome = TestWriting(folder.File("probe"), bytes);
    CHECK(outcome.issues.empty());
    CHECK(outcome.total_ms >= outcome.write_ms);
    CHECK(WriteTestContent(bytes).size() == bytes);
  }
  folder.Write("mine", "precious");
  CHECK(TestWriting(folder.File("mine"), 10).issues ==
        Words{"file already exists (refusing to overwrite it)"});
  CHECK(folder.Read("mine") == "precious");
  CHECK(folder.Read("probe").empty());
  const auto nowhere = TestWriting(folder.File("no/folder/probe"), 10);
  REQUIRE(nowhere.issues.size() == 1);
  CHECK(nowhere.issues[0].rfind("failed to create file: ", 0) == 0);
}

TEST_CASE("check_uncpath judges the file system below a path") {
  const auto read = [](const std::string& path, const Account& account) -> Result<Space> {
    if (!account.user.empty()) {
      return Status::PermissionDenied(account.user + " with " + account.password);
    }
    if (path == "/hung")
      return Status::DeadlineExceeded("The file system of /hung hangs");
    Space space;
    space.size = 100 << 20;
    space.free = 15 << 20;
    space.user_free = 10 << 20;
    return space;
  };
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"path=/share"},
       State::kWarning,
       "WARNING: /share: 85MB/100MB used (15MB free)|'/share_used_pct'=85%;80;90"},
      {{"path=/share", "path=/b", "warn=free < 10M",
        "crit=user_free < 1M or free_pct < 5", "top-syntax=%(status) %(count)",
        "ok-syntax=none"},
       State::kOk,
       "OK 2|'/share_free'=15728640B;10485760;0 '/share_free_pct'=15%;0;5 "
       "'/share_user_free'=10485760B;0;1048576 '/b_free'=15728640B;10485760;0 "
       "'/b_free_pct'=15%;0;5 '/b_user_free'=10485760B;0;1048576"},
      {{}, State::kUnknown, "No path specified (use path=\\\\server\\share)"},
      {{"path=/hung"}, State::kUnknown, "The file system of /hung hangs"},
      {{"path=/share", "filter=size > 1t"}, State::kUnknown, "UNKNOWN: No paths checked"},
      {{"path=/share", "user=me", "password=x"}, State::kUnknown, "me with x"},
  };
  for (const auto& row : rows) {
    const auto result = UncPathCheck().Run(row.arguments, checks::Environment(), read);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

}  // namespace
}  // namespace nscp::check_disk
