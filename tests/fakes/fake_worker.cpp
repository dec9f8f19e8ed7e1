// A worker that misbehaves on demand: a module of the SDK whose queries do what no module
// should. Tests give it manifests of their own; the second argument chooses how it
// starts.
//
//   fake_worker <Name> [refuse | fail | slow-start | ignore-stop | exit | flood |
//   no-attach | fork | counters | garbage | failing]
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

#include "tests/fakes/misdeeds.h"
#include "tests/fakes/mock_answers.h"
#include "workers/sdk/gateway_host.h"
#include "workers/sdk/run.h"

namespace {

using nscp::sdk::CheckResult;
using nscp::sdk::State;

int64_t Argument(const nscp::sdk::Query& query, const std::string& name,
                 int64_t otherwise) {
  for (const std::string& argument : query.arguments) {
    if (argument.rfind(name + "=", 0) == 0)
      return std::atoll(argument.c_str() + name.size() + 1);
  }
  return otherwise;
}

class Fake final : public nscp::sdk::Module {
 public:
  explicit Fake(std::string way) : way_(std::move(way)) {}

  nscp::Status Start(const nscp::sdk::StartContext& context) override {
    host_ = static_cast<nscp::sdk::GatewayHost*>(context.host);
    host_->Log(nscp::sdk::LogLevel::kInfo, "fake starts");
    if (way_ == "refuse")
      return nscp::Status::FailedPrecondition("it does not feel like it");
    if (way_ == "slow-start") Sleep(std::chrono::hours(1));
    return nscp::Status::Ok();
  }
  void Stop() override {
    if (way_ == "ignore-stop") Sleep(std::chrono::hours(1));
  }

  CheckResult OnQuery(const nscp::sdk::Query& query, nscp::sdk::Call& call) override {
    const std::string& name = query.command;
    if (name == "fake_sleep") return SleepKindly(query, call);
    if (name == "fake_hang")
      Sleep(std::chrono::milliseconds(Argument(query, "ms", 3600000)));
    if (name == "fake_crash") fakes::Crash();
    if (name == "fake_exit") std::_Exit(static_cast<int>(Argument(query, "code", 3)));
    if (name == "fake_bytes") return CheckResult::Of(State::kOk, "caf\xE9 \xFF\xFE");
    if (name == "fake_throw") throw std::runtime_error("thrown in a check");
    if (name == "fake_fork")
      return CheckResult::Of(State::kOk, std::to_string(fakes::ForkAway()));
    if (name == "fake_big") {
      return CheckResult::Of(
          State::kOk, std::string(static_cast<size_t>(Argument(query, "bytes", 1)), 'x'));
    }
    if (name == "fake_flood") fakes::Flood(Argument(query, "lines", 100000));
    if (name == "fake_nested") {
      return call.Run({"fake_who", {}});
    }
    if (name == "mock_query") return fakes::MockQuery(query);
    if (name == "fake_perf") return fakes::EveryKindOfPerf();
    if (name == "fake_lines") return fakes::ThreeLines();
    if (name == "fake_arguments") return fakes::NumberedArguments(query);
    if (name == "fake_log") host_->Log(nscp::sdk::LogLevel::kWarning, "fake says a word");
    if (name == "fake_event") return EmitEvent(query);
    if (name == "fake_tag") return SetTag(query);
    if (name == "fake_who") return CheckResult::Of(State::kOk, call.principal());
    return CheckResult::Of(State::kOk, "fine");
  }

  // What CheckSystem would list; the way chooses how it goes.
  nscp::sdk::ExecAnswer OnExec(const nscp::sdk::Query& command,
                               nscp::sdk::Call& call) override {
    if (command.command != "pdh" || way_.empty()) return Module::OnExec(command, call);
    if (way_ == "counters") return {0, "[\"\\\\System\\\\Processes\"]"};
    if (way_ == "garbage") return {0, "no JSON"};
    return {3, "it hurts"};
  }

 private:
  // fake_event <name> <key>=<value>
  CheckResult EmitEvent(const nscp::sdk::Query& query) {
    nscp::v1::EmitEventsRequest request;
    nscp::v1::Event& event = *request.add_events();
    event.set_name(query.arguments.at(0));
    const std::string& pair = query.arguments.at(1);
    (*event.mutable_data())[pair.substr(0, pair.find('='))] =
        pair.substr(pair.find('=') + 1);
    return Told(host_->kernel().EmitEvents(request, {}).status());
  }
  // fake_tag <name>=<value>
  CheckResult SetTag(const nscp::sdk::Query& query) {
    const std::string& pair = query.arguments.at(0);
    const size_t equals = pair.find('=');
    return Told(host_->SetTag(pair.substr(0, equals), equals == std::string::npos
                                                          ? std::string()
                                                          : pair.substr(equals + 1)));
  }
  static CheckResult Told(const nscp::Status& status) {
    return CheckResult::Of(status.ok() ? State::kOk : State::kUnknown,
                           status.ok() ? "done" : status.ToString());
  }

  // As a check should: wakes up when the caller has gone.
  static CheckResult SleepKindly(const nscp::sdk::Query& query, nscp::sdk::Call& call) {
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::milliseconds(Argument(query, "ms", 1000));
    while (std::chrono::steady_clock::now() < end) {
      if (call.cancelled()) return CheckResult::Unknown("cancelled");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return CheckResult::Of(State::kOk, "slept");
  }
  static void Sleep(std::chrono::milliseconds duration) {
    std::this_thread::sleep_for(duration);
  }

  const std::string way_;
  nscp::sdk::GatewayHost* host_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  const std::string way = argc > 2 ? argv[2] : "";
  if (way == "exit") return 3;
  if (way == "no-attach") std::this_thread::sleep_for(std::chrono::hours(1));
  if (way == "flood") fakes::Flood(1000000);
  if (way == "ignore-stop") fakes::IgnoreTermination();
  if (way == "fork") fakes::ForkAway();
  return nscp::sdk::RunModule(std::make_unique<Fake>(way));
}
