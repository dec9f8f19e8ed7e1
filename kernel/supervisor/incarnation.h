// One process of a slot, from its spawn to its end: its start's deadline, its health, its
// output, and the ladder of its stop (drain, Worker.Stop, terminate, kill, abandoned).
// The slot owns it; loop only.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/supervisor/health_watch.h"
#include "kernel/supervisor/output_lines.h"
#include "kernel/supervisor/process.h"
#include "kernel/supervisor/supervisor.h"

namespace nscp::kernel {

using TimePoint = std::chrono::steady_clock::time_point;

// What all slots share; the loop owns it.
struct LoopContext {
  WorkerPort& port;
  ProcessHost& host;
  SupervisorTimings timings;
  std::function<double()> random;  // in [0, 1)
  TimePoint now{};                 // of this turn of the loop
  IncarnationId last_incarnation = 0;
  bool shutting_down = false;
  // Run at the end of the turn, when Slots() shows what they tell.
  std::vector<std::function<void()>> answers{};
};

class Incarnation {
 public:
  // In the order of a life; each from kDrain on is a step of the stop.
  enum class Phase { kStarting, kLive, kDrain, kStop, kTerminate, kKill, kAbandoned };
  enum class Alarm { kNone, kStartLate, kHung, kAbandoned };

  // Prepares and starts a process. An error names the cause; nothing is left of it.
  static Result<std::unique_ptr<Incarnation>> Create(LoopContext& context,
                                                     const WorkerSpec& spec,
                                                     IncarnationId id);

  IncarnationId id() const { return id_; }
  int64_t pid() const { return process_->pid(); }
  const WorkerSpec& spec() const { return spec_; }
  Phase phase() const { return phase_; }
  bool leaving() const { return phase_ > Phase::kLive; }
  bool attached() const { return attached_; }
  TimePoint start_deadline() const { return start_deadline_; }
  std::chrono::system_clock::time_point ready_at() const { return ready_at_; }
  // For how long it has been ready; 0 = never.
  std::chrono::milliseconds TimeLive() const;

  // It called Host.Attach; false when it had done so before.
  bool Attach();
  void GoLive();
  // Enters the ladder at `first`, or goes down to it when it is higher up already.
  void Stop(Phase first, const std::string& why, bool wanted);
  void Drained();
  void Health(bool answered) { health_.Answer(answered); }
  void Forgive() { health_.Forgive(context_.now); }
  Status PassDescriptor(const std::string& name, int descriptor) {
    return process_->PassDescriptor(name, descriptor);
  }

  Alarm OnTimer();
  TimePoint Deadline() const;
  void OnOutput(Stream stream);

  // After its end was seen, once: reaps it. The record lacks last_calls.
  EndRecord Finish();
  // Even SIGKILL did not end it in time.
  EndRecord Abandon() const;

 private:
  Incarnation(LoopContext& context, WorkerSpec spec, IncarnationId id);

  void Enter(Phase phase);
  EndRecord Record(const std::string& how) const;
  std::string LaunchError(const ExitStatus& status) const;

  LoopContext& context_;
  const WorkerSpec spec_;
  const IncarnationId id_;
  const TimePoint born_;
  const TimePoint start_deadline_;
  std::unique_ptr<Process> process_;
  HealthWatch health_;
  OutputLines output_;
  Phase phase_ = Phase::kStarting;
  TimePoint phase_deadline_;
  TimePoint live_since_ = TimePoint::max();
  std::chrono::system_clock::time_point ready_at_{};
  bool attached_ = false;
  bool wanted_end_ = false;
  std::string why_;  // it is being stopped
};

}  // namespace nscp::kernel
