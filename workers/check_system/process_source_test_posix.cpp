#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/unit/temp_folder.h"
#include "workers/check_system/owner_names.h"
#include "workers/check_system/proc_process.h"

namespace nscp::check_system {
namespace {

// A folder like /proc. Constructed, with lines of the recorded form.
class FakeProc {
 public:
  FakeProc() {
    folder_.Write("uptime", "14825.42 6770.94\n");
    folder_.Write("stat", "cpu  10 20 30 40 50 60 70 80 0 0\nctxt 5\n");
    folder_.Write("meminfo", "not a process");
    folder_.Write("12x/stat", "not a process either");
  }
  void Add(const std::string& pid, const std::string& name, const std::string& exe) {
    folder_.Write(pid + "/stat", pid + " (" + name +
                                     ") S 1 1 1 0 -1 0 0 0 3 0 5 6 0 0 20 0 1 0 482500 "
                                     "8192 2 0\n");
    folder_.Write(pid + "/status", "Uid:\t7\t0\t0\t0\nVmPeak:\t9 kB\n");
    folder_.Write(pid + "/cmdline", std::string("prog\0arg\0", 9));
    if (!exe.empty()) {
      std::filesystem::create_symlink(exe, folder_.File(pid + "/exe"));
    }
  }
  std::vector<Process> Read(ProcessWish wish) const {
    std::vector<Process> processes;
    const auto source = MakeProcSource(folder_.path());
    REQUIRE(source
                ->ForEach(wish,
                          [&](Process&& process) {
                            processes.push_back(std::move(process));
                            return true;
                          })
                .ok());
    std::sort(processes.begin(), processes.end(),
              [](const Process& a, const Process& b) { return a.pid < b.pid; });
    return processes;
  }
  const testing::TempFolder& folder() const { return folder_; }

 private:
  testing::TempFolder folder_;
};

TEST_CASE("a folder like /proc gives its processes, and leaves out what has ended") {
  FakeProc proc;
  proc.Add("5", "kworker/0:1", "");
  proc.Add("40", "comm", "/usr/bin/program (deleted)");
  proc.folder().Write("41/status", "ended between two reads");
  proc.folder().Write("42/stat", "no such form");
  const auto few = proc.Read({});
  REQUIRE(few.size() == 3);
  CHECK(few[0].pid == 5);
  CHECK(few[0].exe == "kworker/0:1");
  CHECK(few[1].exe == "program");
  CHECK(few[1].filename == "/usr/bin/program");
  CHECK(few[1].uid == -1);
  CHECK(few[1].command_line.empty());
  CHECK(few[1].page_faults == 3);
  CHECK(few[1].elapsed == 14825 - 482500 / static_cast<int64_t>(::sysconf(_SC_CLK_TCK)));
  CHECK(few[2].error == "Cannot read stat: it has an unknown form");

  ProcessWish all;
  all.command_line = all.details = true;
  const auto whole = proc.Read(all);
  CHECK(whole[1].uid == 7);
  CHECK(whole[1].peak_virtual_size == 9 * 1024);
  CHECK(whole[1].command_line == "prog arg");

  ProcessWish without;
  without.executable = false;
  CHECK(proc.Read(without)[1].exe == "comm");

  ProcessWish named;
  named.wanted = [](std::string_view exe) { return exe == "program"; };
  REQUIRE(proc.Read(named).size() == 1);
  CHECK(proc.Read(named)[0].pid == 40);
  CHECK(*MakeProcSource(proc.folder().path())->TotalTicks() == 360);
}

TEST_CASE("a name is taken from the command line where there is no other") {
  FakeProc proc;
  proc.Add("5", "", "");
  CHECK(proc.Read({})[0].exe == "prog");
}

TEST_CASE("listing stops when nobody waits, and tells when there is no /proc") {
  FakeProc proc;
  for (int pid = 100; pid < 300; ++pid) proc.Add(std::to_string(pid), "x", "");
  const auto source = MakeProcSource(proc.folder().path());
  ProcessWish wish;
  size_t seen = 0;
  wish.cancelled = [&] { return seen > 0; };
  const Status stopped = source->ForEach(wish, [&](Process&&) { return ++seen > 0; });
  CHECK(stopped.code() == Code::kCancelled);
  CHECK(seen < 65);
  seen = 0;
  CHECK(source->ForEach({}, [&](Process&&) { return ++seen < 3; }).ok());
  CHECK(seen == 3);
  CHECK_FALSE(
      MakeProcSource("/nowhere")->ForEach({}, [](Process&&) { return true; }).ok());
}

TEST_CASE("this process is in the system's own list") {
  bool found = false;
  ProcessWish wish;
  wish.command_line = wish.details = true;
  REQUIRE(MakeProcessSource()
              ->ForEach(wish,
                        [&](Process&& process) {
                          if (process.pid != ::getpid()) return true;
                          found = true;
                          CHECK(process.exe == "check_system_test");
                          CHECK(process.uid == static_cast<int64_t>(::getuid()));
                          CHECK(process.working_set > 100000);
                          CHECK(process.peak_working_set >= process.working_set / 2);
                          return true;
                        })
              .ok());
  CHECK(found);
}

TEST_CASE("owners have names, and unknown ones none") {
  OwnerNames names;
  CHECK(names.Find(0) == "root");
  CHECK(names.Find(0) == "root");
  CHECK(names.Find(3999999999) == "");
  CHECK(names.Find(-1) == "");
}

}  // namespace
}  // namespace nscp::check_system
