// Starts, ends and restarts, with real processes.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

#include "kernel/supervisor/supervisor_fixture.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a worker that gets ready is routed and then answers its load") {
  Room room;
  const Status status = room.Load(Room::Worker("a", "run"));
  CHECK_MESSAGE(status.ok(), status.ToString());
  const SlotStatus slot = room.Slot("a");
  CHECK(slot.wanted);
  CHECK(slot.state == SlotState::kRunning);
  CHECK(slot.pid > 0);
  CHECK(slot.incarnation == 1);
  CHECK(slot.started.has_value());
  CHECK(room.port.Events() ==
        std::vector<std::string>{"prepare a#1", "start a#1", "route a#1",
                                 "note a is ready, process " + std::to_string(slot.pid)});
}

TEST_CASE("loading a running slot is a success at once and starts nothing") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.port.Count("prepare") == 1);
}

TEST_CASE("a worker is born alone, clean and bound to its kernel") {
  Room room;
  signal(SIGPIPE, SIG_IGN);
  setenv("NSCP_TEST_SECRET", "x", 1);
  CHECK(room.Load(Room::Worker("a", "birth")).ok());
  CHECK(room.port.WaitFor("birth {\"instance\":\"a\"}"));
  CHECK(room.port.WaitFor("group 1"));
  CHECK(room.port.WaitFor("death signal 9"));
  CHECK(room.port.WaitFor("no new privileges 1"));
  CHECK(room.port.WaitFor("sigpipe default 1"));
  CHECK(room.port.WaitFor("environment PATH="));
  CHECK(room.port.WaitFor("environment NSCP_WORKER="));  // the last one
  CHECK(room.port.Count("environment GRPC_ENABLE_FORK_SUPPORT=0") == 1);
  CHECK(room.port.Count("stray") == 0);
  CHECK(room.port.Count("environment NSCP_TEST_SECRET") == 0);
  unsetenv("NSCP_TEST_SECRET");
  signal(SIGPIPE, SIG_DFL);
}

TEST_CASE("a refusal answers the load with its reason and is not tried again") {
  Room room;
  room.port.AnswerStarts(FakePort::Answer::kRefuse);
  const Status status = room.Load(Room::Worker("a", "run"));
  CHECK(status.code() == Code::kFailedPrecondition);
  CHECK(status.message() == "Modulea refused to start: it dislikes its settings");
  SlotStatus slot = room.Slot("a");
  CHECK(slot.state == SlotState::kRefused);
  CHECK(slot.wanted);
  CHECK_FALSE(slot.next_try.has_value());
  CHECK(room.port.WaitFor("gone a#1"));
  CHECK(room.port.Count("stop a#1") == 1);
  room.port.AnswerStarts(FakePort::Answer::kReady);
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.Slot("a").incarnation == 2);
}

TEST_CASE(
    "a start that is not answered in time fails with the reason and is tried again") {
  for (const char* mode : {"run", "never-attach"}) {
    CAPTURE(mode);
    SupervisorTimings timings = Room::Short();
    timings.start = milliseconds(100);
    Room room(timings);
    room.port.AnswerStarts(FakePort::Answer::kNothing);
    const Status status = room.Load(Room::Worker("a", mode));
    CHECK(status.code() == Code::kDeadlineExceeded);
    CHECK(Contains(status.message(), "Modulea was not ready within 100 ms"));
    CHECK(Contains(status.message(), "never attached") == (std::string(mode) != "run"));
    CHECK(room.port.WaitFor("gone a#1"));
    CHECK(room.port.Ends()[0].signal == SIGKILL);
    room.port.AnswerStarts(FakePort::Answer::kReady);
    CHECK(room.port.WaitFor(std::string(mode) == "run" ? "route a#" : "prepare a#3"));
  }
}

