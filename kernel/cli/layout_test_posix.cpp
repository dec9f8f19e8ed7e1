#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>

#include "kernel/cli/layout_files.h"
#include "kernel/cli/private_folder.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

TEST_CASE("a link among the files, or in the place of the folder, is not followed") {
  const nscp::testing::TempFolder temp;
  temp.Write("program/cache/x", "x");
  temp.Write("elsewhere/secret", "x");
  REQUIRE(symlink(temp.File("elsewhere").c_str(),
                  temp.File("program/cache/link").c_str()) == 0);
  CHECK(FilesOfLayout(temp.File("program")).status().message().find("can't be moved") !=
        std::string::npos);
  REQUIRE(symlink(temp.File("elsewhere").c_str(), temp.File("folder").c_str()) == 0);
  CHECK_FALSE(IsPrivateFolder(temp.File("folder")));
  CHECK(MakePrivateFolder(temp.File("folder")).code() == Code::kAlreadyExists);
  CHECK_FALSE(IsPrivateFolder(temp.File("nowhere")));
}

}  // namespace
}  // namespace nscp::kernel
