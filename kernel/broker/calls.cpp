// The way of a call: Prepare -> Begin -> (waiting) -> Launch -> Landed -> Finish.
#include <algorithm>

#include "kernel/broker/call.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {

void Broker::Run(const Actions& actions) {
  for (const auto& action : actions) action();
}

std::string Broker::SubjectOf(const Asker& asker) const {
  const Identity& identity = *asker.identity;
  const bool believed = identity.rights.Has(v1::ASSERT_PRINCIPAL);
  return SubjectName(identity.module, believed ? asker.principal : std::string());
}

Status Broker::FindParent(const Asker& asker, Call& call) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = calls_.find(asker.call);
  // Only the worker that runs the call may speak in its name.
  if (found == calls_.end() ||
      found->second->incarnation != asker.identity->incarnation) {
    return Status::FailedPrecondition("the call it belongs to has ended");
  }
  call.parent = found->second;
  call.depth = call.parent->depth + 1;
  call.principal = call.parent->principal;
  call.client = call.parent->client;
  call.request_id = call.parent->request_id;
  if (call.depth > kMaxDepth) {
    return Status::ResourceExhausted("more than " + std::to_string(kMaxDepth) +
                                     " nested calls: does an alias call itself?");
  }
  return Status::Ok();
}

Status Broker::Prepare(const Asker& asker, std::chrono::milliseconds limit,
                       const char* kind, Call& call) {
  const auto now = Clock::now();
  ASSIGN_OR_RETURN(call.id, RandomBytes(12));
  call.id = ToHex(call.id);
  call.principal = SubjectOf(asker);
  call.client = asker.client;
  call.request_id = asker.request_id;
  call.arrived = now;
  call.deadline = now + limit;
  call.limit =
      FormatSeconds(limit) + ", the limit for " + kind + " where the caller names none";
  if (asker.deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(*asker.deadline - now);
    const auto capped = std::clamp<std::chrono::milliseconds>(
        left, std::chrono::milliseconds(1), kLongest);
    call.deadline = now + capped - std::min(kAnswerMargin, capped / 4);
    call.limit =
        FormatSeconds(capped) + (left > kLongest ? ", the longest that any call may take"
                                                 : ", the caller's limit");
  }
  if (asker.call.empty()) return Status::Ok();
  RETURN_IF_ERROR(FindParent(asker, call));
  if (call.parent->deadline < call.deadline) {
    call.deadline = call.parent->deadline;
    call.limit = call.parent->limit;
  }
  return Status::Ok();
}

void Broker::Begin(const CallPtr& call) {
  Actions actions;
  Status refused;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    calls_[call->id] = call;
    if (call->parent) ParentWaitsLocked(call->parent, actions);
    refused = AdmitLocked(call, actions);
  }
  Run(actions);
  if (refused.ok()) return;
  // Without the lock: the reason comes from another room.
  if (refused.code() == Code::kUnavailable && hooks_.why_not_running) {
    refused = Status::Unavailable("module " + call->slot + " is not running: " +
                                  hooks_.why_not_running(call->slot));
  }
  Finish(call, refused);
}

// Runs it, or lets it wait, or says why neither.
Status Broker::AdmitLocked(const CallPtr& call, Actions& actions) {
  const auto found = slots_.find(call->slot);
  if (found == slots_.end() || found->second.routed == 0) {
    return Status::Unavailable("module " + call->slot + " is not running");
  }
  Slot& slot = found->second;
  const bool free =
      slot.running < slot.permits && !slot.alone && (!call->alone || slot.running == 0);
  if (free && slot.waiting.empty()) {
    StartLocked(slot, call, actions);
    return Status::Ok();
  }
  if (slot.waiting.size() >= slot.queue) {
    return Status::ResourceExhausted(
        "module " + call->slot + " is busy: " + std::to_string(slot.running) +
        " calls run and " + std::to_string(slot.waiting.size()) +
        " wait, which is its limit");
  }
  call->stage = Call::Stage::kWaiting;
  // The deeper first: it finishes what others wait for.
  const auto place =
      std::find_if(slot.waiting.begin(), slot.waiting.end(),
                   [&](const CallPtr& other) { return other->depth < call->depth; });
  slot.waiting.insert(place, call);
  call->timer = timer_.At(call->deadline, [this, call] { Expired(call); });
  PumpLocked(slot, actions);
  return Status::Ok();
}

