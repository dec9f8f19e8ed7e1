#include "workers/check_disk/check_disk.h"

#include <algorithm>
#include <atomic>

#include "proto/cpp/text.h"
#include "workers/check_disk/check_drivesize.h"
#include "workers/check_disk/check_files.h"
#include "workers/check_disk/disk_metrics.h"
#include "workers/check_disk/trend_collector.h"
#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

constexpr char kPath[] = "/settings/disk";
// Of what the kernel waits for metrics, kept back for their way.
constexpr std::chrono::milliseconds kAnswerTime{250};

int64_t Now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class CheckDisk : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    no_start_ = context.no_start;
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    trends_.Configure(Seconds(settings, "trend interval", 300),
                      Seconds(settings, "trend retention", 7 * 86400));
    const auto disabled = SplitList(settings.Get(kPath, "disable"));
    const auto is_off = [&](const char* what) {
      return std::find(disabled.begin(), disabled.end(), what) != disabled.end();
    };
    gives_free_ = !is_off("disk_free");
    if (is_off("trend") || no_start_) {
      trends_.Stop();
    } else {
      trends_.Start();
    }
    return Status::Ok();
  }

  void Stop() override { trends_.Stop(); }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const checks::Environment environment = MakeEnvironment(call);
    if (query.command == "check_drivesize") {
      return drives_.Run(query.arguments, environment, DriveHost(call));
    }
    if (query.command == "check_files") {
      return files_.Run(query.arguments, environment, *tree_);
    }
    if (query.command == "check_single_file") {
      return single_file_.Run(query.arguments, environment, *tree_);
    }
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

  std::vector<sdk::Metric> OnMetrics(
      std::chrono::steady_clock::time_point deadline) override {
    const auto mounts = gives_free_ ? ReadMounts() : std::vector<Mount>();
    if (!mounts.ok()) {
      host_->Log(sdk::LogLevel::kError, "metrics: " + mounts.status().message());
      return {};
    }
    // What the drives take is not to cost the answer.
    return DriveMetrics(*mounts, spaces_, deadline - kAnswerTime);
  }

 private:
  int64_t Seconds(const sdk::Settings& settings, const char* key, int64_t otherwise) {
    const auto text = settings.Find(kPath, key);
    if (!text) return otherwise;
    const auto seconds = checks::ParseDuration(*text);
    if (seconds) return *seconds;
    host_->Log(sdk::LogLevel::kError, "Invalid time specification in " +
                                          std::string(kPath) + " for " + key + ": '" +
                                          *text + "' (write a time such as 5m)");
    return otherwise;
  }

  DriveCheck::Host DriveHost(sdk::Call& call) {
    return {&ReadMounts,
            [this, until = call.deadline()](const std::string& path) {
              return spaces_.Ask(path, until);
            },
            [this](const std::string& mount, int64_t window) {
              return trends_.Over(mount, window);
            }};
  }

  checks::Environment MakeEnvironment(sdk::Call& call) {
    checks::Environment environment;
    environment.now = Now();
    environment.log = [this](sdk::LogLevel level, std::string_view text) {
      host_->Log(level, text);
    };
    environment.cancelled = [&call] { return call.cancelled(); };
    return environment;
  }

  sdk::Host* host_ = nullptr;
  bool no_start_ = false;
  std::atomic<bool> gives_free_{true};
  const DriveCheck drives_;
  const FilesCheck files_;
  const SingleFileCheck single_file_;
  const std::unique_ptr<const FileTree> tree_ = MakeFileTree();
  SpaceReader spaces_;
  TrendCollector trends_{&ReadMounts, spaces_, &Now};
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckDisk() { return std::make_unique<CheckDisk>(); }

}  // namespace nscp::check_disk
