#include <dirent.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "kernel/supervisor/process_posix.h"
#include "kernel/supervisor/supervisor_fixture.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::string Name(const std::string& slot, IncarnationId incarnation) {
  return slot + "#" + std::to_string(incarnation);
}

template <typename Value>
void Set(std::mutex& mutex, Value& place, Value value) {
  const std::lock_guard<std::mutex> lock(mutex);
  place = value;
}

size_t CountIn(const std::vector<std::string>& lines, const std::string& prefix) {
  return static_cast<size_t>(std::count_if(
      lines.begin(), lines.end(),
      [&prefix](const std::string& line) { return StartsWith(line, prefix); }));
}

}  // namespace

void FakePort::AnswerStarts(Answer answer) { Set(mutex_, answer_, answer); }
void FakePort::AnswerHealth(bool answers) { Set(mutex_, health_, answers); }
void FakePort::AnswerDrains(bool answers) { Set(mutex_, drains_, answers); }
void FakePort::ObeyStops(bool obeys) { Set(mutex_, obeys_, obeys); }
void FakePort::FailPrepares(bool fails) { Set(mutex_, fails_, fails); }

std::vector<std::string> FakePort::Events() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return events_;
}

std::vector<std::string> FakePort::Output() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return output_;
}

std::vector<EndRecord> FakePort::Ends() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ends_;
}

std::vector<SlotState> FakePort::ShownAtEnds() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return shown_at_ends_;
}

size_t FakePort::Count(const std::string& prefix) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return CountIn(events_, prefix) + CountIn(output_, prefix);
}

bool FakePort::WaitFor(const std::string& prefix, size_t count) const {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] {
    return CountIn(events_, prefix) + CountIn(output_, prefix) >= count;
  });
}

void FakePort::Happened(const std::string& what, const std::string& slot,
                        IncarnationId incarnation) {
  const std::lock_guard<std::mutex> lock(mutex_);
  events_.push_back(what + " " + Name(slot, incarnation));
  changed_.notify_all();
}

Result<std::string> FakePort::Prepare(const WorkerSpec& spec, IncarnationId incarnation) {
  Happened("prepare", spec.slot, incarnation);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (fails_) return Status::Unavailable("no room for its folder");
  return "{\"instance\":\"" + spec.slot + "\"}";
}

void FakePort::Start(const std::string& slot, IncarnationId incarnation,
                     std::chrono::steady_clock::time_point) {
  Happened("start", slot, incarnation);
  const std::lock_guard<std::mutex> lock(mutex_);
  using Kind = StartOutcome::Kind;
  if (answer_ == Answer::kReady)
    supervisor_->Started(slot, incarnation, {Kind::kReady, ""});
  if (answer_ == Answer::kRefuse) {
    supervisor_->Started(slot, incarnation, {Kind::kRefused, "it dislikes its settings"});
  }
  if (answer_ == Answer::kFail) {
    supervisor_->Started(slot, incarnation, {Kind::kFailed, "it could not"});
  }
}

void FakePort::Route(const std::string& slot, IncarnationId incarnation) {
  Happened("route", slot, incarnation);
}

void FakePort::CheckHealth(const std::string& slot, IncarnationId incarnation,
                           std::chrono::milliseconds) {
  Happened("health", slot, incarnation);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (health_) supervisor_->Health(slot, incarnation, true);
}

void FakePort::Drain(const std::string& slot, IncarnationId incarnation,
                     std::chrono::milliseconds) {
  Happened("drain", slot, incarnation);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (drains_) supervisor_->Drained(slot, incarnation);
}

void FakePort::Stop(const std::string& slot, IncarnationId incarnation,
                    std::chrono::milliseconds) {
  Happened("stop", slot, incarnation);
  const std::lock_guard<std::mutex> lock(mutex_);
  // The fake has no RPC: this line stands for Worker.Stop.
  if (obeys_) (void)supervisor_->PassDescriptor(slot, incarnation, "stop", STDERR_FILENO);
}

std::vector<std::string> FakePort::BusyWith(IncarnationId incarnation) {
  return {"last call of #" + std::to_string(incarnation)};
}

void FakePort::Gone(const std::string& slot, IncarnationId incarnation,
                    const EndRecord& end) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ends_.push_back(end);
    for (const SlotStatus& status : supervisor_->Slots()) {
      if (status.slot == slot) shown_at_ends_.push_back(status.state);
    }
  }
  Happened("gone", slot, incarnation);
}

