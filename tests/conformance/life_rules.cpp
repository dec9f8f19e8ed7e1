// From birth to end.
#include "proto/cpp/channel.h"
#include "proto/cpp/text.h"
#include "tests/conformance/breach.h"
#include "tests/conformance/rules.h"
#include "tests/conformance/session.h"

namespace nscp::conformance {
namespace {

constexpr milliseconds kAtOnce{2000};
constexpr milliseconds kPatience{200};

// Whether the first Attach had the token decides which of two rules is broken.
bool SignedBadly(Session& session) {
  const auto rpcs = session.kernel().BadlySigned();
  return !rpcs.empty() && rpcs.front() == "Host/Attach";
}

Status AttachInTime(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Begin(plan));
  const auto attach = session->Attach();
  if (!attach.ok() && SignedBadly(*session)) {
    return NotHere("its Host.Attach had no valid token: see token-from-worker");
  }
  RETURN_IF_ERROR(attach.status());
  if (attach->address != session->listen()) {
    return Breach("it attached as listening on \"" + attach->address +
                  "\", the birth line says \"" + session->listen() + "\"");
  }
  if (attach->contract != v1::CONTRACT_CURRENT) {
    return Breach("it attached with contract " + std::to_string(attach->contract) +
                  ", this kernel speaks " + std::to_string(v1::CONTRACT_CURRENT));
  }
  return Status::Ok();
}

Status TokenFromWorker(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Begin(plan));
  if (const auto attach = session->Attach(); !attach.ok()) {
    if (SignedBadly(*session)) return Breach("Host/Attach came without its token");
    return NotHere("it did not attach");
  }
  ASSIGN_OR_RETURN(const auto request, session->StartRequest(0));
  const bool started = session->Start(request).ok();
  if (const auto nested = plan.Nested(kAnswers); nested && started) {
    session->Query(*nested, kQuick);
  }
  const auto rpcs = session->kernel().BadlySigned();
  if (!rpcs.empty()) return Breach(Join(rpcs, ", ") + " came without its token");
  return Status::Ok();
}

Status StartInTime(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Begin(plan));
  RETURN_IF_ERROR(session->Attach().status());
  ASSIGN_OR_RETURN(const auto request, session->StartRequest(0));
  if (const grpc::Status started = session->Start(request); !started.ok()) {
    return Breach("Worker.Start, within " + Ms(plan.start_limit) +
                  " of its birth: " + Told(started));
  }
  return Status::Ok();
}

Status BirthLine(const Plan& plan) {
  Session::BirthForm newer;
  newer.from_newer_kernel = true;
  ASSIGN_OR_RETURN(const auto session, Session::Begin(plan, newer));
  if (const auto attach = session->Attach(); !attach.ok()) {
    return Breach("a birth line with a field from a newer kernel: " +
                  attach.status().message());
  }
  RETURN_IF_ERROR(session->process().WriteLine("news from a newer kernel", -1));
  ASSIGN_OR_RETURN(const auto request, session->StartRequest(0));
  if (const grpc::Status started = session->Start(request); !started.ok()) {
    return Breach("after a further line on the lifeline Worker.Start: " + Told(started));
  }
  Session::BirthForm broken;
  broken.broken = true;
  ASSIGN_OR_RETURN(const auto other, Session::Begin(plan, broken));
  if (!other->process().WaitForEnd(plan.start_limit)) {
    return Breach("without a birth line it did not end within " + Ms(plan.start_limit));
  }
  if (other->process().ExitedWith(0)) {
    return Breach("without a birth line it exited with code 0, as if all were well");
  }
  return Status::Ok();
}

// One call of each kind in a context of the rule's own.
struct Knock {
  const char* rpc;
  grpc::Status (*call)(Session& session, grpc::ClientContext& context);
};

