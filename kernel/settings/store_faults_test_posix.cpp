// A save that can't be done: the error says why, the old file is kept, nothing is left
// beside it.
#include <csignal>
#include <string>

#include <doctest/doctest.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/settings/atomic_file.h"
#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

constexpr uid_t kNobody = 65534;

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().u8string());
  }
  return names;
}

// What a save says in a process of its own, after `prepare` has made it impossible there.
template <typename Prepare>
std::string SaveElsewhere(const std::string& file, const std::string& value,
                          Prepare prepare) {
  int report[2];
  REQUIRE(pipe(report) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(report[0]);
    prepare();
    SettingsOptions options{file, PathTokens("/x", {}), {}, {}, {}};
    const auto settings = Settings::Open(std::move(options), kKnown);
    if (!settings.ok()) _exit(1);
    const std::string said = Set(**settings, "/a", "b", value, true).ToString();
    _exit(write(report[1], said.data(), said.size()) < 0 ? 1 : 0);
  }
  close(report[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t got; (got = read(report[0], buffer, sizeof buffer)) > 0;) {
    said.append(buffer, static_cast<size_t>(got));
  }
  close(report[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  return said;
}

bool Says(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

// Root may write everything; the rights of others are tried as somebody else.
void BecomeNobody() {
  if (geteuid() != 0) return;
  if (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0 || setuid(kNobody) != 0) {
    _exit(2);
  }
}

void GiveToNobody(const std::string& path) {
  if (geteuid() == 0) REQUIRE(chown(path.c_str(), kNobody, kNobody) == 0);
}

TEST_CASE("a full disk is told with the file's name, and the old file stays") {
  const TempFolder temp;
  const std::string old = "[/a]\nb = 1\n";
  const std::string file = temp.Write("x.ini", old);
  const std::string said = SaveElsewhere(file, std::string(60000, 'v'), [] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{8192, 8192};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
  });
  CAPTURE(said);
  CHECK(Says(said, "writing " + file));
  CHECK(Says(said, "errno=27"));
  CHECK(Says(said, "the file is as it was"));
  CHECK_FALSE(Says(said, ".tmp"));
  CHECK(temp.Read("x.ini") == old);
  CHECK(NamesIn(temp.path()) == std::vector<std::string>{"x.ini"});
}

TEST_CASE("what is no regular file is not replaced by one") {
  const TempFolder temp;
  REQUIRE(mkfifo(temp.File("x.ini").c_str(), 0600) == 0);
  const Status refused = WriteFileAtomically(temp.File("x.ini"), "x");
  CHECK(refused.code() == Code::kFailedPrecondition);
  CHECK(std::filesystem::is_fifo(temp.File("x.ini")));
  CHECK(NamesIn(temp.path()) == std::vector<std::string>{"x.ini"});
}

TEST_CASE("a file that is read-only stays as it is, though its folder can be written") {
  const TempFolder temp;
  const std::string old = "[/a]\nb = 1\n";
  const std::string file = temp.Write("x.ini", old);
  REQUIRE(chmod(file.c_str(), 0444) == 0);
  GiveToNobody(file);
  GiveToNobody(temp.path());
  const std::string said = SaveElsewhere(file, "2", BecomeNobody);
  CAPTURE(said);
  CHECK(Says(said, file));
  CHECK(Says(said, "write access"));
  CHECK(Says(said, "failed precondition"));  // it is not the caller's right that lacks
  CHECK(temp.Read("x.ini") == old);
  CHECK(NamesIn(temp.path()) == std::vector<std::string>{"x.ini"});
}

TEST_CASE("a folder that is read-only keeps its file") {
  const TempFolder temp;
  const std::string old = "[/a]\nb = 1\n";
  const std::string file = temp.Write("x.ini", old);
  GiveToNobody(file);
  GiveToNobody(temp.path());
  REQUIRE(chmod(temp.path().c_str(), 0555) == 0);
  const std::string said = SaveElsewhere(file, "2", BecomeNobody);
  REQUIRE(chmod(temp.path().c_str(), 0755) == 0);
  CAPTURE(said);
  CHECK(Says(said, file));
  CHECK(Says(said, "write access"));
  CHECK(Says(said, "failed precondition"));  // it is not the caller's right that lacks
  CHECK(temp.Read("x.ini") == old);
  CHECK(NamesIn(temp.path()) == std::vector<std::string>{"x.ini"});
}

TEST_CASE("a link to a file that is not there yet stays a link") {
  const TempFolder temp;
  REQUIRE(symlink("real.ini", temp.File("x.ini").c_str()) == 0);
  REQUIRE(Set(*Open(temp.File("x.ini")), "/a", "b", "1", true).ok());
  CHECK(std::filesystem::is_symlink(temp.File("x.ini")));
  CHECK(IniFile::Parse(temp.Read("real.ini")).Get("/a", "b") ==
        std::optional<std::string>("1"));
}

}  // namespace
}  // namespace nscp::kernel
