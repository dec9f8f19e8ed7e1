// What runs, and for how long.
#include <algorithm>

#include "tests/conformance/breach.h"
#include "tests/conformance/rules.h"
#include "tests/conformance/session.h"

namespace nscp::conformance {
namespace {

constexpr milliseconds kShortLimit{400};  // of a call that takes longer
// After the end of a call nobody may work on it; so long the worker has to notice.
constexpr milliseconds kNoticeLimit{2000};
constexpr milliseconds kLong{60000};
constexpr uint32_t kMostAtOnce = 32;
constexpr int kHealthCalls = 3;

const char kNoSlowCommand[] = "no command of it is known to take long (--slow, --nested)";
uint32_t Declared(const Plan& plan) {
  return std::clamp<uint32_t>(plan.manifest.limits().concurrency(), 2, kMostAtOnce);
}

// Waits until the worker has asked the kernel back for each of `count` slow calls.
Status WaitRunning(const Plan& plan, Session& session, size_t count) {
  if (plan.slow_form) return Status::Ok();  // it runs without telling
  const size_t seen = session.kernel().WaitNested(count, kQuick).size();
  if (seen >= count) return Status::Ok();
  return Breach("of " + std::to_string(count) + " calls at once only " +
                std::to_string(seen) + " ran");
}

// A drain waits for the calls that run: if it takes long, somebody still works.
Status NothingRuns(Session& session, const std::string& after) {
  const grpc::Status drained = session.Drain(kNoticeLimit);
  if (drained.ok()) return Status::Ok();
  return Breach("the call still ran " + std::to_string(kNoticeLimit.count()) +
                " ms after " + after + ": Worker.Drain gave " + Told(drained));
}

Status UnknownCommand(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  const Answer answer = session->Query(kUnknown, kQuick);
  const auto code = answer.status.error_code();
  const bool refused = code == grpc::StatusCode::NOT_FOUND ||
                       code == grpc::StatusCode::UNIMPLEMENTED ||
                       code == grpc::StatusCode::INVALID_ARGUMENT;
  if (!refused && !(answer.status.ok() && answer.result.code() == v1::UNKNOWN)) {
    return Breach("a query that it does not have gave " + Told(answer.status) +
                  ", state " + v1::ResultCode_Name(answer.result.code()) +
                  ", in place of UNKNOWN");
  }
  grpc::Status status;
  const auto exec = session->Exec(kUnknown.name, &status);
  if (status.ok() && exec.code() == 0) {
    return Breach("a command that it does not have gave exit code 0");
  }
  return Status::Ok();
}

Status DeadlineObeyed(const Plan& plan) {
  const auto slow = plan.Slow();
  if (!slow) return NotHere(kNoSlowCommand);
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan, 1));
  session->Query(*slow, kShortLimit);
  // With a pool of one: the place is free again.
  const Answer next = session->Query(kUnknown, kNoticeLimit);
  if (next.status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return Breach("its only place was still taken " +
                  std::to_string(kNoticeLimit.count()) + " ms after the deadline");
  }
  return NothingRuns(*session, "its deadline");
}

Status CancelObeyed(const Plan& plan) {
  const auto slow = plan.Slow();
  if (!slow) return NotHere(kNoSlowCommand);
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  const auto running = session->BeginQuery(*slow, kLong);
  RETURN_IF_ERROR(WaitRunning(plan, *session, 1));
  running->WaitFor(kShortLimit);  // so that it runs also where nothing tells it
  running->Cancel();
  return NothingRuns(*session, "it was cancelled");
}

Status NestedCall(const Plan& plan) {
  const auto nested = plan.Nested(kAnswers);
  if (!nested) return NotHere("no command of it is known to ask the kernel (--nested)");
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  const Answer answer = session->Query(*nested, kQuick);
  if (!answer.status.ok()) return Breach(nested->name + " gave " + Told(answer.status));
  const auto asked = session->kernel().WaitNested(1, milliseconds(0));
  if (asked.empty()) return Breach(nested->name + " did not ask the kernel");
  for (const std::string& call : asked) {
    if (call != answer.call) {
      return Breach("it asked in the name of the call \"" + call +
                    "\" while it answered \"" + answer.call + "\"");
    }
  }
  return Status::Ok();
}

Status HealthDuringCalls(const Plan& plan) {
  const auto slow = plan.Slow();
  if (!slow) return NotHere(kNoSlowCommand);
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  std::vector<std::unique_ptr<RunningQuery>> running;
  for (uint32_t i = 0; i < Declared(plan); ++i) {
    running.push_back(session->BeginQuery(*slow, kLong));
  }
  for (int i = 0; i < kHealthCalls; ++i) {
    const grpc::Status health = session->Health(kTimings.health_deadline);
    if (!health.ok()) {
      return Breach("its health while " + std::to_string(running.size()) +
                    " long calls ran: " + Told(health));
    }
  }
  session->kernel().LetGo();
  for (const auto& query : running) query->Cancel();
  return Status::Ok();
}

Status Concurrency(const Plan& plan) {
  const uint32_t places = Declared(plan);
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  std::vector<std::unique_ptr<RunningQuery>> running;
  if (const auto slow = plan.Slow()) {
    for (uint32_t i = 1; i < places; ++i) {
      running.push_back(session->BeginQuery(*slow, kLong));
    }
    RETURN_IF_ERROR(WaitRunning(plan, *session, running.size()));
  }
  const Answer one_more = session->Query(kUnknown, kQuick);
  if (one_more.status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return Breach("beside " + std::to_string(running.size()) +
                  " long calls another one got no place; it declares " +
                  std::to_string(plan.manifest.limits().concurrency()));
  }
  session->kernel().LetGo();
  for (const auto& query : running) query->Cancel();
  running.clear();
  for (uint32_t i = 0; i < places; ++i) {
    running.push_back(session->BeginQuery(kUnknown, kQuick));
  }
  for (const auto& query : running) {
    const auto code = query->Wait().status.error_code();
    if (code == grpc::StatusCode::DEADLINE_EXCEEDED ||
        code == grpc::StatusCode::RESOURCE_EXHAUSTED ||
        code == grpc::StatusCode::UNAVAILABLE) {
      return Breach("one of " + std::to_string(places) + " short calls at once gave " +
                    Told(query->Wait().status));
    }
  }
  return Status::Ok();
}

}  // namespace

const std::vector<Rule>& CallRules() {
  static const std::vector<Rule> rules = {
      {"unknown-command", "a command that it does not have is told so", Needs::kStart,
       UnknownCommand},
      {"deadline-obeyed", "work ends when the call's deadline passes", Needs::kStart,
       DeadlineObeyed},
      {"cancel-obeyed", "work ends when the call is cancelled", Needs::kStart,
       CancelObeyed},
      {"nested-call", "a question to the kernel names the call it belongs to",
       Needs::kStart, NestedCall},
      {"health-during-calls", "health is answered while all places are taken",
       Needs::kStart, HealthDuringCalls},
      {"concurrency", "as many calls at once as it declares", Needs::kStart, Concurrency},
  };
  return rules;
}

}  // namespace nscp::conformance