#define NSCP_KNOCK(Name)                                                      \
  {                                                                           \
    "Worker/" #Name, [](Session& session, grpc::ClientContext& context) {     \
      v1::Name##Response response;                                            \
      return session.worker().Name(&context, v1::Name##Request(), &response); \
    }                                                                         \
  }
#define NSCP_KNOCK_CALL(Name)                                                         \
  {                                                                                   \
    "Worker/" #Name, [](Session& session, grpc::ClientContext& context) {             \
      v1::Worker##Name##Response response;                                            \
      return session.worker().Name(&context, v1::Worker##Name##Request(), &response); \
    }                                                                                 \
  }

const Knock kKnocks[] = {
    NSCP_KNOCK(Start),
    NSCP_KNOCK(Reload),
    NSCP_KNOCK_CALL(Query),
    NSCP_KNOCK_CALL(Exec),
    NSCP_KNOCK(Drain),
    NSCP_KNOCK(Stop),
    {"Health/Check",
     [](Session& session, grpc::ClientContext& context) {
       grpc::health::v1::HealthCheckResponse response;
       return session.health().Check(&context, {}, &response);
     }},
};
#undef NSCP_KNOCK
#undef NSCP_KNOCK_CALL

Status TokenToWorker(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Begin(plan));
  RETURN_IF_ERROR(session->Attach().status());
  const std::string& right = session->kernel_token();
  const std::pair<const char*, std::string> wrong[] = {
      {"no token", ""},
      {"another token", std::string(right.size(), '0')},
      {"its own token", session->token()},
      {"the token without its last character", right.substr(0, right.size() - 1)},
      {"the token and more", right + "0"},
  };
  for (const auto& [what, token] : wrong) {
    for (const Knock& knock : kKnocks) {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kQuick);
      if (!token.empty()) context.AddMetadata(kTokenMetadata, token);
      const grpc::Status status = knock.call(*session, context);
      if (status.error_code() != grpc::StatusCode::UNAUTHENTICATED) {
        return Breach(std::string(knock.rpc) + " with " + what + " gave " + Told(status) +
                      " in place of UNAUTHENTICATED");
      }
    }
  }
  ASSIGN_OR_RETURN(const auto request, session->StartRequest(0));
  if (const grpc::Status started = session->Start(request); !started.ok()) {
    return Breach("after calls that it refused it did not start: " + Told(started));
  }
  return Status::Ok();
}

Status Refusal(const Plan& plan) {
  if (!plan.refused) return NotHere("no setting is known that it refuses (--refuse)");
  Plan changed = plan;
  changed.settings.push_back(*plan.refused);
  ASSIGN_OR_RETURN(const auto session, Session::Begin(changed));
  RETURN_IF_ERROR(session->Attach().status());
  ASSIGN_OR_RETURN(const auto request, session->StartRequest(0));
  const grpc::Status refused = session->Start(request);
  if (refused.error_code() != grpc::StatusCode::FAILED_PRECONDITION ||
      refused.error_message().empty()) {
    return Breach("Worker.Start gave " + Told(refused) +
                  " in place of FAILED_PRECONDITION and a reason");
  }
  session->Stop(kTimings.stop);
  if (!session->process().WaitForEnd(kTimings.stop)) {
    return Breach("after its refusal Worker.Stop did not end it within " +
                  Ms(kTimings.stop));
  }
  return Status::Ok();
}

Status Reload(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  ASSIGN_OR_RETURN(const auto request, session->StartRequest(0));
  if (const grpc::Status status = session->Reload(request); !status.ok()) {
    return Breach("Worker.Reload with the settings of its start gave " + Told(status));
  }
  if (const grpc::Status health = session->Health(kTimings.health_deadline);
      !health.ok()) {
    return Breach("after a reload its health was " + Told(health));
  }
  return Status::Ok();
}

