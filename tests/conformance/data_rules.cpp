// What goes in and comes out.
#include "tests/conformance/breach.h"
#include "tests/conformance/rules.h"
#include "tests/conformance/session.h"

namespace nscp::conformance {
namespace {

constexpr milliseconds kPatient{10000};
// A result that a worker may give, and what its frame may take (proto/README.md).
constexpr size_t kMaxResult = 4 * 1024 * 1024;
constexpr size_t kFrame = 64 * 1024;
constexpr size_t kLargeArgument = 1024 * 1024;
constexpr size_t kManyArguments = 5000;
constexpr size_t kDeep = 2000;

// Each of its queries with these arguments: a result or a clean refusal, and it lives.
Status AskAll(const Plan& plan, Session& session,
              const std::vector<std::string>& arguments, const std::string& what) {
  for (const v1::QueryName& query : plan.manifest.queries()) {
    const Answer answer = session.Query({query.name(), arguments}, kPatient);
    const auto code = answer.status.error_code();
    if (!answer.status.ok() && code != grpc::StatusCode::INVALID_ARGUMENT) {
      return Breach(query.name() + " with " + what + " gave " + Told(answer.status));
    }
  }
  return Status::Ok();
}

Status StillServing(Session& session, const std::string& after) {
  const grpc::Status health = session.Health(kTimings.health_deadline);
  if (!session.process().Lives()) {
    return Breach("after " + after + " it " + session.process().end());
  }
  if (!health.ok()) return Breach("after " + after + " its health was " + Told(health));
  return Status::Ok();
}

// Values in Latin-1 below each of its paths. It may refuse them, but cleanly.
Status StartWithBytes(const Plan& plan) {
  ASSIGN_OR_RETURN(const auto session, Session::Begin(plan));
  RETURN_IF_ERROR(session->Attach().status());
  ASSIGN_OR_RETURN(auto request, session->StartRequest(0));
  for (const v1::SettingsPath& path : plan.manifest.settings()) {
    v1::EffectiveSetting& setting = *request.add_settings();
    setting.set_path(path.path());
    setting.set_key("caf\xE9");
    setting.set_value("\xFF\xFE na\xEFve");
  }
  const grpc::Status started = session->Start(request);
  if (!started.ok() && started.error_code() != grpc::StatusCode::FAILED_PRECONDITION) {
    return Breach("settings that are not UTF-8: Worker.Start gave " + Told(started));
  }
  return StillServing(*session, "settings that are not UTF-8");
}

Status NotUtf8(const Plan& plan) {
  RETURN_IF_ERROR(StartWithBytes(plan));
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"\xFF\xFE=caf\xE9"},
        {"caf\xE9", "\xC3"},
        {std::string("\0\x80", 2)}}) {
    RETURN_IF_ERROR(AskAll(plan, *session, arguments, "arguments that are not UTF-8"));
  }
  if (const auto nested = plan.Nested("caf\xE9")) {
    const Answer answer = session->Query(*nested, kPatient);
    if (!answer.status.ok()) {
      return Breach("asking the kernel for a command that is not UTF-8 gave " +
                    Told(answer.status));
    }
  }
  return StillServing(*session, "arguments that are not UTF-8");
}

Status GarbageArguments(const Plan& plan) {
  if (plan.manifest.queries().empty()) return NotHere("it has no queries");
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  const std::pair<const char*, std::vector<std::string>> garbage[] = {
      {"an empty argument", {""}},
      {"an equals sign alone", {"="}},
      {"dashes", {"--", "-", "---"}},
      {"unknown options", {"no-such-option=1", "--no-such-option"}},
      {"an unfinished expression", {"filter=((((", "warning=", "critical=%"}},
      {"deep brackets", {"filter=" + std::string(kDeep, '(')}},
      {"an unfinished template", {"top-syntax=${", "detail-syntax=%(%(%("}},
      {"control characters", {std::string("a\0b", 3), "\x01\x1B[2J\r\n"}},
      {"many arguments", std::vector<std::string>(kManyArguments, "x")},
  };
  for (const auto& [what, arguments] : garbage) {
    RETURN_IF_ERROR(AskAll(plan, *session, arguments, what));
  }
  return StillServing(*session, "garbage arguments");
}

Status LargeArguments(const Plan& plan) {
  if (plan.manifest.queries().empty()) return NotHere("it has no queries");
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  RETURN_IF_ERROR(
      AskAll(plan, *session, {std::string(kLargeArgument, 'x')}, "an argument of 1 MiB"));
  return StillServing(*session, "an argument of 1 MiB");
}

Status LargeAnswers(const Plan& plan) {
  const auto large = plan.Large();
  if (!large) return NotHere("no command of it is known to answer much (--large)");
  ASSIGN_OR_RETURN(const auto session, Session::Started(plan));
  const Answer answer = session->Query(*large, kPatient);
  if (!answer.status.ok()) return Breach("a large answer gave " + Told(answer.status));
  const size_t size = answer.result.ByteSizeLong();
  if (size > kMaxResult + kFrame) {
    return Breach("it answered " + std::to_string(size) +
                  " bytes: a result over 4 MiB is to be cut");
  }
  if (answer.result.lines().empty()) return Breach("of a large answer nothing was left");
  return StillServing(*session, "a large answer");
}

}  // namespace

const std::vector<Rule>& DataRules() {
  static const std::vector<Rule> rules = {
      {"not-utf8", "settings and arguments that are not UTF-8 do no harm", Needs::kStart,
       NotUtf8},
      {"garbage-arguments", "any argument gets an answer", Needs::kStart,
       GarbageArguments},
      {"large-arguments", "an argument of 1 MiB gets an answer", Needs::kStart,
       LargeArguments},
      {"large-answers", "a result over 4 MiB is cut", Needs::kStart, LargeAnswers},
  };
  return rules;
}

}  // namespace nscp::conformance
