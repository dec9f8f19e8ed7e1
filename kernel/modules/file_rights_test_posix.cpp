#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/modules/manifest.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using testing::TempFolder;

TEST_CASE("a file that others may write to is refused with the cure") {
  const TempFolder temp;
  const std::string file = temp.Write("x", "");
  struct Case {
    mode_t mode;
    bool trusted;
  };
  const Case cases[] = {{0600, true},  {0644, true},  {0755, true},
                        {0664, false}, {0646, false}, {0777, false}};
  for (const Case& c : cases) {
    CAPTURE(c.mode);
    REQUIRE(chmod(file.c_str(), c.mode) == 0);
    const Status status = CheckTrustedFile(file, "manifest");
    CHECK(status.ok() == c.trusted);
    if (c.trusted) continue;
    CHECK(status.message().find("rule trusted-file: the manifest " + file) == 0);
    CHECK(status.message().find("chmod go-w") != std::string::npos);
  }
  CHECK_FALSE(CheckTrustedFile(temp.path(), "program").ok());
  CHECK_FALSE(CheckTrustedFile(temp.File("gone"), "program").ok());
}

TEST_CASE("a file of another account is refused") {
  const TempFolder temp;
  const std::string file = temp.Write("x", "");
  REQUIRE(chmod(file.c_str(), 0644) == 0);
  constexpr uid_t kNobody = 65534;
  if (geteuid() != 0) return;  // only root can give a file away
  REQUIRE(chown(file.c_str(), kNobody, static_cast<gid_t>(-1)) == 0);
  CHECK(CheckTrustedFile(file, "program").message().find("uid 65534") !=
        std::string::npos);
}

TEST_CASE("a program must be executable") {
  const TempFolder temp;
  const std::string file = temp.Write("x", "");
  REQUIRE(chmod(file.c_str(), 0644) == 0);
  CHECK(CheckExecutable(file).message().find("rule program-executable: " + file) == 0);
  REQUIRE(chmod(file.c_str(), 0755) == 0);
  CHECK(CheckExecutable(file).ok());
}

}  // namespace
}  // namespace nscp::kernel
