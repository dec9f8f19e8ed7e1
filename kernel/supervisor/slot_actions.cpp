// What a slot does: the actions of the table.
#include <algorithm>

#include "kernel/supervisor/slot.h"

namespace nscp::kernel {
namespace {

using Phase = Incarnation::Phase;

}  // namespace

void Slot::Act(SlotAction action, Input& input) {
  switch (action) {
    case SlotAction::kIgnore:
      return;
    case SlotAction::kAnswerOk:
      return Answer(std::move(input.done), Status::Ok());
    case SlotAction::kAnswerNotRunning:
      return Answer(std::move(input.done),
                    Status::FailedPrecondition(name_ + " is not running"));
    case SlotAction::kBegin:
      return Begin(input);
    case SlotAction::kJoin:
      spec_ = *input.spec;
      return Wait(start_waiting_, std::move(input.done));
    case SlotAction::kSpawn:
      AnswerAll(stop_waiting_, Status::Ok());
      return start_waits_ ? Spawn() : void();
    case SlotAction::kAskStart:
      return AskStart(*input.incarnation);
    case SlotAction::kGoLive:
      return GoLive();
    case SlotAction::kRefuse:
      return Refuse(input);
    case SlotAction::kRetryLater:
      return RetryLater(input);
    case SlotAction::kGiveUp:
      return GiveUp(input);
    case SlotAction::kStop:
      return StopAll(input);
    case SlotAction::kJoinStop:
      return Wait(stop_waiting_, std::move(input.done));
    case SlotAction::kFinishStop:
      return AnswerAll(stop_waiting_, Status::Ok());
    case SlotAction::kReplace:
      return StartCandidate(input);
    case SlotAction::kSwitch:
      return Switch();
    case SlotAction::kKeepOld:
      return KeepOld(input);
    case SlotAction::kAdopt:
      return Adopt(input);
  }
}

void Slot::Begin(Input& input) {
  if (input.spec != nullptr) spec_ = *input.spec;
  if (input.done) Wait(start_waiting_, std::move(input.done));
  wanted_ = true;
  retry_at_.reset();
  next_try_.reset();
  if (lost_) ++restarts_;
  lost_ = false;
  if (!LeavingLives()) return Spawn();
  start_waits_ = true;
  reason_ = "waits until its previous process is gone";
}

void Slot::Spawn() {
  start_waits_ = false;
  reason_ = "is being started";
  auto created = Incarnation::Create(context_, spec_, ++context_.last_incarnation);
  if (created.ok()) {
    current_ = std::move(created).value();
    return;
  }
  Input input;
  input.why = created.status().WithContext("starting " + spec_.module);
  Fire(spec_.restart == RestartPolicy::kNever ? SlotEvent::kNoRestart
                                              : SlotEvent::kStartFailed,
       std::move(input));
}

void Slot::AskStart(const Incarnation& incarnation) {
  context_.port.Start(name_, incarnation.id(), incarnation.start_deadline());
}

void Slot::GoLive() {
  current_->GoLive();
  reason_ = "is ready";
  context_.port.Route(name_, current_->id());
  Note(false, "is ready, process " + std::to_string(current_->pid()));
  AnswerAll(start_waiting_, Status::Ok());
  NextReplacement();
}

// A start or a running process is lost: what all three ways out have in common.
void Slot::FailStart(const Input& input) {
  reason_ = input.why.message();
  if (current_) Leave(current_, input.stop_from, input.why.message(), false);
  if (next_spec_) spec_ = *next_spec_;
  next_spec_.reset();
  AnswerAll(start_waiting_, input.why);
  AnswerAll(next_waiting_, input.why);
}

void Slot::Refuse(const Input& input) {
  FailStart(input);
  Note(true, reason_ + "; it is not tried again by itself");
}

void Slot::RetryLater(const Input& input) {
  FailStart(input);
  lost_ = true;
  const std::chrono::milliseconds pause = backoff_.Next(context_.random());
  retry_at_ = context_.now + pause;
  next_try_ = std::chrono::system_clock::now() + pause;
  Note(true, reason_ + "; next try in " + std::to_string(pause.count()) + " ms");
}

void Slot::GiveUp(const Input& input) {
  FailStart(input);
  wanted_ = false;
  Note(true, reason_ + "; its restart policy says not to try again");
}

void Slot::StopAll(Input& input) {
  const std::string why = context_.shutting_down ? "the agent stops" : "stopped";
  const Status cancelled = Status::Cancelled(Says("is being stopped"));
  wanted_ = false;
  lost_ = false;
  start_waits_ = false;
  retry_at_.reset();
  next_try_.reset();
  next_spec_.reset();
  backoff_.Reset();
  reason_ = why;
  if (input.done) Wait(stop_waiting_, std::move(input.done));
  AnswerAll(start_waiting_, cancelled);
  AnswerAll(candidate_waiting_, cancelled);
  AnswerAll(next_waiting_, cancelled);
  if (current_) Leave(current_, Phase::kDrain, why, true);
  if (candidate_) Leave(candidate_, Phase::kStop, why, true);
  if (!LeavingLives()) Fire(SlotEvent::kLeavingGone);
}

void Slot::StartCandidate(Input& input) {
  if (candidate_) {
    if (!input.done) return;  // stuck, and its replacement is on the way
    next_spec_ = *input.spec;
    return Wait(next_waiting_, std::move(input.done));
  }
  if (input.done) Wait(candidate_waiting_, std::move(input.done));
  auto created = Incarnation::Create(context_, *input.spec, ++context_.last_incarnation);
  if (created.ok()) {
    candidate_ = std::move(created).value();
    return;
  }
  Input failed;
  failed.why = created.status().WithContext("starting " + spec_.module);
  Fire(SlotEvent::kCandidateFailed, std::move(failed));
}

void Slot::Switch() {
  candidate_->GoLive();
  context_.port.Route(name_, candidate_->id());
  std::swap(current_, candidate_);
  spec_ = current_->spec();
  Leave(candidate_, Phase::kDrain, "replaced", true);
  Note(false, "is replaced, process " + std::to_string(current_->pid()));
  AnswerAll(candidate_waiting_, Status::Ok());
  NextReplacement();
}

void Slot::KeepOld(const Input& input) {
  if (candidate_) Leave(candidate_, input.stop_from, input.why.message(), false);
  const Status why = input.why.WithContext("the running process stays");
  Note(true, why.message());
  AnswerAll(candidate_waiting_, why);
  NextReplacement();
}

void Slot::Adopt(const Input& input) {
  if (current_) Leave(current_, input.stop_from, input.why.message(), false);
  current_ = std::move(candidate_);
  spec_ = current_->spec();
  start_waiting_ = std::move(candidate_waiting_);
  candidate_waiting_.clear();
  ++restarts_;
  reason_ = input.why.message() + "; its replacement is being started";
  Note(true, reason_);
}

void Slot::NextReplacement() {
  if (!next_spec_ || candidate_) return;
  const WorkerSpec spec = *next_spec_;
  next_spec_.reset();
  candidate_waiting_ = std::move(next_waiting_);
  next_waiting_.clear();
  Input input;
  input.spec = &spec;
  Fire(SlotEvent::kReplace, std::move(input));
}

void Slot::Leave(Process& process, Phase first, const std::string& why, bool wanted) {
  process->Stop(first, why, wanted);
  leaving_.push_back(std::move(process));
}

void Slot::Remember(EndRecord end) {
  end.last_calls = context_.port.BusyWith(end.incarnation);
  context_.answers.push_back(
      [this, end] { context_.port.Gone(name_, end.incarnation, end); });
  const bool error = !end.wanted || end.abandoned;
  Note(error, "process " + std::to_string(end.pid) + ": " + end.reason);
  if (ends_.size() >= kKeptEnds) ends_.erase(ends_.begin());
  ends_.push_back(std::move(end));
}

Slot::Process Slot::Take(const Incarnation* incarnation) {
  if (current_.get() == incarnation) return std::move(current_);
  if (candidate_.get() == incarnation) return std::move(candidate_);
  const auto found = std::find_if(
      leaving_.begin(), leaving_.end(),
      [incarnation](const Process& one) { return one.get() == incarnation; });
  Process taken = std::move(*found);
  leaving_.erase(found);
  return taken;
}

Incarnation* Slot::Find(IncarnationId id) const {
  for (Incarnation* incarnation : All()) {
    if (incarnation->id() == id) return incarnation;
  }
  return nullptr;
}

std::vector<Incarnation*> Slot::All() const {
  std::vector<Incarnation*> all;
  if (current_) all.push_back(current_.get());
  if (candidate_) all.push_back(candidate_.get());
  for (const Process& process : leaving_) all.push_back(process.get());
  return all;
}

bool Slot::LeavingLives() const {
  return std::any_of(leaving_.begin(), leaving_.end(), [](const Process& process) {
    return process->phase() != Phase::kAbandoned;
  });
}

void Slot::Wait(Waiting& list, Supervisor::Done done) {
  if (list.size() < kMaxWaiting) return list.push_back(std::move(done));
  Answer(std::move(done),
         Status::ResourceExhausted("too many requests wait for " + name_ + " already"));
}

void Slot::Answer(Supervisor::Done done, const Status& status) {
  if (!done) return;
  context_.answers.push_back([done = std::move(done), status] { done(status); });
}

void Slot::AnswerAll(Waiting& list, const Status& status) {
  for (Supervisor::Done& done : list) Answer(std::move(done), status);
  list.clear();
}

void Slot::Note(bool error, const std::string& message) {
  context_.port.Note(name_, error, message);
}

}  // namespace nscp::kernel
