#include "workers/check_external_scripts/execution.h"

#include "workers/check_external_scripts/console_text.h"
#include "workers/check_external_scripts/output.h"
#include "workers/checks/argument_macros.h"

namespace nscp::check_external_scripts {
namespace {

using sdk::CheckResult;
using sdk::LogLevel;
using sdk::State;

constexpr int kLastState = 3;
// What a shell answers for a program that it cannot start.
constexpr int kNotStarted = 127;

void LogRefusal(const Script& script, const std::string& refusal,
                const ArgumentRules& rules, const checks::Log& log) {
  if (rules.allowed) {
    log(LogLevel::kError, script.name + ": " + refusal);
    return;
  }
  log(LogLevel::kError,
      script.name +
          ": Arguments not allowed in CheckExternalScripts set /settings/external "
          "scripts/allow arguments=true");
}

CheckResult InvalidCode(const Script& script, int code) {
  return CheckResult::Unknown(
      "The command (" + script.name +
      ") returned an invalid return code: " + std::to_string(code));
}

CheckResult AnswerOf(const Script& script, const process::Outcome& outcome,
                     std::chrono::seconds timeout, const checks::Log& log) {
  if (outcome.end == process::End::kTimedOut) {
    return CheckResult::Unknown("Command " + script.name + " didn't terminate within " +
                                std::to_string(timeout.count()) + "s; killed");
  }
  if (outcome.end == process::End::kCancelled) {
    return CheckResult::Unknown("Command " + script.name +
                                " was ended: its caller has gone or its time is up");
  }
  if (outcome.cut) {
    log(LogLevel::kWarning, script.name + ": output beyond " +
                                std::to_string(outcome.output.size()) +
                                " bytes was dropped");
  }
  const bool exited = outcome.end == process::End::kExited;
  if (exited && (outcome.code < 0 || outcome.code > kLastState)) {
    log(LogLevel::kWarning, script.name + ": it printed: " + outcome.output);
    return InvalidCode(script, outcome.code);
  }
  if (!exited) {
    log(LogLevel::kWarning,
        script.name + ": ended by signal " + std::to_string(outcome.code));
  }
  CheckResult result;
  result.state = exited ? static_cast<State>(outcome.code) : State::kUnknown;
  result.lines.push_back(script.ignore_perf ? ReadPlainOutput(outcome.output)
                                            : ReadPluginOutput(outcome.output));
  sdk::Line& line = result.lines[0];
  if (line.message.empty() && line.perf.empty()) {
    line.message = "No output available from command (" + script.name + ").";
  }
  return result;
}

}  // namespace

CheckResult RunScript(const Script& script, const sdk::Query& query,
                      const RunRules& rules, process::Background& background,
                      const checks::Log& log, const sdk::Call& call) {
  if (!script.fault.empty()) return CheckResult::Unknown(script.fault);
  const std::string refusal = RefuseArguments(script, query.arguments, rules.arguments);
  if (!refusal.empty()) {
    LogRefusal(script, refusal, rules.arguments, log);
    return CheckResult::Unknown(refusal);
  }
  if (checks::LacksArgument(script.line, query.arguments.size())) {
    log(LogLevel::kWarning, "Possible missing argument in: " + script.line);
  }
  auto program = MakeProgram(script, query.arguments);
  if (!program.ok()) {
    return CheckResult::Unknown("Failed to execute: " + script.name + " (" +
                                program.status().message() + ")");
  }
  program->limit = rules.timeout;
  program->folder = rules.folder;
  if (!script.capture) {
    const Status started = background.Start(*program);
    if (started.ok()) {
      return CheckResult::Of(State::kOk, "Command " + script.name + " was started");
    }
    return CheckResult::Unknown(started.message());
  }
  auto outcome = process::Run(*program, [&] { return call.cancelled(); });
  if (!outcome.ok()) {
    log(LogLevel::kError, script.name + ": " + outcome.status().message());
    return InvalidCode(script, kNotStarted);
  }
  outcome->output = ConsoleText(std::move(outcome->output));
  return AnswerOf(script, *outcome, rules.timeout, log);
}

}  // namespace nscp::check_external_scripts
