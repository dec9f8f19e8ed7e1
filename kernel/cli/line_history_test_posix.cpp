#include "kernel/cli/line_history.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using nscp::testing::TempFolder;
using Lines = std::deque<std::string>;

TEST_CASE("lines are kept in a file that is its owner's alone") {
  const TempFolder temp;
  const std::string file = temp.File("state/nscp/history");
  LineHistory history(file);
  CHECK(history.lines().empty());
  CHECK(history.Add("check_ok"));
  CHECK(history.Add("plugins"));
  CHECK_FALSE(history.Add("plugins"));  // the same again
  CHECK_FALSE(history.Add("  "));
  CHECK_FALSE(history.Add(std::string(kMaxHistoryLine + 1, 'x')));
  CHECK(LineHistory(file).lines() == Lines{"check_ok", "plugins"});
  struct stat about {};
  REQUIRE(stat(file.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  REQUIRE(stat(temp.File("state/nscp").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0700);
}

TEST_CASE("what may be a secret is not kept") {
  const TempFolder temp;
  LineHistory history(temp.File("h"));
  for (const char* line :
       {"check_nrpe host=x password=geheim", "x --PassWord geheim",
        "exec web add token=1", "check_x \"proxy=http://user:geheim@host\"",
        "x my-secret 1", "x pwd:1"}) {
    CAPTURE(line);
    CHECK_FALSE(history.Add(line));
  }
  CHECK(history.lines().empty());
  CHECK(history.Add("check_http url=http://host/path"));
  CHECK(temp.Read("h") == "check_http url=http://host/path\n");
}

TEST_CASE("two programs add to one file, and what is too much goes at the next start") {
  const TempFolder temp;
  const std::string file = temp.File("h");
  LineHistory one(file);
  LineHistory other(file);
  CHECK(one.Add("one"));
  CHECK(other.Add("other"));
  CHECK(LineHistory(file).lines() == Lines{"one", "other"});
  for (size_t i = 0; i < 2 * kMaxHistoryLines; ++i) one.Add("line " + std::to_string(i));
  CHECK(one.lines().size() == kMaxHistoryLines);
  const auto before = std::filesystem::file_size(file);
  CHECK(LineHistory(file).lines() == one.lines());
  CHECK(std::filesystem::file_size(file) < before);
  CHECK(LineHistory(file).lines() == one.lines());
}

TEST_CASE("where no file can be, the lines are in memory") {
  const TempFolder temp;
  temp.Write("plain", "");
  std::filesystem::create_symlink(temp.File("plain"), temp.File("link"));
  for (const std::string& file :
       {std::string(), temp.File("plain/below"), temp.File("link"), temp.path()}) {
    CAPTURE(file);
    LineHistory history(file);
    CHECK(history.Add("check_ok"));
    CHECK(history.lines() == Lines{"check_ok"});
    CHECK(LineHistory(file).lines().empty());
  }
  CHECK(temp.Read("plain").empty());
}

}  // namespace
}  // namespace nscp::kernel