void Broker::StartLocked(Slot& slot, const CallPtr& call, Actions& actions) {
  LinkState& state = links_[slot.routed];
  call->stage = Call::Stage::kRunning;
  call->incarnation = slot.routed;
  call->holds_permit = true;
  ++slot.running;
  ++slot.total;
  slot.alone = call->alone;
  state.in_flight[call->id] = call;
  state.last_calls.push_back(
      call->what + " for " + call->principal +
      (call->request_id.empty() ? "" : ", request " + call->request_id));
  if (state.last_calls.size() > kKeptCalls) state.last_calls.pop_front();
  if (call->timer) timer_.Cancel(*call->timer);
  call->timer.reset();
  // A copy: the call may end, and drop its own, while this one still runs.
  actions.push_back(
      [this, call, fly = call->fly, link = state.link] { Launch(call, fly, link); });
}

void Broker::PumpLocked(Slot& slot, Actions& actions) {
  while (!slot.waiting.empty() && slot.routed != 0 && slot.running < slot.permits &&
         !slot.alone) {
    const CallPtr next = slot.waiting.front();
    if (next->alone && slot.running > 0) return;
    slot.waiting.pop_front();
    StartLocked(slot, next, actions);
  }
}

void Broker::Launch(const CallPtr& call, const Fly& fly,
                    const std::shared_ptr<Link>& link) {
  auto flight = fly(*link, {call->deadline, call->request_id},
                    [this, call](Status status) { Landed(call, std::move(status)); });
  bool cancel = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    cancel = call->cancelled;
    if (call->stage == Call::Stage::kRunning) call->flight = flight;
  }
  if (cancel) flight->Cancel();
}

// While a call waits for one of its own it holds no permit, so that no depth of nesting
// can use up the permits that it needs.
void Broker::ParentWaitsLocked(const CallPtr& parent, Actions& actions) {
  if (++parent->nested > 1 || !parent->holds_permit) return;
  Slot& slot = slots_[parent->slot];
  parent->holds_permit = false;
  --slot.running;
  PumpLocked(slot, actions);
}

void Broker::ParentGoesOnLocked(const CallPtr& parent) {
  if (--parent->nested > 0 || parent->stage != Call::Stage::kRunning) return;
  parent->holds_permit = true;
  ++slots_[parent->slot].running;
}

void Broker::ReleaseLocked(const CallPtr& call, Actions& actions) {
  if (const auto link = links_.find(call->incarnation); link != links_.end()) {
    link->second.in_flight.erase(call->id);
  }
  const auto found = slots_.find(call->slot);
  if (found == slots_.end()) return;
  Slot& slot = found->second;
  if (call->holds_permit) --slot.running;
  call->holds_permit = false;
  if (call->alone) slot.alone = false;
  PumpLocked(slot, actions);
}

// The worker answered, or the line broke, or the deadline passed.
void Broker::Landed(const CallPtr& call, Status status) {
  Actions actions;
  bool over = true;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (call->stage != Call::Stage::kRunning) return;
    call->flight = nullptr;
    const auto link = links_.find(call->incarnation);
    ReleaseLocked(call, actions);
    if (status.code() == Code::kAborted && call->handovers++ < kMaxHandovers) {
      // A stopping worker did not touch it: the one that took its place will.
      const Status refused = AdmitLocked(call, actions);
      over = !refused.ok();
      if (over) status = refused;
    } else if (status.code() == Code::kUnavailable && link != links_.end()) {
      over = false;
      call->stage = Call::Stage::kOrphan;
      link->second.orphans.push_back(call);
      call->timer =
          timer_.At(Clock::now() + kWaitForEnd, [this, call] { Expired(call); });
    }
  }
  Run(actions);
  if (over) Finish(call, std::move(status));
}

