// What reaches a slot: requests, words of the protocol, events of its processes, time.
#include "kernel/supervisor/slot.h"

#include <algorithm>

namespace nscp::kernel {
namespace {

using Phase = Incarnation::Phase;

// By these a worker says that trying again is useless: EX_CONFIG of sysexits.h, and the
// code that supervisors after daemontools use.
constexpr int kExitConfig = 78;
constexpr int kExitPermanent = 125;

bool IsPermanent(const EndRecord* end) {
  return end != nullptr && end->exit_code.has_value() &&
         (*end->exit_code == kExitConfig || *end->exit_code == kExitPermanent);
}

}  // namespace

Slot::Slot(LoopContext& context, std::string name)
    : context_(context),
      name_(std::move(name)),
      backoff_(context.timings.backoff_first, context.timings.backoff_cap) {}

void Slot::Fire(SlotEvent event, Input input) {
  const SlotStep step = NextStep(state_, event);
  state_ = step.next;
  changed_ = true;
  Act(step.action, input);
}

void Slot::Load(WorkerSpec spec, Supervisor::Done done) {
  Input input;
  input.spec = &spec;
  input.done = std::move(done);
  Fire(SlotEvent::kLoad, std::move(input));
}

void Slot::Unload(Supervisor::Done done) {
  Input input;
  input.done = std::move(done);
  Fire(SlotEvent::kUnload, std::move(input));
}

void Slot::Replace(WorkerSpec spec, Supervisor::Done done) {
  Input input;
  input.spec = &spec;
  input.done = std::move(done);
  Fire(SlotEvent::kReplace, std::move(input));
}

void Slot::Shutdown() { Fire(SlotEvent::kShutdown); }

void Slot::Attached(IncarnationId id) {
  Incarnation* incarnation = Find(id);
  if (incarnation == nullptr || !incarnation->Attach()) return;
  Input input;
  input.incarnation = incarnation;
  Fire(SlotEvent::kAttached, std::move(input));
}

void Slot::Started(IncarnationId id, const StartOutcome& outcome) {
  Incarnation* incarnation = Find(id);
  if (incarnation == nullptr || incarnation->phase() != Phase::kStarting) return;
  const bool candidate = incarnation == candidate_.get();
  Input input;
  input.stop_from = Phase::kStop;
  if (outcome.kind == StartOutcome::Kind::kReady) {
    Fire(candidate ? SlotEvent::kCandidateReady : SlotEvent::kReady);
    return;
  }
  const bool refused = outcome.kind == StartOutcome::Kind::kRefused;
  input.why =
      refused ? Status::FailedPrecondition(Says("refused to start: " + outcome.reason))
              : Status::Unavailable(Says("failed to start: " + outcome.reason));
  if (candidate) {
    Fire(SlotEvent::kCandidateFailed, std::move(input));
  } else if (refused) {
    Fire(SlotEvent::kRefused, std::move(input));
  } else {
    FireLoss(SlotEvent::kStartFailed, *incarnation, nullptr, std::move(input));
  }
}

void Slot::Health(IncarnationId id, bool answered) {
  if (Incarnation* incarnation = Find(id)) incarnation->Health(answered);
}

void Slot::Drained(IncarnationId id) {
  if (Incarnation* incarnation = Find(id)) incarnation->Drained();
}

void Slot::Stuck(IncarnationId id) {
  if (!current_ || current_->id() != id) return;
  const WorkerSpec spec = current_->spec();
  Note(true, "too many of its threads are stuck in calls; it is replaced");
  Input input;
  input.spec = &spec;
  Fire(SlotEvent::kStuck, std::move(input));
}

Status Slot::PassDescriptor(IncarnationId id, const std::string& name, int descriptor) {
  Incarnation* incarnation = Find(id);
  if (incarnation == nullptr)
    return Status::NotFound("that process of " + name_ + " has ended");
  return incarnation->PassDescriptor(name, descriptor);
}

bool Slot::OnProcess(const ProcessEvent& event) {
  Incarnation* incarnation = Find(event.incarnation);
  if (incarnation == nullptr) return false;
  if (event.kind == ProcessEvent::Kind::kEnded) {
    OnEnded(incarnation);
  } else {
    const bool out = event.kind == ProcessEvent::Kind::kStdout;
    incarnation->OnOutput(out ? Stream::kStdout : Stream::kStderr);
  }
  return true;
}

void Slot::OnEnded(Incarnation* ended) {
  changed_ = true;
  const bool candidate = ended == candidate_.get();
  const bool leaving = ended->leaving();
  const bool abandoned = ended->phase() == Phase::kAbandoned;
  const bool starting = ended->phase() == Phase::kStarting;
  const Process taken = Take(ended);
  EndRecord end = taken->Finish();
  if (abandoned) {
    Note(false, "its abandoned process " + std::to_string(end.pid) +
                    " has ended: " + end.reason);
    return;
  }
  Remember(end);
  if (leaving) {
    if (!LeavingLives()) Fire(SlotEvent::kLeavingGone);
    return;
  }
  Input input;
  input.why = Status::Unavailable(
      Says((starting ? "did not start: " : "stopped by itself: ") + end.reason));
  if (candidate) {
    Fire(SlotEvent::kCandidateFailed, std::move(input));
  } else {
    FireLoss(SlotEvent::kExited, *taken, &end, std::move(input));
  }
}

void Slot::FireLoss(SlotEvent event, const Incarnation& lost, const EndRecord* end,
                    Input input) {
  if (lost.TimeLive() >= context_.timings.backoff_reset) backoff_.Reset();
  const bool wanted_exit =
      end != nullptr && end->exit_code == 0 && lost.phase() == Phase::kLive;
  if (candidate_) {
    event = SlotEvent::kLostBesideCandidate;
  } else if (IsPermanent(end)) {
    event = SlotEvent::kPermanent;
    input.why = Status::FailedPrecondition(
        input.why.message() + ", by which it says that trying again is useless");
  } else if (spec_.restart == RestartPolicy::kNever ||
             (spec_.restart == RestartPolicy::kOnFailure && wanted_exit)) {
    event = SlotEvent::kNoRestart;
  }
  Fire(event, std::move(input));
}

void Slot::OnTimer() {
  for (Incarnation* incarnation : All()) OnAlarm(incarnation, incarnation->OnTimer());
  if (retry_at_ && context_.now >= *retry_at_) Fire(SlotEvent::kRetryDue);
}

void Slot::OnAlarm(Incarnation* incarnation, Incarnation::Alarm alarm) {
  if (alarm == Incarnation::Alarm::kNone) return;
  if (alarm == Incarnation::Alarm::kAbandoned) {
    changed_ = true;
    Remember(incarnation->Abandon());
    if (!LeavingLives()) Fire(SlotEvent::kLeavingGone);
    return;
  }
  const bool late = alarm == Incarnation::Alarm::kStartLate;
  Input input;
  input.why =
      late
          ? Status::DeadlineExceeded(Says(
                "was not ready within " + std::to_string(context_.timings.start.count()) +
                " ms" + (incarnation->attached() ? "" : "; it never attached")))
          : Status::Unavailable(Says("hung: it missed " +
                                     std::to_string(context_.timings.health_misses) +
                                     " health checks in a row"));
  if (incarnation == candidate_.get()) {
    Fire(SlotEvent::kCandidateFailed, std::move(input));
  } else {
    FireLoss(late ? SlotEvent::kStartFailed : SlotEvent::kHung, *incarnation, nullptr,
             std::move(input));
  }
}

void Slot::OnGap() {
  for (Incarnation* incarnation : All()) incarnation->Forgive();
}

TimePoint Slot::Deadline() const {
  TimePoint soonest = retry_at_.value_or(TimePoint::max());
  for (const Incarnation* incarnation : All()) {
    soonest = std::min(soonest, incarnation->Deadline());
  }
  return soonest;
}

bool Slot::Owns(IncarnationId id) const { return Find(id) != nullptr; }

bool Slot::OwnsPid(int64_t pid) const {
  const std::vector<Incarnation*> all = All();
  return std::any_of(all.begin(), all.end(),
                     [pid](const Incarnation* one) { return one->pid() == pid; });
}

SlotStatus Slot::Describe() const {
  SlotStatus status;
  status.slot = name_;
  status.module = spec_.module;
  status.wanted = wanted_;
  status.state = state_;
  status.reason = reason_;
  if (current_) {
    status.pid = current_->pid();
    status.incarnation = current_->id();
    if (current_->phase() == Phase::kLive) status.started = current_->ready_at();
  }
  status.restarts = restarts_;
  status.next_try = next_try_;
  status.leaving = static_cast<uint32_t>(leaving_.size());
  status.ends = ends_;
  return status;
}

}  // namespace nscp::kernel
