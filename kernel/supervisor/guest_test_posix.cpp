// What workers do to their kernel: descendants, output, descriptors; and its shutdown.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "kernel/supervisor/supervisor_fixture.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How much later than promised something may come on a busy machine.
constexpr milliseconds kSlack{2000};

milliseconds Since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The pids that a worker told in lines "descendant <pid>".
std::vector<int64_t> Descendants(const FakePort& port) {
  std::vector<int64_t> pids;
  for (const std::string& line : port.Output()) {
    if (StartsWith(line, "descendant ")) pids.push_back(atol(line.c_str() + 11));
  }
  return pids;
}

TEST_CASE("no descendant outlives its worker, whatever session it is in") {
  for (const bool crash : {false, true}) {
    CAPTURE(crash);
    Room room;
    const int children = CountChildren();
    CHECK(room.Load(Room::Worker("a", "family")).ok());
    CHECK(room.port.WaitFor("descendant ", 4));
    const std::vector<int64_t> pids = Descendants(room.port);
    for (int64_t pid : pids) CHECK(kill(static_cast<pid_t>(pid), 0) == 0);
    const int64_t worker = room.Slot("a").pid;
    if (crash) kill(static_cast<pid_t>(worker), SIGKILL);
    CHECK(room.Unload("a").ok());
    for (int64_t pid : pids) CHECK(WaitForEnd(pid));
    room.supervisor->Shutdown();
    CHECK(CountChildren() == children);
  }
}

TEST_CASE("a flood of output is bounded and holds nobody up") {
  Room room;
  CHECK(room.Load(Room::Worker("flood", "flood")).ok());
  CHECK(room.port.WaitFor("[", 2));  // two seconds of it
  const auto start = steady_clock::now();
  CHECK(room.Load(Room::Worker("b", "run")).ok());
  CHECK(Since(start) < kSlack);
  const std::vector<std::string> lines = room.port.Output();
  CHECK(lines.size() <= 1000);
  CHECK(std::all_of(lines.begin(), lines.end(),
                    [](const std::string& line) { return line.size() < 4200; }));
  CHECK(Contains(lines[0], " [line cut]"));
}

TEST_CASE("output is bytes, and both streams stand in the record of the end") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "bytes")).ok());
  CHECK(room.port.WaitFor("latin1 \xe9\xff, bell \x07"));
  CHECK(room.port.WaitFor("to stderr"));
  CHECK(room.Unload("a").ok());
  const std::vector<std::string> last = room.port.Ends()[0].last_lines;
  CHECK(std::count(last.begin(), last.end(), "to stderr") == 1);
  CHECK(std::count(last.begin(), last.end(), "unfinished") == 1);
}

TEST_CASE("a descriptor reaches the worker, announced by its name") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  CHECK(room.supervisor->PassDescriptor("a", 1, "web", ends[1]).ok());
  close(ends[1]);
  char text[64] = {};
  CHECK(read(ends[0], text, sizeof text - 1) > 0);
  CHECK(std::string(text) == "from the worker\n");
  close(ends[0]);
  CHECK(room.port.WaitFor("line descriptor web"));
  for (const std::string& name :
       {std::string("two words"), std::string("two\nlines"), std::string("\xe9"),
        std::string(), std::string(256, 'n')}) {
    CHECK(room.supervisor->PassDescriptor("a", 1, name, 0).code() ==
          Code::kInvalidArgument);
  }
}

TEST_CASE("a worker that never reads its standard input does not block its kernel") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "deaf")).ok());
  Status status;
  for (int i = 0; i < 100000 && status.ok(); ++i) {
    status =
        room.supervisor->PassDescriptor("a", 1, std::string(100, 'n'), STDERR_FILENO);
  }
  CHECK_FALSE(status.ok());
  CHECK(room.Slot("a").state == SlotState::kRunning);
}

TEST_CASE("a shutdown of workers that ignore everything ends by the timings") {
  SupervisorTimings timings = Room::Short();
  Room room(timings);
  room.port.AnswerDrains(false);
  for (const char* name : {"a", "b", "c", "d"}) {
    CHECK(room.Load(Room::Worker(name, "stubborn")).ok());
  }
  room.port.AnswerStarts(FakePort::Answer::kNothing);
  Answer starting;
  room.supervisor->Load(Room::Worker("e", "stubborn"), starting.Done());
  CHECK(room.port.WaitFor("start e"));
  const auto start = steady_clock::now();
  room.supervisor->Shutdown();
  CHECK(Since(start) < timings.drain + timings.stop + timings.terminate + kSlack);
  CHECK(room.port.Count("gone") == 5);
  CHECK(starting.Wait().code() == Code::kCancelled);
  CHECK(room.Load(Room::Worker("f", "run")).code() == Code::kUnavailable);
  CHECK(room.Unload("a").code() == Code::kUnavailable);
  CHECK(room.supervisor->PassDescriptor("a", 1, "x", 0).code() == Code::kUnavailable);
  room.supervisor->Shutdown();
}

TEST_CASE("a shutdown ends every state a slot may be in") {
  SupervisorTimings timings = Room::Short();
  timings.backoff_first = timings.backoff_cap = milliseconds(60000);
  Room room(timings);
  CHECK(room.Load(Room::Worker("running", "run")).ok());
  CHECK(room.Load(Room::Worker("stopped", "run")).ok());
  CHECK(room.Unload("stopped").ok());
  CHECK_FALSE(room.Load(Room::Worker("backoff", "exit-unattached", "1")).ok());
  CHECK_FALSE(room.Load(Room::Worker("refused", "exit-unattached", "78")).ok());
  CHECK(room.Load(Room::Worker("draining", "stubborn")).ok());
  room.supervisor->Unload("draining", nullptr);
  room.supervisor->Load(Room::Worker("starting", "never-attach"), nullptr);
  CHECK(room.Load(Room::Worker("replaced", "run")).ok());
  room.supervisor->Replace(Room::Worker("replaced", "never-attach"), nullptr);
  CHECK(room.WaitFor("starting", SlotState::kStarting));
  room.supervisor->Shutdown();
  for (const SlotStatus& slot : room.supervisor->Slots()) {
    CHECK_MESSAGE(slot.state == SlotState::kStopped, slot.slot);
    CHECK(slot.leaving == 0);
  }
}

}  // namespace
}  // namespace nscp::kernel
