#include "workers/check_disk/check_disk.h"

#include <algorithm>
#include <atomic>

#include "proto/cpp/text.h"
#include "workers/check_disk/absent_checks.h"
#include "workers/check_disk/check_disk_io.h"
#include "workers/check_disk/check_disk_write.h"
#include "workers/check_disk/check_drivesize.h"
#include "workers/check_disk/check_files.h"
#include "workers/check_disk/check_mount.h"
#include "workers/check_disk/check_shadowcopy.h"
#include "workers/check_disk/check_share.h"
#include "workers/check_disk/check_storagepool.h"
#include "workers/check_disk/check_uncpath.h"
#include "workers/check_disk/disk_collector.h"
#include "workers/check_disk/disk_metrics.h"
#include "workers/check_disk/legacy_checks.h"
#include "workers/check_disk/on_demand.h"
#include "workers/check_disk/trend_collector.h"
#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

constexpr char kPath[] = "/settings/disk";
// Of what the kernel waits for metrics, kept back for their way.
constexpr std::chrono::milliseconds kAnswerTime{250};
// A check that comes right after the start waits so long for the first figures.
constexpr std::chrono::seconds kFirstDataWait{3};
constexpr char kTrendDrawer[] = "trend";
constexpr char kTrendKey[] = "drives";

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
    disks_.Configure(std::chrono::seconds(Seconds(settings, "collection interval", 10)),
                     settings.GetInt(kPath, "max collection errors", 10));
    const auto disabled = SplitList(settings.Get(kPath, "disable"));
    const auto is_off = [&](const char* what) {
      return std::find(disabled.begin(), disabled.end(), what) != disabled.end();
    };
    gives_free_ = !is_off("disk_free");
    watches_disks_ = !is_off("disk_io");
    Switch(trends_, !is_off("trend"));
    Switch(disks_, watches_disks_);
    return Status::Ok();
  }

  void Stop() override {
    disks_.Stop();
    trends_.Stop();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const auto& arguments = query.arguments;
    const checks::Environment environment = MakeEnvironment(call);
    if (query.command == "check_drivesize") {
      return drives_->Run(arguments, environment, DriveHost(call));
    }
    if (query.command == "check_files") {
      return files_->Run(arguments, environment, *tree_);
    }
    if (query.command == "check_single_file") {
      return single_file_->Run(arguments, environment, *tree_);
    }
    if (query.command == "check_mount") {
      return mount_check_->Run(arguments, environment, ReadMounts());
    }
    if (query.command == "check_disk_io") {
      return disk_io_->Run(arguments, environment, [&] { return Disks(call); });
    }
    if (query.command == "check_disk_health") {
      return disk_health_->Run(arguments, environment, HealthHost(call));
    }
    if (query.command == "check_disk_write") {
      return disk_write_->Run(arguments, environment, &TestWriting);
    }
    if (query.command == "check_uncpath") {
      return unc_path_->Run(arguments, environment, SpaceAs(call));
    }
    if (auto answer = absent_->Answer(query)) return std::move(*answer);
    return OfWindows(query, environment, call);
  }

  std::vector<sdk::Metric> OnMetrics(
      std::chrono::steady_clock::time_point deadline) override {
    std::vector<sdk::Metric> metrics;
    const auto mounts = gives_free_ ? ReadMounts() : std::vector<Mount>();
    if (mounts.ok()) {
      // What the drives take is not to cost the answer.
      metrics = DriveMetrics(*mounts, spaces_, deadline - kAnswerTime);
    } else {
      host_->Log(sdk::LogLevel::kError, "metrics: " + mounts.status().message());
    }
    const auto disks = disks_.Latest(DiskCollector::Clock::now());
    if (disks.ok()) AddActivityMetrics(*disks, metrics);
    return metrics;
  }

 private:
  sdk::CheckResult OfWindows(const sdk::Query& query,
                             const checks::Environment& environment, sdk::Call& call) {
    if (query.command == "check_share") {
      return share_->Run(query.arguments, environment, &ReadShares);
    }
    if (query.command == "check_shadowcopy") {
      ShadowCheck::Host host;
      host.copies = [&] { return ReadShadowCopies(WmiLimits(call)); };
      host.mounts = &ReadMounts;
      return shadows_->Run(query.arguments, environment, host);
    }
    if (query.command == "check_storagepool") {
      return pools_->Run(query.arguments, environment,
                         [&] { return ReadStoragePools(WmiLimits(call)); });
    }
    if (query.command == "checkdrivesize") {
      auto outcome = legacy_->DriveArguments(query.arguments);
      if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return *answer;
      return drives_->Run(std::get<0>(outcome), environment, DriveHost(call));
    }
    if (query.command == "checkfiles") {
      auto outcome = legacy_->FileArguments(query.arguments);
      if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return *answer;
      return files_->Run(std::get<0>(outcome), environment, *tree_);
    }
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

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

  template <class Collector>
  void Switch(Collector& collector, bool wanted) {
    if (wanted && !no_start_) {
      collector.Start();
    } else {
      collector.Stop();
    }
  }

  // Leaves time to say which one did not answer.
  std::function<Result<Space>(const std::string&)> SpaceOf(sdk::Call& call) {
    return [this, until = call.deadline() - kAnswerTime](const std::string& path) {
      return spaces_.Ask(path, until);
    };
  }

  UncPathCheck::Read SpaceAs(sdk::Call& call) {
    return [this, until = call.deadline() - kAnswerTime](const std::string& path,
                                                         const Account& account) {
      if (account.user.empty()) return spaces_.Ask(path, until);
      const auto read = [account](const std::string& share) {
        return ReadSpaceAs(share, account);
      };
      // Another password is another question.
      const std::string key =
          Join({account.user, account.password, path}, std::string(1, '\0'));
      return spaces_.Ask(key, path, read, until);
    };
  }

  Result<std::vector<DiskActivity>> Disks(sdk::Call& call) {
    const auto patience = DiskCollector::Clock::now() + kFirstDataWait;
    return disks_.Latest(std::min(call.deadline() - kAnswerTime, patience));
  }

  static wmi::Limits WmiLimits(sdk::Call& call) {
    wmi::Limits limits;
    limits.deadline = call.deadline() - kAnswerTime;
    limits.cancelled = [&call] { return call.cancelled(); };
    return limits;
  }

  // A half that somebody switched off is left out. In a call that starts no collector
  // there is no half of it that could be true.
  DiskHealthCheck::Host HealthHost(sdk::Call& call) {
    DiskHealthCheck::Host host;
    if (watches_disks_ || no_start_ || !gives_free_) {
      host.disks = [this, &call] { return Disks(call); };
    }
    host.mounts = [this]() -> Result<std::vector<Mount>> {
      if (!gives_free_) return std::vector<Mount>();
      return ReadMounts();
    };
    host.space = SpaceOf(call);
    host.disk_under = &DiskUnder;
    if (SystemPathStyle() == PathStyle::kWindows) {
      host.devices = [&call] { return ReadPhysicalDisks(WmiLimits(call)); };
    }
    return host;
  }

  std::string LoadTrend() {
    auto stored = host_->Stored(kTrendDrawer);
    if (stored.ok()) return (*stored)[kTrendKey];
    host_->Log(sdk::LogLevel::kWarning,
               "The trend of the drives begins anew: " + stored.status().message());
    return "";
  }

  void SaveTrend(const std::string& text) {
    const Status stored = host_->Store(kTrendDrawer, kTrendKey, text);
    if (stored.ok()) return;
    host_->Log(sdk::LogLevel::kWarning,
               "Failed to keep the trend of the drives: " + stored.message());
  }

  DriveCheck::Host DriveHost(sdk::Call& call) {
    return {&ReadMounts, SpaceOf(call), [this](const std::string& mount, int64_t window) {
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
  std::atomic<bool> watches_disks_{true};
  OnDemand<DriveCheck> drives_;
  OnDemand<FilesCheck> files_;
  OnDemand<SingleFileCheck> single_file_;
  OnDemand<MountCheck> mount_check_;
  OnDemand<DiskIoCheck> disk_io_;
  OnDemand<DiskHealthCheck> disk_health_;
  OnDemand<DiskWriteCheck> disk_write_;
  OnDemand<UncPathCheck> unc_path_;
  OnDemand<ShareCheck> share_;
  OnDemand<ShadowCheck> shadows_;
  OnDemand<PoolCheck> pools_;
  OnDemand<LegacyChecks> legacy_;
  OnDemand<AbsentChecks> absent_;
  const std::unique_ptr<const FileTree> tree_ = MakeFileTree();
  SpaceReader spaces_;
  TrendCollector trends_{&ReadMounts,
                         spaces_,
                         &Now,
                         {[this] { return LoadTrend(); },
                          [this](const std::string& text) { SaveTrend(text); }}};
  DiskCollector disks_{&ReadDiskCounters, [this](const std::string& text) {
                         host_->Log(sdk::LogLevel::kError, text);
                       }};
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckDisk() { return std::make_unique<CheckDisk>(); }

}  // namespace nscp::check_disk
