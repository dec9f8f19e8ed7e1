// Requests that meet: joined loads, stops, replacements.
#include <doctest/doctest.h>
#include <signal.h>

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

TEST_CASE("loads of a starting slot wait for the same start") {
  Room room;
  Answer first;
  Answer second;
  room.supervisor->Load(Room::Worker("a", "run"), first.Done());
  room.supervisor->Load(Room::Worker("a", "run"), second.Done());
  CHECK(first.Wait().ok());
  CHECK(second.Wait().ok());
  CHECK(room.port.Count("prepare") == 1);
}

TEST_CASE("an unload drains, then asks the worker to stop, and waits for its end") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.Unload("a").ok());
  std::vector<std::string> steps;
  for (const std::string& event : room.port.Events()) {
    if (!StartsWith(event, "note")) steps.push_back(event);
  }
  CHECK(steps == std::vector<std::string>{"prepare a#1", "start a#1", "route a#1",
                                          "drain a#1", "stop a#1", "gone a#1"});
  const SlotStatus slot = room.Slot("a");
  CHECK(slot.state == SlotState::kStopped);
  CHECK_FALSE(slot.wanted);
  CHECK(slot.pid == 0);
  REQUIRE(slot.ends.size() == 1);
  CHECK(slot.ends[0].wanted);
  CHECK(slot.ends[0].exit_code == 0);
  CHECK(slot.ends[0].reason == "stopped: exited with code 0");
}

TEST_CASE("unloading what does not run is an error") {
  Room room;
  CHECK(room.Unload("a").code() == Code::kFailedPrecondition);
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  CHECK(room.Unload("a").ok());
  CHECK(room.Unload("a").code() == Code::kFailedPrecondition);
}

TEST_CASE("each step of a stop is taken at its promised time") {
  struct Case {
    const char* mode;
    bool drains;
    milliseconds promised;
    int signal;
  };
  // Room::Short(): drain 300 ms, stop 200 ms, terminate 200 ms.
  const Case cases[] = {{"stop-on-term", true, milliseconds(200), SIGTERM},
                        {"stop-on-term", false, milliseconds(500), SIGTERM},
                        {"stubborn", true, milliseconds(400), SIGKILL},
                        {"stubborn", false, milliseconds(700), SIGKILL}};
  for (const Case& one : cases) {
    CAPTURE(one.mode);
    Room room;
    room.port.AnswerDrains(one.drains);
    CHECK(room.Load(Room::Worker("a", one.mode)).ok());
    const auto start = steady_clock::now();
    CHECK(room.Unload("a").ok());
    CHECK(Since(start) >= one.promised);
    CHECK(Since(start) < one.promised + kSlack);
    CHECK(room.port.Ends()[0].signal == one.signal);
  }
}

TEST_CASE("an unload during a start ends the start with an answer") {
  Room room;
  room.port.AnswerStarts(FakePort::Answer::kNothing);
  Answer load;
  room.supervisor->Load(Room::Worker("a", "run"), load.Done());
  CHECK(room.port.WaitFor("start a#1"));
  CHECK(room.Unload("a").ok());
  CHECK(load.Wait().code() == Code::kCancelled);
  CHECK(room.port.Count("drain") == 0);
  CHECK(room.Slot("a").state == SlotState::kStopped);
}

TEST_CASE("a load during a stop waits for its end, then starts") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "stubborn")).ok());
  Answer first_unload;
  Answer second_unload;
  Answer load;
  room.supervisor->Unload("a", first_unload.Done());
  room.supervisor->Unload("a", second_unload.Done());
  room.supervisor->Load(Room::Worker("a", "run"), load.Done());
  CHECK(load.Wait().ok());
  CHECK(first_unload.Wait().ok());
  CHECK(second_unload.Wait().ok());
  const std::vector<std::string> events = room.port.Events();
  const auto gone = std::find_if(events.begin(), events.end(), [](const auto& event) {
    return event.rfind("note a process ", 0) == 0;  // its end, in the log
  });
  const auto born = std::find(events.begin(), events.end(), "prepare a#2");
  CHECK(gone < born);
  CHECK(born != events.end());
}

TEST_CASE("an unload takes back a load that waits for the end of a stop") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "stubborn")).ok());
  Answer load;
  Answer unload;
  room.supervisor->Unload("a", nullptr);
  room.supervisor->Load(Room::Worker("a", "run"), load.Done());
  room.supervisor->Unload("a", unload.Done());
  CHECK(load.Wait().code() == Code::kCancelled);
  CHECK(unload.Wait().ok());
  CHECK(room.port.Count("prepare") == 1);
  CHECK(room.Slot("a").state == SlotState::kStopped);
}

