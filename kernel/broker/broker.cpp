#include "kernel/broker/broker.h"

#include <algorithm>

#include "kernel/broker/call.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// What the SDK's crash handler writes before the call's id (docs/write-a-module.md).
constexpr std::string_view kCrashWords = "nscp: crashed in call ";

std::string CrashedCall(const std::vector<std::string>& last_lines) {
  for (auto line = last_lines.rbegin(); line != last_lines.rend(); ++line) {
    const size_t at = line->find(kCrashWords);
    if (at != std::string::npos) {
      return std::string(Trim(std::string_view(*line).substr(at + kCrashWords.size())));
    }
  }
  return "";
}

v1::CheckResult Unknown(const std::string& command, const std::string& message) {
  v1::CheckResult result;
  result.set_code(v1::UNKNOWN);
  result.set_command(command);
  result.add_lines()->set_message(message);
  return result;
}

std::string FailureText(const std::string& command, const std::string& reason) {
  return "Failed to execute command: " + command + " (" + reason + ")";
}

std::string CleanCommand(const std::string& command) {
  return ToLowerAscii(CutUtf8(RepairUtf8(command), Registry::kMaxNameLength));
}

// For calls that end before they begin.
class NoCall final : public PendingCall {
 public:
  void Cancel() override {}
};

}  // namespace

Broker::Broker(Limits limits, Hooks hooks) : limits_(limits), hooks_(std::move(hooks)) {}
Broker::~Broker() = default;

void Broker::SetPolicy(Policy policy) {
  const std::lock_guard<std::mutex> lock(mutex_);
  policy_ = std::move(policy);
}

void Broker::PutSlot(const std::string& slot, uint64_t rank,
                     std::shared_ptr<const v1::Manifest> manifest) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Slot& entry = slots_[slot];
    entry.module = manifest->name();
    const v1::WorkerLimits& limits = manifest->limits();
    entry.permits = limits.concurrency() > 0 ? limits.concurrency() : kDefaultConcurrency;
    entry.queue = limits.queue() > 0 ? limits.queue() : kDefaultQueue;
  }
  registry_.Put(slot, rank, std::move(manifest));
}

void Broker::RemoveSlot(const std::string& slot) { registry_.Remove(slot); }

void Broker::AddLink(const std::string& slot, uint64_t incarnation,
                     std::shared_ptr<Link> link) {
  const std::lock_guard<std::mutex> lock(mutex_);
  LinkState& state = links_[incarnation];
  state.slot = slot;
  state.link = std::move(link);
}

std::shared_ptr<Link> Broker::FindLink(uint64_t incarnation) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = links_.find(incarnation);
  return found == links_.end() ? nullptr : found->second.link;
}

void Broker::Route(const std::string& slot, uint64_t incarnation) {
  Actions actions;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (links_.count(incarnation) == 0) return;
    slots_[slot].routed = incarnation;
    PumpLocked(slots_[slot], actions);
  }
  Run(actions);
}

std::deque<Broker::CallPtr> Broker::UnrouteLocked(uint64_t incarnation) {
  std::deque<CallPtr> stranded;
  const auto link = links_.find(incarnation);
  if (link == links_.end()) return stranded;
  Slot& slot = slots_[link->second.slot];
  if (slot.routed != incarnation) return stranded;
  slot.routed = 0;
  stranded.swap(slot.waiting);
  return stranded;
}

void Broker::Unroute(uint64_t incarnation) {
  std::deque<CallPtr> stranded;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stranded = UnrouteLocked(incarnation);
  }
  for (const CallPtr& call : stranded) {
    Finish(call, Status::Unavailable("module " + call->slot + " is stopping"));
  }
}

std::vector<std::string> Broker::BusyWith(uint64_t incarnation) const {
  std::vector<std::string> calls;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = links_.find(incarnation);
  if (found == links_.end()) return calls;
  const auto running = [&calls](const CallPtr& call) {
    calls.push_back("running: " + call->what + " for " + call->principal);
  };
  for (const CallPtr& call : found->second.orphans) running(call);
  for (const auto& [id, call] : found->second.in_flight) running(call);
  if (!calls.empty()) return calls;
  for (const std::string& call : found->second.last_calls) {
    calls.push_back("last: " + call);
  }
  return calls;
}

void Broker::Gone(uint64_t incarnation, const End& end) {
  std::vector<CallPtr> lost;
  Actions actions;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = links_.find(incarnation);
    if (found == links_.end()) return;
    LinkState& state = found->second;
    const auto stranded = UnrouteLocked(incarnation);
    BlameLocked(state, end);
    lost = std::move(state.orphans);
    for (const auto& [id, call] : state.in_flight) lost.push_back(call);
    for (const CallPtr& call : lost) {
      if (call->stage == Call::Stage::kRunning) ReleaseLocked(call, actions);
      call->stage = Call::Stage::kOrphan;  // a late word of its line changes nothing
    }
    lost.insert(lost.end(), stranded.begin(), stranded.end());
    links_.erase(found);
  }
  Run(actions);
  for (const CallPtr& call : lost) {
    Finish(call,
           Status::Unavailable("module " + call->slot + ": its worker " + end.reason));
  }
}

