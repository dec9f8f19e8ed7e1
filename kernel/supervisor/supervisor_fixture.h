// What the supervisor's tests share: a port that plays the protocol with fake_process,
// and waiting with a bound. Tests only. The port's functions run on the loop, the rest on
// the test's thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kernel/supervisor/supervisor.h"

namespace nscp::kernel {

// Long enough for a busy machine; no passing test waits for it.
constexpr std::chrono::seconds kPatience{20};

class FakePort : public WorkerPort {
 public:
  enum class Answer { kReady, kRefuse, kFail, kNothing };

  void Use(Supervisor& supervisor) { supervisor_ = &supervisor; }

  // How the next starts are answered, and whether the words are listened to.
  void AnswerStarts(Answer answer);
  void AnswerHealth(bool answers);
  void AnswerDrains(bool answers);
  void ObeyStops(bool obeys);
  void FailPrepares(bool fails);

  // What happened, in order: "prepare a#1", "start a#1", "route a#1", "drain a#1", "stop
  // a#1", "health a#1", "gone a#1", "note a ...".
  std::vector<std::string> Events() const;
  std::vector<std::string> Output() const;
  size_t Count(const std::string& prefix) const;
  // Waits until as many events or lines of output begin so.
  bool WaitFor(const std::string& prefix, size_t count = 1) const;
  std::vector<EndRecord> Ends() const;
  // What Slots() showed of the slot when the port was told of an end.
  std::vector<SlotState> ShownAtEnds() const;

  Result<std::string> Prepare(const WorkerSpec& spec, IncarnationId incarnation) override;
  void Start(const std::string& slot, IncarnationId incarnation,
             std::chrono::steady_clock::time_point deadline) override;
  void Route(const std::string& slot, IncarnationId incarnation) override;
  void CheckHealth(const std::string& slot, IncarnationId incarnation,
                   std::chrono::milliseconds deadline) override;
  void Drain(const std::string& slot, IncarnationId incarnation,
             std::chrono::milliseconds deadline) override;
  void Stop(const std::string& slot, IncarnationId incarnation,
            std::chrono::milliseconds deadline) override;
  std::vector<std::string> BusyWith(IncarnationId incarnation) override;
  void Gone(const std::string& slot, IncarnationId incarnation,
            const EndRecord& end) override;
  void Output(const std::string& slot, IncarnationId incarnation,
              const std::string& line) override;
  void Note(const std::string& slot, bool error, const std::string& message) override;

 private:
  void Happened(const std::string& what, const std::string& slot,
                IncarnationId incarnation);

  Supervisor* supervisor_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Answer answer_ = Answer::kReady;
  bool health_ = true;
  bool drains_ = true;
  bool obeys_ = true;
  bool fails_ = false;
  std::vector<std::string> events_;
  std::vector<std::string> output_;
  std::vector<EndRecord> ends_;
  std::vector<SlotState> shown_at_ends_;
};

// The answer to one load, unload or replacement.
class Answer {
 public:
  Supervisor::Done Done();
  // Waits for it, at most kPatience; none is an error that says so.
  Status Wait() const;
  size_t times() const;

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Status> answers;
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

// A supervisor with short timings and a port; shut down at the end.
struct Room {
  explicit Room(SupervisorTimings timings = Short());
  ~Room() { supervisor->Shutdown(); }

  static SupervisorTimings Short();
  // A worker that runs fake_process in a mode.
  static WorkerSpec Worker(const std::string& slot, const std::string& mode,
                           const std::string& argument = "");

  Status Load(const WorkerSpec& spec) const;
  Status Replace(const WorkerSpec& spec) const;
  Status Unload(const std::string& slot) const;
  SlotStatus Slot(const std::string& name) const;
  // Waits until the slot is as wanted.
  bool WaitFor(const std::string& slot,
               const std::function<bool(const SlotStatus&)>& wanted) const;
  bool WaitFor(const std::string& slot, SlotState state) const;

  FakePort port;
  std::unique_ptr<Supervisor> supervisor;
};

// True when the process is gone, or a zombie, within kPatience.
bool WaitForEnd(int64_t pid);
int CountDescriptors();
// Children of this process, zombies too.
int CountChildren();

}  // namespace nscp::kernel
