// What only Windows has.
#include "kernel/settings/context.h"

#include <doctest/doctest.h>

#include "kernel/settings/boot.h"
#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

TEST_CASE("there is no registry here, and the answer says so") {
  const auto settings =
      Settings::Open({"registry://HKLM/x", PathTokens("/x", {}), {}, {}, {}}, kKnown);
  CHECK(settings.status().message().find("registry") != std::string::npos);
}

TEST_CASE("no old file is looked for here") {
  const TempFolder temp;
  temp.Write("nsc.ini", "");
  const PathTokens tokens(temp.path(), {{"boot-conf", temp.File("boot.ini")}});
  CHECK(StoresToTry({}, "", tokens) == std::vector<std::string>{"ini"});
}

}  // namespace
}  // namespace nscp::kernel