void FakePort::Output(const std::string& slot, IncarnationId incarnation,
                      const std::string& line) {
  if (line == "attach") return supervisor_->Attached(slot, incarnation);
  const std::lock_guard<std::mutex> lock(mutex_);
  output_.push_back(line);
  changed_.notify_all();
}

void FakePort::Note(const std::string& slot, bool error, const std::string& message) {
  const std::lock_guard<std::mutex> lock(mutex_);
  events_.push_back((error ? "error " : "note ") + slot + " " + message);
  changed_.notify_all();
}

Supervisor::Done Answer::Done() {
  return [shared = shared_](const Status& status) {
    const std::lock_guard<std::mutex> lock(shared->mutex);
    shared->answers.push_back(status);
    shared->changed.notify_all();
  };
}

Status Answer::Wait() const {
  std::unique_lock<std::mutex> lock(shared_->mutex);
  const bool came = shared_->changed.wait_for(
      lock, kPatience, [this] { return !shared_->answers.empty(); });
  return came ? shared_->answers.front() : Status::Internal("no answer came");
}

size_t Answer::times() const {
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  return shared_->answers.size();
}

Room::Room(SupervisorTimings timings) {
  Supervisor::Options options;
  options.launch_program = NSCP_LAUNCH_PROGRAM;
  options.timings = timings;
  auto created = Supervisor::Create(options, port);
  if (!created.ok()) {
    fprintf(stderr, "%s\n", created.status().ToString().c_str());
    abort();
  }
  supervisor = std::move(created).value();
  port.Use(*supervisor);
}

SupervisorTimings Room::Short() {
  using std::chrono::milliseconds;
  SupervisorTimings timings;
  timings.health_every = milliseconds(60000);
  timings.drain = milliseconds(300);
  timings.stop = timings.terminate = milliseconds(200);
  timings.backoff_first = milliseconds(10);
  timings.backoff_cap = milliseconds(50);
  return timings;
}

WorkerSpec Room::Worker(const std::string& slot, const std::string& mode,
                        const std::string& argument) {
  WorkerSpec spec;
  spec.slot = slot;
  spec.module = "Module" + slot;
  spec.program = NSCP_FAKE_PROCESS;
  spec.arguments = {mode, argument};
  return spec;
}

Status Room::Load(const WorkerSpec& spec) const {
  Answer answer;
  supervisor->Load(spec, answer.Done());
  return answer.Wait();
}

Status Room::Replace(const WorkerSpec& spec) const {
  Answer answer;
  supervisor->Replace(spec, answer.Done());
  return answer.Wait();
}

Status Room::Unload(const std::string& slot) const {
  Answer answer;
  supervisor->Unload(slot, answer.Done());
  return answer.Wait();
}

SlotStatus Room::Slot(const std::string& name) const {
  for (SlotStatus& status : supervisor->Slots()) {
    if (status.slot == name) return std::move(status);
  }
  return {};
}

bool Room::WaitFor(const std::string& slot,
                   const std::function<bool(const SlotStatus&)>& wanted) const {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!wanted(Slot(slot))) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

bool Room::WaitFor(const std::string& slot, SlotState state) const {
  return WaitFor(slot,
                 [state](const SlotStatus& status) { return status.state == state; });
}

bool WaitForEnd(int64_t pid) {
  const int fd = OpenPidfd(pid);
  if (fd < 0) return true;
  pollfd ready = {fd, POLLIN, 0};
  const auto patience = std::chrono::milliseconds(kPatience);
  const bool ended = poll(&ready, 1, static_cast<int>(patience.count())) == 1;
  close(fd);
  return ended;
}

namespace {

int CountEntries(const std::string& path,
                 const std::function<bool(const std::string&)>& test) {
  DIR* folder = opendir(path.c_str());
  int count = 0;
  while (const dirent* entry = readdir(folder)) {
    if (test(entry->d_name)) ++count;
  }
  closedir(folder);
  return count;
}

}  // namespace

int CountDescriptors() {
  return CountEntries("/proc/self/fd", [](const std::string&) { return true; });
}

int CountChildren() {
  const std::string mine = "PPid:\t" + std::to_string(getpid());
  return CountEntries("/proc", [&mine](const std::string& name) {
    std::ifstream file("/proc/" + name + "/status");
    for (std::string line; std::getline(file, line);) {
      if (line == mine) return true;
    }
    return false;
  });
}

}  // namespace nscp::kernel