TEST_CASE("a failed start says why") {
  struct Case {
    WorkerSpec spec;
    FakePort::Answer answer;
    const char* reason;
    SlotState state;
  };
  WorkerSpec missing = Room::Worker("a", "");
  missing.program = "/nowhere/worker";
  WorkerSpec folder = Room::Worker("a", "");
  folder.program = "/";
  using Kind = FakePort::Answer;
  const Case cases[] = {
      {Room::Worker("a", "run"), Kind::kFail, "failed to start: it could not",
       SlotState::kBackoff},
      {Room::Worker("a", "exit-unattached", "3"), Kind::kNothing,
       "did not start: exited with code 3", SlotState::kBackoff},
      {Room::Worker("a", "exit", "78"), Kind::kNothing,
       "exited with code 78, by which it says that trying again is useless",
       SlotState::kRefused},
      {Room::Worker("a", "exit", "125"), Kind::kNothing, "exited with code 125",
       SlotState::kRefused},
      {Room::Worker("a", "crash", "11"), Kind::kNothing, "killed by signal 11",
       SlotState::kBackoff},
      {missing, Kind::kNothing, "did not start: its program /nowhere/worker is missing",
       SlotState::kBackoff},
      {folder, Kind::kNothing, "running its program /: Permission denied",
       SlotState::kBackoff},
  };
  for (const Case& one : cases) {
    CAPTURE(one.reason);
    SupervisorTimings timings = Room::Short();
    timings.backoff_first = timings.backoff_cap = milliseconds(60000);
    Room room(timings);
    room.port.AnswerStarts(one.answer);
    const Status status = room.Load(one.spec);
    CHECK_FALSE(status.ok());
    CHECK_MESSAGE(Contains(status.message(), one.reason), status.message());
    CHECK(Contains(status.message(), "Modulea"));
    const SlotStatus slot = room.Slot("a");
    CHECK(slot.state == one.state);
    CHECK(slot.reason == status.message());
    CHECK(slot.next_try.has_value() == (one.state == SlotState::kBackoff));
  }
}

TEST_CASE("a start without room or without nscp-launch fails and backs off") {
  Room room;
  room.port.FailPrepares(true);
  const Status status = room.Load(Room::Worker("a", "run"));
  CHECK(Contains(status.message(), "no room for its folder"));
  CHECK(room.port.WaitFor("prepare a#3"));
  room.port.FailPrepares(false);
  CHECK(room.WaitFor("a", SlotState::kRunning));

  FakePort port;
  Supervisor::Options options;
  options.launch_program = "/nowhere/nscp-launch";
  auto supervisor = Supervisor::Create(options, port);
  REQUIRE(supervisor.ok());
  port.Use(**supervisor);
  Answer answer;
  (*supervisor)->Load(Room::Worker("a", "run"), answer.Done());
  CHECK(Contains(answer.Wait().message(), "/nowhere/nscp-launch"));
  CHECK(port.Count("gone a#1") == 1);
}

TEST_CASE("a worker that crashes is started again and leaves a record") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.port.WaitFor("line {"));
  const SlotStatus before = room.Slot("a");
  kill(static_cast<pid_t>(before.pid), SIGABRT);
  CHECK(room.WaitFor("a", [](const SlotStatus& slot) {
    return slot.incarnation == 2 && slot.state == SlotState::kRunning;
  }));
  const SlotStatus after = room.Slot("a");
  CHECK(after.pid != before.pid);
  CHECK(after.restarts == 1);
  REQUIRE(after.ends.size() == 1);
  const EndRecord& end = after.ends[0];
  CHECK(end.incarnation == 1);
  CHECK(end.pid == before.pid);
  CHECK(end.signal == SIGABRT);
  CHECK_FALSE(end.wanted);
  CHECK(Contains(end.reason, "killed by signal 6"));
  CHECK(end.last_calls == std::vector<std::string>{"last call of #1"});
  CHECK(end.last_lines.size() >= 2);
  CHECK(room.port.Count("route a#2") == 1);
  // Whoever loses a call and asks why is not told that the worker is ready.
  CHECK(room.port.ShownAtEnds() == std::vector<SlotState>{SlotState::kBackoff});
}

