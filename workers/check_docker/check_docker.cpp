#include "workers/check_docker/check_docker.h"

#include <algorithm>
#include <mutex>

#include "workers/check_docker/check_containers.h"
#include "workers/check_docker/check_each.h"
#include "workers/check_docker/check_engine.h"

namespace nscp::check_docker {
namespace {

constexpr char kPath[] = "/settings/docker";
constexpr int64_t kDefaultSeconds = 10;
constexpr int64_t kMostSeconds = 600;
// Of the call's time, kept back for its answer.
constexpr std::chrono::milliseconds kAnswerTime{250};

class CheckDocker final : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    endpoint_ = settings.Get(kPath, "endpoint");
    seconds_ = settings.GetInt(kPath, "timeout", kDefaultSeconds);
    return Status::Ok();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const checks::Environment environment = checks::EnvironmentOf(*host_, call);
    const Connect connect = [&](const checks::Arguments& arguments) {
      return Open(arguments, call);
    };
    const auto run = [&](const auto& check) {
      return check.Run(query.arguments, environment, connect);
    };
    if (query.command == "check_docker") return run(containers_);
    if (query.command == "check_docker_info") return run(info_);
    if (query.command == "check_docker_stats") return run(usage_);
    if (query.command == "check_docker_restarts") return run(restarts_);
    if (query.command == "check_docker_df") return run(disk_);
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

 private:
  Result<Ask> Open(const checks::Arguments& arguments, sdk::Call& call) {
    std::string endpoint = arguments.Text("host");
    int64_t seconds = arguments.Integer("timeout");
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (endpoint.empty()) endpoint = endpoint_;
      if (seconds == 0) seconds = seconds_;
    }
    ASSIGN_OR_RETURN(const std::string path, ParseEndpoint(endpoint));
    seconds = std::clamp<int64_t>(seconds, 1, kMostSeconds);
    const Deadline deadline =
        std::min(std::chrono::steady_clock::now() + std::chrono::seconds(seconds),
                 call.deadline() - kAnswerTime);
    Engine engine(path, deadline);
    RETURN_IF_ERROR(engine.Open());
    return Ask([engine](const std::string& target) { return engine.Get(target); });
  }

  sdk::Host* host_ = nullptr;
  const ContainersCheck containers_;
  const InfoCheck info_;
  const UsageCheck usage_;
  const RestartsCheck restarts_;
  const DiskCheck disk_;
  std::mutex mutex_;
  std::string endpoint_;
  int64_t seconds_ = kDefaultSeconds;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckDocker() { return std::make_unique<CheckDocker>(); }

}  // namespace nscp::check_docker