TEST_CASE(
    "a process that does not end after SIGKILL is abandoned, shown and reaped later") {
  SupervisorTimings timings = Room::Short();
  timings.kill = milliseconds(0);  // no process is as quick
  Room room(timings);
  CHECK(room.Load(Room::Worker("a", "stubborn")).ok());
  const int64_t pid = room.Slot("a").pid;
  CHECK(room.Unload("a").ok());
  const std::vector<EndRecord> ends = room.port.Ends();
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].abandoned);
  CHECK(ends[0].pid == pid);
  CHECK(Contains(ends[0].reason, "not even SIGKILL ended it"));
  CHECK(room.port.WaitFor("note a its abandoned process " + std::to_string(pid)));
  CHECK(room.WaitFor("a", [](const SlotStatus& slot) { return slot.leaving == 0; }));
  CHECK(room.port.Count("gone a#1") == 1);
  CHECK(room.Load(Room::Worker("a", "run")).ok());
}

TEST_CASE("a replacement is routed before the old process drains") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  const int64_t old_pid = room.Slot("a").pid;
  CHECK(room.Replace(Room::Worker("a", "birth")).ok());
  CHECK(room.Slot("a").incarnation == 2);
  CHECK(room.Slot("a").state == SlotState::kRunning);
  CHECK(room.port.WaitFor("gone a#1"));
  CHECK(WaitForEnd(old_pid));
  const std::vector<std::string> events = room.port.Events();
  const auto route = std::find(events.begin(), events.end(), "route a#2");
  const auto drain = std::find(events.begin(), events.end(), "drain a#1");
  CHECK(route < drain);
  CHECK(drain != events.end());
  CHECK(room.Slot("a").restarts == 0);
}

TEST_CASE("a replacement that does not get ready leaves the old process as it is") {
  struct Case {
    FakePort::Answer answer;
    const char* mode;
    Code code;
  };
  const Case cases[] = {{FakePort::Answer::kRefuse, "run", Code::kFailedPrecondition},
                        {FakePort::Answer::kFail, "run", Code::kUnavailable},
                        {FakePort::Answer::kNothing, "run", Code::kDeadlineExceeded},
                        {FakePort::Answer::kNothing, "exit", Code::kUnavailable}};
  for (const Case& one : cases) {
    CAPTURE(one.mode);
    SupervisorTimings timings = Room::Short();
    timings.start = milliseconds(150);
    Room room(timings);
    CHECK(room.Load(Room::Worker("a", "run")).ok());
    room.port.AnswerStarts(one.answer);
    const Status status = room.Replace(Room::Worker("a", one.mode, "3"));
    CHECK(status.code() == one.code);
    CHECK(StartsWith(status.message(), "the running process stays: "));
    CHECK(room.port.WaitFor("gone a#2"));
    CHECK(room.Slot("a").incarnation == 1);
    CHECK(room.Slot("a").state == SlotState::kRunning);
    CHECK(room.port.Count("drain") == 0);
  }
}

TEST_CASE("a replacement of what does not run is a load") {
  Room room;
  CHECK(room.Replace(Room::Worker("a", "run")).ok());
  CHECK(room.Slot("a").state == SlotState::kRunning);
  CHECK(room.port.Count("prepare") == 1);
}

TEST_CASE("a replacement asked for during another one follows it") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  Answer first;
  Answer second;
  room.supervisor->Replace(Room::Worker("a", "run"), first.Done());
  room.supervisor->Replace(Room::Worker("a", "run"), second.Done());
  CHECK(first.Wait().ok());
  CHECK(second.Wait().ok());
  CHECK(room.Slot("a").incarnation == 3);
}

TEST_CASE("a crash of the old process makes its replacement the slot's start") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  room.port.AnswerStarts(FakePort::Answer::kNothing);
  Answer replace;
  room.supervisor->Replace(Room::Worker("a", "run"), replace.Done());
  CHECK(room.port.WaitFor("start a#2"));
  kill(static_cast<pid_t>(room.Slot("a").pid), SIGKILL);
  CHECK(room.WaitFor("a", SlotState::kStarting));
  CHECK(room.Slot("a").incarnation == 2);
  room.supervisor->Started("a", 2, {StartOutcome::Kind::kReady, ""});
  CHECK(replace.Wait().ok());
  CHECK(room.Slot("a").state == SlotState::kRunning);
  CHECK(room.port.Count("prepare") == 2);
}

TEST_CASE("a stuck worker is replaced, not shot") {
  Room room;
  CHECK(room.Load(Room::Worker("a", "run")).ok());
  room.supervisor->Stuck("a", 1);
  room.supervisor->Stuck("a", 1);
  CHECK(room.port.WaitFor("gone a#1"));
  CHECK(room.port.Count("drain a#1") == 1);
  CHECK(room.port.Ends()[0].exit_code == 0);
  CHECK(room.Slot("a").incarnation == 2);
  CHECK(room.port.Count("prepare") == 2);
}

}  // namespace
}  // namespace nscp::kernel
