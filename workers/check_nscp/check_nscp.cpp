#include "workers/check_nscp/check_nscp.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "workers/check_nscp/health.h"
#include "workers/check_nscp/update_check.h"
#include "workers/check_nscp/version_check.h"

namespace nscp::check_nscp {
namespace {

// What the kernel may take to tell of itself.
constexpr std::chrono::milliseconds kAgentLimit{5000};

class CheckNscp final : public sdk::Module {
 public:
  CheckNscp(MakeView make_view, UpdateSource::Fetch fetch)
      : make_view_(std::move(make_view)), fetch_(std::move(fetch)) {}

  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    version_ = ParseVersion(context.version);
    updates_.emplace(*host_, fetch_);
    view_ = make_view_(*host_);
    return Reload(context.settings);
  }

  // A bad setting is told by the one check that needs it, at each call.
  Status Reload(const sdk::Settings& settings) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    update_settings_ = UpdateSettings::Read(settings);
    return Status::Ok();
  }

  // The view waits for the kernel's functions, which need the host.
  void Stop() override { view_.reset(); }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    if (query.command == "check_nscp") {
      return health_.Run(query.arguments, *view_, LimitOf(call));
    }
    if (query.command == "check_nscp_version") {
      return version_check_.Run(query.arguments, checks::EnvironmentOf(*host_, call),
                                version_);
    }
    if (query.command == "check_nscp_update") {
      return update_check_.Run(query.arguments, checks::EnvironmentOf(*host_, call),
                               version_, CurrentSettings(), *updates_, call.deadline());
    }
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

 private:
  static std::chrono::milliseconds LimitOf(sdk::Call& call) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        call.deadline() - std::chrono::steady_clock::now());
    return std::clamp(left, std::chrono::milliseconds(1), kAgentLimit);
  }

  Result<UpdateSettings> CurrentSettings() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return update_settings_;
  }

  const MakeView make_view_;
  const UpdateSource::Fetch fetch_;
  const HealthCheck health_;
  const VersionCheck version_check_;
  const UpdateCheck update_check_;
  sdk::Host* host_ = nullptr;
  Version version_;
  std::unique_ptr<AgentView> view_;
  std::optional<UpdateSource> updates_;
  std::mutex mutex_;
  Result<UpdateSettings> update_settings_ = Status::Internal("no settings yet");
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckNscp(MakeView make_view,
                                           UpdateSource::Fetch fetch) {
  return std::make_unique<CheckNscp>(std::move(make_view), std::move(fetch));
}

}  // namespace nscp::check_nscp