// New calls are turned away from some moment on; none is lost before.
Status TurnedAway(Session& session) {
  const auto end = std::chrono::steady_clock::now() + kAtOnce;
  while (std::chrono::steady_clock::now() < end) {
    // Before the drain has arrived it may still be taken, and wait for a place.
    const Answer answer = session.Query(kUnknown, kPatience);
    const auto code = answer.status.error_code();
    if (code == grpc::StatusCode::ABORTED) return Status::Ok();
    if (code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::CANCELLED ||
        code == grpc::StatusCode::FAILED_PRECONDITION) {
      return Breach("a new call while it drains gave " + Told(answer.status) +
                    " in place of ABORTED");
    }
  }
  return Breach("while it drains it still takes new calls");
}

Status Drain(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  std::unique_ptr<RunningQuery> running;
  if (const auto waiting = plan.Nested(kHangs)) {
    running = session->BeginQuery(*waiting, kTimings.drain + kQuick);
    if (session->kernel().WaitNested(1, kQuick).empty()) {
      return NotHere(waiting->name + " did not ask the kernel");
    }
  }
  auto draining =
      std::async(std::launch::async, [&] { return session->Drain(kTimings.drain); });
  const Status turned_away = TurnedAway(*session);
  const bool waits = draining.wait_for(milliseconds(0)) != std::future_status::ready;
  const bool runs = running && !running->WaitFor(milliseconds(0));
  session->kernel().LetGo();
  const grpc::Status drained = draining.get();
  RETURN_IF_ERROR(turned_away);
  if (running && !runs) return NotHere("its call did not wait for the kernel");
  if (runs && !waits) return Breach("Worker.Drain was answered while a call still ran");
  if (running && !running->Wait().status.ok()) {
    return Breach("a call that ran when it was drained ended with " +
                  Told(running->Wait().status));
  }
  if (!drained.ok()) {
    return Breach("Worker.Drain gave " + Told(drained) + " when nothing ran any more");
  }
  return Status::Ok();
}

Status StopInTime(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  session->Drain(kTimings.drain);
  session->Stop(kTimings.stop);  // its answer may be lost
  if (!session->process().WaitForEnd(kTimings.stop)) {
    return Breach("it still ran " + Ms(kTimings.stop) + " after Worker.Stop");
  }
  if (!session->process().ExitedWith(0)) {
    return Breach("it " + session->process().end() + " after Worker.Stop, not with 0");
  }
  return Status::Ok();
}

Status EofOnLifeline(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  // A check that hangs must not keep an orphan alive.
  std::unique_ptr<RunningQuery> running;
  if (const auto slow = plan.Slow()) running = session->BeginQuery(*slow, kQuick * 2);
  session->process().CloseLifeline();
  if (!session->process().WaitForEnd(kAtOnce)) {
    return Breach("it still ran " + Ms(kAtOnce) + " after the end of its lifeline");
  }
  return Status::Ok();
}

}  // namespace

const std::vector<Rule>& LifeRules() {
  static const std::vector<Rule> rules = {
      {"token-from-worker", "each call to the kernel carries the worker's token",
       Needs::kNothing, TokenFromWorker},
      {"attach-in-time", "it attaches as the birth line says, in time", Needs::kNothing,
       AttachInTime},
      {"start-in-time", "Worker.Start is answered in time", Needs::kAttach, StartInTime},
      {"birth-line", "unknown fields and further lines are ignored, no birth is an error",
       Needs::kStart, BirthLine},
      {"token-to-worker", "calls without the kernel's token are refused", Needs::kStart,
       TokenToWorker},
      {"refusal", "a refused start has a reason, and stops when told", Needs::kStart,
       Refusal},
      {"reload", "new settings are taken while it runs", Needs::kStart, Reload},
      {"drain", "running calls finish, new ones are ABORTED", Needs::kStart, Drain},
      {"stop-in-time", "Worker.Stop ends it in time, with code 0", Needs::kStart,
       StopInTime},
      {"eof-on-lifeline", "the end of the lifeline ends it at once", Needs::kStart,
       EofOnLifeline},
  };
  return rules;
}

}  // namespace nscp::conformance
