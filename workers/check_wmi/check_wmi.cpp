#include "workers/check_wmi/check_wmi.h"

#include <mutex>

#include "workers/check_wmi/commands.h"
#include "workers/check_wmi/targets.h"
#include "workers/check_wmi/wmi_check.h"

namespace nscp::check_wmi {
namespace {

// Of the call's time, kept back for its answer.
constexpr std::chrono::milliseconds kAnswerTime{250};

wmi::Limits LimitsOf(sdk::Call& call) {
  return {call.deadline() - kAnswerTime, [&call] { return call.cancelled(); }};
}

class CheckWmi final : public sdk::Module {
 public:
  explicit CheckWmi(Source source) : source_(std::move(source)) {}

  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    Targets read = ReadTargets(settings);
    for (const std::string& problem : read.problems) {
      host_->Log(sdk::LogLevel::kWarning, problem);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    targets_ = std::make_shared<const Targets>(std::move(read));
    return Status::Ok();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    if (query.command != "check_wmi") {
      return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    const auto known = targets();
    return check_.Run(
        query.arguments, checks::EnvironmentOf(*host_, call),
        [&](const Login& login, const std::string& wql) -> Result<wmi::Table> {
          ASSIGN_OR_RETURN(const wmi::Place place, known->Resolve(login));
          return source_.query(place, wql, LimitsOf(call));
        });
  }

  sdk::ExecAnswer OnExec(const sdk::Query& command, sdk::Call& call) override {
    return RunCommand(command, source_, *targets(), LimitsOf(call));
  }

 private:
  std::shared_ptr<const Targets> targets() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return targets_;
  }

  const Source source_;
  const WmiCheck check_;
  sdk::Host* host_ = nullptr;
  std::mutex mutex_;
  std::shared_ptr<const Targets> targets_ = std::make_shared<const Targets>();
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckWmi(Source source) {
  return std::make_unique<CheckWmi>(std::move(source));
}

}  // namespace nscp::check_wmi
