// One slot: the processes of one module instance, and the wanted state. Carries out the
// actions of the table (slot_table.h). The loop owns it; loop only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/supervisor/backoff.h"
#include "kernel/supervisor/incarnation.h"
#include "kernel/supervisor/slot_table.h"
#include "kernel/supervisor/supervisor.h"

namespace nscp::kernel {

// Those that wait for one start, stop or replacement; more are refused.
constexpr size_t kMaxWaiting = 256;

class Slot {
 public:
  Slot(LoopContext& context, std::string name);

  const std::string& name() const { return name_; }

  void Load(WorkerSpec spec, Supervisor::Done done);
  void Unload(Supervisor::Done done);
  void Replace(WorkerSpec spec, Supervisor::Done done);
  void Shutdown();

  void Attached(IncarnationId id);
  void Started(IncarnationId id, const StartOutcome& outcome);
  void Health(IncarnationId id, bool answered);
  void Drained(IncarnationId id);
  void Stuck(IncarnationId id);
  Status PassDescriptor(IncarnationId id, const std::string& name, int descriptor);

  // False when the incarnation is not of this slot.
  bool OnProcess(const ProcessEvent& event);
  void OnTimer();
  // The machine slept, or the loop did.
  void OnGap();
  TimePoint Deadline() const;

  bool Owns(IncarnationId id) const;
  bool OwnsPid(int64_t pid) const;
  // No process lives, save abandoned ones.
  bool Idle() const { return !current_ && !candidate_ && !LeavingLives(); }
  SlotStatus Describe() const;
  // True once after each change of what Describe tells.
  bool TakeChanged() { return std::exchange(changed_, false); }

 private:
  using Process = std::unique_ptr<Incarnation>;
  using Waiting = std::vector<Supervisor::Done>;

  // What an event is about.
  struct Input {
    Incarnation* incarnation = nullptr;
    const WorkerSpec* spec = nullptr;
    Supervisor::Done done;
    Status why;  // of an end or a failure
    // Where its stop begins, if the process still lives.
    Incarnation::Phase stop_from = Incarnation::Phase::kKill;
  };

  void Fire(SlotEvent event, Input input);
  void Fire(SlotEvent event) { Fire(event, Input()); }
  void Act(SlotAction action, Input& input);

  void Begin(Input& input);
  void Spawn();
  void AskStart(const Incarnation& incarnation);
  void GoLive();
  void Refuse(const Input& input);
  void RetryLater(const Input& input);
  void GiveUp(const Input& input);
  void StopAll(Input& input);
  void StartCandidate(Input& input);
  void Switch();
  void KeepOld(const Input& input);
  void Adopt(const Input& input);

  void OnEnded(Incarnation* ended);
  void OnAlarm(Incarnation* incarnation, Incarnation::Alarm alarm);
  // The slot's own process, `lost`, ended (`end`) or has to: what the event is in the
  // end.
  void FireLoss(SlotEvent event, const Incarnation& lost, const EndRecord* end,
                Input input);
  void Leave(Process& process, Incarnation::Phase first, const std::string& why,
             bool wanted);
  void Remember(EndRecord end);
  void NextReplacement();
  void FailStart(const Input& input);

  Process Take(const Incarnation* incarnation);
  Incarnation* Find(IncarnationId id) const;
  std::vector<Incarnation*> All() const;
  bool LeavingLives() const;
  std::string Says(const std::string& what) const { return spec_.module + " " + what; }

  void Wait(Waiting& list, Supervisor::Done done);
  void Answer(Supervisor::Done done, const Status& status);
  void AnswerAll(Waiting& list, const Status& status);
  void Note(bool error, const std::string& message);

  LoopContext& context_;
  const std::string name_;
  WorkerSpec spec_;
  SlotState state_ = SlotState::kStopped;
  bool wanted_ = false;
  std::string reason_ = "never started";
  Process current_;
  Process candidate_;
  std::vector<Process> leaving_;
  bool start_waits_ = false;  // for those that leave

  Waiting start_waiting_;
  Waiting stop_waiting_;
  Waiting candidate_waiting_;
  // A replacement that was asked for while another one is under way.
  std::optional<WorkerSpec> next_spec_;
  Waiting next_waiting_;

  Backoff backoff_;
  std::optional<TimePoint> retry_at_;
  std::optional<std::chrono::system_clock::time_point> next_try_;
  bool lost_ = false;  // the last process ended unwanted
  uint64_t restarts_ = 0;
  std::vector<EndRecord> ends_;
  bool changed_ = true;
};

}  // namespace nscp::kernel
