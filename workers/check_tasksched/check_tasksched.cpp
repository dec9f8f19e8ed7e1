#include "workers/check_tasksched/check_tasksched.h"

#include "workers/check_tasksched/tasks_check.h"

namespace nscp::check_tasksched {
namespace {

// Of the call's time, kept back for its answer.
constexpr std::chrono::milliseconds kTimeToTell{250};

class CheckTaskSched final : public sdk::Module {
 public:
  explicit CheckTaskSched(Source source) : source_(std::move(source)) {}

  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    return Status::Ok();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    if (query.command != "check_tasksched") {
      return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    return check_.Run(query.arguments, checks::EnvironmentOf(*host_, call),
                      [&](Asked asked) {
                        asked.deadline = call.deadline() - kTimeToTell;
                        asked.cancelled = [&call] { return call.cancelled(); };
                        return source_(asked);
                      });
  }

 private:
  const Source source_;
  const TasksCheck check_;
  sdk::Host* host_ = nullptr;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckTaskSched(Source source) {
  return std::make_unique<CheckTaskSched>(std::move(source));
}

}  // namespace nscp::check_tasksched