void Broker::BlameLocked(const LinkState& state, const End& end) {
  if (end.wanted) return;
  std::vector<std::string> suspects;
  std::string proven;
  const std::string crashed = CrashedCall(end.last_lines);
  const auto suspect = [&](const CallPtr& call) {
    if (call->blame_key.empty()) return;
    suspects.push_back(call->blame_key);
    if (call->id == crashed || call->alone) proven = call->blame_key;
  };
  for (const auto& [id, call] : state.in_flight) suspect(call);
  for (const CallPtr& call : state.orphans) suspect(call);
  if (!suspects.empty()) quarantine_.Died(suspects, proven, Clock::now());
}

bool Broker::IsRouted(const std::string& slot) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = slots_.find(slot);
  return found != slots_.end() && found->second.routed != 0;
}

Broker::Load Broker::LoadOf(const std::string& slot) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = slots_.find(slot);
  if (found == slots_.end()) return {};
  const Slot& state = found->second;
  return {state.running, static_cast<uint32_t>(state.waiting.size()), state.total,
          state.failed,  state.routed == 0 ? 0 : state.permits,       state.times};
}

uint64_t Broker::CallsRunning() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_.size();
}

// The permission policy and the quarantine. An error is the text of the answer.
Status Broker::Permit(Call& call,
                      const google::protobuf::RepeatedPtrField<std::string>& arguments) {
  const std::lock_guard<std::mutex> lock(mutex_);
  RETURN_IF_ERROR(policy_.MayRun(call.principal, slots_[call.slot].module, call.what));
  call.blame_key =
      Quarantine::Key(call.slot, call.what, {arguments.begin(), arguments.end()});
  const auto now = Clock::now();
  const auto verdict = quarantine_.Judge(call.blame_key, now);
  call.alone = verdict == Quarantine::Verdict::kRunAlone;
  if (verdict != Quarantine::Verdict::kQuarantined) return Status::Ok();
  return Status::FailedPrecondition(FailureText(
      call.what, "in quarantine for another " +
                     std::to_string(quarantine_.Left(call.blame_key, now).count()) +
                     " s: with these arguments it ended the worker of module " +
                     call.slot + " " + std::to_string(Quarantine::kProofs) +
                     " times within an hour"));
}

std::shared_ptr<PendingCall> Broker::Execute(const Asker& asker,
                                             const v1::ExecuteRequest& request,
                                             Done<v1::ExecuteResponse> done) {
  auto call = std::make_shared<Call>(*this);
  call->what = CleanCommand(request.command());
  auto response = std::make_shared<v1::ExecuteResponse>();
  const auto say = [what = call->what, response, done](const std::string& message) {
    *response->mutable_result() = Unknown(what, message);
    done(std::move(*response));
    return std::make_shared<NoCall>();
  };
  const auto claim = registry_.Find(call->what);
  if (!claim) return say("Unknown command(s): " + call->what);
  call->slot = claim->slot;
  response->set_module(claim->slot);
  if (const Status bad = Prepare(asker, limits_.query, "queries", *call); !bad.ok()) {
    return say(FailureText(call->what, bad.message()));
  }
  if (const Status denied = Permit(*call, request.arguments()); !denied.ok()) {
    return say(denied.message());
  }
  v1::WorkerQueryRequest query;
  query.set_call(call->id);
  query.set_command(claim->command);
  *query.mutable_arguments() = request.arguments();
  query.set_principal(call->principal);
  call->fly = [query, response](Link& link, const Link::Options& options,
                                const std::function<void(Status)>& landed) {
    return link.Query(query, options,
                      [response, landed](Status status, v1::WorkerQueryResponse answer) {
                        *response->mutable_result() = std::move(*answer.mutable_result());
                        landed(std::move(status));
                      });
  };
  call->answer = [say, what = call->what, response, done](const Status& status) {
    if (!status.ok()) {
      say(FailureText(what, status.message()));
      return;
    }
    response->set_answered(true);
    done(std::move(*response));
  };
  Begin(call);
  return call;
}

std::shared_ptr<PendingCall> Broker::Exec(const Asker& asker, const std::string& slot,
                                          const v1::ExecRequest& request,
                                          Done<Result<v1::ExecResponse>> done) {
  auto call = std::make_shared<Call>(*this);
  call->what = CleanCommand(request.command());
  call->slot = slot;
  if (const Status bad = Prepare(asker, limits_.exec, "commands", *call); !bad.ok()) {
    done(bad);
    return std::make_shared<NoCall>();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Status denied =
        policy_.MayExec(call->principal, slots_[slot].module, call->what);
    if (!denied.ok()) {
      done(denied);
      return std::make_shared<NoCall>();
    }
  }
  v1::WorkerExecRequest exec;
  exec.set_call(call->id);
  exec.set_command(call->what);
  *exec.mutable_arguments() = request.arguments();
  exec.set_principal(call->principal);
  auto response = std::make_shared<v1::ExecResponse>();
  call->fly = [exec, response](Link& link, const Link::Options& options,
                               const std::function<void(Status)>& landed) {
    return link.Exec(exec, options,
                     [response, landed](Status status, v1::WorkerExecResponse answer) {
                       response->set_code(answer.code());
                       response->set_output(std::move(*answer.mutable_output()));
                       response->set_data(std::move(*answer.mutable_data()));
                       landed(std::move(status));
                     });
  };
  call->answer = [response, done](const Status& status) {
    if (status.ok()) {
      done(std::move(*response));
    } else {
      done(status);
    }
  };
  Begin(call);
  return call;
}

}  // namespace nscp::kernel