// Nobody came for a waiting call, or no word of an orphan's worker.
void Broker::Expired(const CallPtr& call) {
  bool waited = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (call->stage != Call::Stage::kWaiting && call->stage != Call::Stage::kOrphan)
      return;
    waited = call->stage == Call::Stage::kWaiting;
    if (waited) {
      auto& waiting = slots_[call->slot].waiting;
      waiting.erase(std::remove(waiting.begin(), waiting.end(), call), waiting.end());
    } else if (const auto link = links_.find(call->incarnation); link != links_.end()) {
      auto& orphans = link->second.orphans;
      orphans.erase(std::remove(orphans.begin(), orphans.end(), call), orphans.end());
    }
  }
  Finish(call, waited ? Status::DeadlineExceeded("waited for a free place")
                      : Status::Unavailable("module " + call->slot +
                                            ": the connection to its worker broke"));
}

void Broker::Cancel(const CallPtr& call) {
  std::shared_ptr<PendingCall> flight;
  bool waited = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    call->cancelled = true;
    flight = call->flight;
    if (call->stage == Call::Stage::kWaiting) {
      waited = true;
      auto& waiting = slots_[call->slot].waiting;
      waiting.erase(std::remove(waiting.begin(), waiting.end(), call), waiting.end());
    }
  }
  if (flight) flight->Cancel();
  if (waited) Finish(call, Status::Cancelled("the caller has gone"));
}

void Broker::Finish(const CallPtr& call, Status status) {
  const auto ended = Clock::now();
  std::optional<Timer::Id> timer;
  std::vector<CallPtr> forsaken;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (call->stage == Call::Stage::kEnded) return;
    // One that was refused at once says nothing about the time that calls take.
    const bool begun = call->stage != Call::Stage::kNew;
    call->stage = Call::Stage::kEnded;
    call->flight = nullptr;
    calls_.erase(call->id);
    timer = call->timer;
    call->timer.reset();
    if (const auto slot = slots_.find(call->slot); slot != slots_.end()) {
      if (!status.ok()) ++slot->second.failed;
      if (begun) slot->second.times.Add(ended - call->arrived);
    }
    if (call->parent) ParentGoesOnLocked(call->parent);
    if (call->nested > 0) {
      for (const auto& [id, other] : calls_) {
        if (other->parent == call) forsaken.push_back(other);
      }
    }
  }
  // Nobody waits for what an ended call had asked for.
  for (const CallPtr& child : forsaken) Cancel(child);
  if (timer) timer_.Cancel(*timer);
  const Status explained = Explain(*call, status);
  TellEnd(*call, explained, ended);
  call->answer(explained);
  // The circle call -> closures -> call ends here.
  call->answer = nullptr;
  call->fly = nullptr;
  call->parent = nullptr;
}

void Broker::TellEnd(const Call& call, const Status& status,
                     Clock::time_point ended) const {
  if (!hooks_.log) return;
  const std::string who = call.what + " for " + call.principal + ": ";
  if (!status.ok() && status.code() != Code::kCancelled) {
    hooks_.log(v1::LOG_WARNING, who + status.message(), call.request_id);
  } else if (hooks_.tells_calls && hooks_.tells_calls()) {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(ended - call.arrived);
    hooks_.log(v1::LOG_DEBUG,
               who +
                   (status.ok() ? "module " + call.slot + " answered"
                                : std::string("taken back")) +
                   " after " + std::to_string(took.count()) + " ms",
               call.request_id);
  }
}

Status Broker::Explain(const Call& call, const Status& status) const {
  if (status.code() == Code::kDeadlineExceeded) {
    return Status::DeadlineExceeded(
        "module " + call.slot + " did not answer within " + call.limit +
        (status.message() == "waited for a free place" ? "; all its places were taken"
                                                       : ""));
  }
  return status;
}

}  // namespace nscp::kernel