TEST_CASE("a restart policy may say that an end is the end") {
  struct Case {
    RestartPolicy policy;
    int signal;
    SlotState state;
  };
  const Case cases[] = {{RestartPolicy::kNever, SIGKILL, SlotState::kStopped},
                        {RestartPolicy::kOnFailure, SIGKILL, SlotState::kBackoff},
                        {RestartPolicy::kAlways, 0, SlotState::kBackoff},
                        {RestartPolicy::kOnFailure, 0, SlotState::kStopped},
                        {RestartPolicy::kNever, 0, SlotState::kStopped}};
  for (const Case& one : cases) {
    SupervisorTimings timings = Room::Short();
    timings.backoff_first = timings.backoff_cap = milliseconds(60000);
    Room room(timings);
    WorkerSpec spec = Room::Worker("a", "run");
    spec.restart = one.policy;
    CHECK(room.Load(spec).ok());
    const SlotStatus slot = room.Slot("a");
    if (one.signal != 0) {
      kill(static_cast<pid_t>(slot.pid), one.signal);
    } else {
      CHECK(room.supervisor->PassDescriptor("a", slot.incarnation, "stop", 0).ok());
    }
    CHECK(room.WaitFor("a", one.state));
    CHECK(room.Slot("a").wanted == (one.state == SlotState::kBackoff));
  }
}

TEST_CASE("a load of a slot in back-off tries now, an unload ends the tries") {
  SupervisorTimings timings = Room::Short();
  timings.backoff_first = timings.backoff_cap = milliseconds(60000);
  Room room(timings);
  CHECK_FALSE(room.Load(Room::Worker("a", "exit-unattached", "1")).ok());
  CHECK(room.Slot("a").state == SlotState::kBackoff);
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.Unload("a").ok());
  CHECK_FALSE(room.Load(Room::Worker("a", "exit-unattached", "1")).ok());
  CHECK(room.Unload("a").ok());
  const SlotStatus slot = room.Slot("a");
  CHECK(slot.state == SlotState::kStopped);
  CHECK_FALSE(slot.wanted);
  CHECK_FALSE(slot.next_try.has_value());
}

TEST_CASE("a worker that misses its health checks is killed and started again") {
  SupervisorTimings timings = Room::Short();
  timings.health_every = milliseconds(20);
  timings.health_deadline = milliseconds(10);
  Room room(timings);
  room.port.AnswerHealth(false);
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.port.WaitFor("gone a#1"));
  CHECK(room.port.Count("health a#1") == 3);
  room.port.AnswerHealth(true);
  const EndRecord end = room.port.Ends()[0];
  CHECK(end.signal == SIGKILL);
  CHECK(Contains(end.reason, "Modulea hung: it missed 3 health checks in a row"));
  CHECK(room.WaitFor("a", [](const SlotStatus& slot) {
    return slot.state == SlotState::kRunning && slot.incarnation > 1;
  }));
  const size_t checks = room.port.Count("health");
  CHECK(room.port.WaitFor("health", checks + 8));
  CHECK(room.Slot("a").state == SlotState::kRunning);
}

TEST_CASE("words about an incarnation that has ended are ignored") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  room.supervisor->Attached("a", 99);
  room.supervisor->Started("a", 99, {StartOutcome::Kind::kFailed, "late"});
  room.supervisor->Started("a", 1, {StartOutcome::Kind::kFailed, "twice"});
  room.supervisor->Health("a", 99, false);
  room.supervisor->Drained("a", 1);
  room.supervisor->Stuck("a", 99);
  CHECK(room.supervisor->PassDescriptor("a", 99, "x", 0).code() == Code::kNotFound);
  CHECK(room.supervisor->PassDescriptor("b", 1, "x", 0).code() == Code::kNotFound);
  CHECK(room.Slot("a").incarnation == 1);
  CHECK(room.Slot("a").state == SlotState::kRunning);
}

TEST_CASE("three hundred restarts leave no zombie and no descriptor") {
  SupervisorTimings timings = Room::Short();
  timings.backoff_first = timings.backoff_cap = milliseconds(1);
  Room room(timings);
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  const int descriptors = CountDescriptors();
  const int children = CountChildren();
  constexpr IncarnationId kRestarts = 300;
  for (IncarnationId next = 2; next <= kRestarts + 1; ++next) {
    kill(static_cast<pid_t>(room.Slot("a").pid), SIGKILL);
    REQUIRE(room.port.WaitFor("route a#" + std::to_string(next)));
    REQUIRE(room.WaitFor("a", [next](const SlotStatus& slot) {
      return slot.incarnation == next && slot.state == SlotState::kRunning;
    }));
  }
  CHECK(CountDescriptors() == descriptors);
  CHECK(CountChildren() == children);
  const SlotStatus slot = room.Slot("a");
  CHECK(slot.restarts == kRestarts);
  CHECK(slot.ends.size() == kKeptEnds);
}

}  // namespace
}  // namespace nscp::kernel
