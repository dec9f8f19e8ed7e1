#include "workers/check_disk/check_drivesize.h"

#include <algorithm>
#include <set>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

using checks::Arguments;
using checks::FilterRequest;
using checks::Sink;

checks::Check<DriveRow> MakeCheck() {
  checks::OptionTable options;
  options
      .List("drive", {"*"},
            "Drive to check; may be given several times.\nA path, a device, or all real "
            "drives: *, all, all-drives, all-volumes, drives, volumes. total adds a "
            "total.")
      .HideDefault();
  options.List("exclude", {}, "Drive (path or device) that is not checked");
  options.Bool("total", "Add a row with the total of all drives");
  options.Bool("ignore-missing",
               "Leave out drives that do not exist.\nNo drive at all is then OK.");
  options.Text("trend-window", "24h", "How far back full_in and rate look");
  options.Switch("fetch-only",
                 "List all real drives in raw form: path, file system, total, used and "
                 "available kB, percent, path");
  checks::FilterDefaults defaults;
  defaults.filter = {"mounted = 1"};
  defaults.warning = {"used > 80%"};
  defaults.critical = {"used > 90%"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status} ${problem_list}";
  defaults.ok_syntax = "%(status) All %(count) drive(s) are ok";
  defaults.empty_syntax = "%(status): No drives found";
  defaults.detail_syntax = "${drive_or_name}: ${used}/${size} used";
  defaults.perf_syntax = "${drive_or_id}";
  auto prepare = [](const Arguments& arguments, FilterRequest& request) {
    if (arguments.Flag("ignore-missing") && !arguments.Given("empty-state")) {
      request.empty_state = "ok";
    }
  };
  return {std::move(options), defaults, DriveKeywords(), prepare};
}

bool MeansAll(const std::string& name) {
  for (const char* word :
       {"*", "all", "all-drives", "all-volumes", "drives", "volumes"}) {
    if (name == word) return true;
  }
  return false;
}

// A drive that is to be checked, and the mount it lies on.
struct Selected {
  std::string name;  // as given
  Mount mount;
  std::optional<Space> space;  // when it is known already
};

struct Selection {
  std::vector<Selected> drives;
  std::vector<std::string> missing;
  std::vector<Status> silent;  // file systems that do not answer
};

// One run: finds the drives, reads them and hands them to the filter.
class DriveRun {
 public:
  DriveRun(const Arguments& arguments, const DriveCheck::Host& host)
      : arguments_(arguments), host_(host) {}

  Status Collect(Sink<DriveRow>& sink);
  const std::vector<Status>& silent() const { return selection_.silent; }

 private:
  Status Select();
  void SelectAll(const std::vector<Mount>& mounts);
  Status SelectNamed(const std::vector<Mount>& mounts, const std::string& name);
  bool IsExcluded(const Selected& drive) const;
  DriveRow MakeRow(const Selected& drive);
  void AddTrend(const Selected& drive, DriveRow& row) const;
  void AddToTotal(const DriveRow& row);

  const Arguments& arguments_;
  const DriveCheck::Host& host_;
  Selection selection_;
  std::set<std::string> seen_;
  int64_t window_ = 0;  // of the trend; 0 = nobody looks at it
  DriveRow total_;
};

void DriveRun::SelectAll(const std::vector<Mount>& mounts) {
  for (const Mount& mount : mounts) {
    if (mount.pseudo || !seen_.insert(mount.point).second) continue;
    selection_.drives.push_back({mount.point, mount, {}});
  }
}

Status DriveRun::SelectNamed(const std::vector<Mount>& mounts, const std::string& name) {
  const auto device = std::find_if(mounts.begin(), mounts.end(), [&](const Mount& mount) {
    return !mount.pseudo && mount.device == name;
  });
  Selected drive;
  drive.name = name;
  if (device != mounts.end()) {
    drive.mount = *device;
  } else {
    if (const Mount* mount = FindMount(mounts, name)) drive.mount = *mount;
    drive.mount.point = drive.mount.point.empty() ? name : drive.mount.point;
    const auto space = host_.space(name);
    if (!space.ok() && space.status().code() == Code::kNotFound) {
      selection_.missing.push_back(name);
      return Status::Ok();
    }
    if (space.ok()) drive.space = *space;
  }
  if (seen_.insert(name).second) selection_.drives.push_back(std::move(drive));
  return Status::Ok();
}

Status DriveRun::Select() {
  ASSIGN_OR_RETURN(const std::vector<Mount> mounts, host_.mounts());
  for (const std::string& name : arguments_.List("drive")) {
    if (name == "total") continue;
    if (MeansAll(name)) {
      SelectAll(mounts);
    } else {
      RETURN_IF_ERROR(SelectNamed(mounts, name));
    }
  }
  const auto& missing = selection_.missing;
  if (missing.empty() || arguments_.Flag("ignore-missing")) return Status::Ok();
  const bool one = missing.size() == 1;
  return Status::NotFound((one ? "Drive " : "Drives ") + Join(missing, ", ") +
                          (one ? " was not found" : " were not found"));
}

bool DriveRun::IsExcluded(const Selected& drive) const {
  const auto& excluded = arguments_.List("exclude");
  return std::any_of(excluded.begin(), excluded.end(), [&](const std::string& name) {
    return name == drive.name || name == drive.mount.device;
  });
}

void DriveRun::AddTrend(const Selected& drive, DriveRow& row) const {
  if (window_ == 0 || row.space.size == 0) return;
  row.trend = host_.trend(drive.mount.point, window_);
  row.rate = row.trend.BytesPerDay();
  row.full_in = row.trend.FullIn(row.space.free);
}

DriveRow DriveRun::MakeRow(const Selected& drive) {
  DriveRow row;
  row.drive = drive.name;
  row.device = drive.mount.device;
  row.filesystem = drive.mount.filesystem;
  row.type = drive.mount.type;
  const auto space =
      drive.space ? Result<Space>(*drive.space)
                  : host_.space(drive.mount.device == drive.name ? drive.mount.point
                                                                 : drive.name);
  if (space.ok()) {
    row.space = *space;
  } else {
    row.readable = false;
    if (space.status().code() == Code::kDeadlineExceeded) {
      selection_.silent.push_back(space.status());
    }
  }
  AddTrend(drive, row);
  return row;
}

void DriveRun::AddToTotal(const DriveRow& row) {
  total_.space.size += row.space.size;
  total_.space.free += row.space.free;
  total_.space.user_free += row.space.user_free;
  total_.space.inodes += row.space.inodes;
  total_.space.inodes_free += row.space.inodes_free;
  total_.trend.span = std::max(total_.trend.span, row.trend.span);
  total_.trend.samples += row.trend.samples;
  if (row.rate) total_.rate = total_.rate.value_or(0) + *row.rate;
  if (row.full_in) {
    total_.full_in = std::min(total_.full_in.value_or(*row.full_in), *row.full_in);
  }
}

Status DriveRun::Collect(Sink<DriveRow>& sink) {
  const std::string& text = arguments_.Text("trend-window");
  const auto window = checks::ParseDuration(text);
  if (!window || *window == 0) {
    return Status::InvalidArgument("Invalid trend-window '" + text +
                                   "': Invalid time specification: '" + text + "'");
  }
  for (const char* keyword : {"full_in", "rate", "trend_span", "trend_samples"}) {
    if (sink.Uses(keyword)) window_ = *window;
  }
  RETURN_IF_ERROR(Select());
  for (const Selected& drive : selection_.drives) {
    if (IsExcluded(drive)) continue;
    DriveRow row = MakeRow(drive);
    AddToTotal(row);
    if (!sink.Add(std::move(row))) return Status::Ok();
  }
  const auto& names = arguments_.List("drive");
  const bool asked = std::find(names.begin(), names.end(), "total") != names.end();
  if (arguments_.Flag("total") || asked) {
    total_.drive = total_.device = "total";
    total_.type = DriveType::kTotal;
    sink.Add(std::move(total_));
  }
  return Status::Ok();
}

std::string RawLine(const Mount& mount, const Space& space) {
  constexpr uint64_t kKilobyte = 1024;
  const uint64_t total = space.size / kKilobyte;
  const uint64_t used = total - space.free / kKilobyte;
  const uint64_t percent = total == 0 ? 0 : used * 100 / total;
  const std::string filesystem = mount.filesystem.empty() ? "unknown" : mount.filesystem;
  return Join({mount.point, filesystem, std::to_string(total), std::to_string(used),
               std::to_string(space.user_free / kKilobyte), std::to_string(percent) + "%",
               mount.point},
              " ");
}

sdk::CheckResult FetchOnly(const DriveCheck::Host& host) {
  const auto mounts = host.mounts();
  if (!mounts.ok()) return sdk::CheckResult::Unknown(mounts.status().message());
  std::vector<std::string> lines;
  for (const Mount& mount : *mounts) {
    if (mount.pseudo) continue;
    const auto space = host.space(mount.point);
    if (space.ok()) lines.push_back(RawLine(mount, *space));
  }
  return sdk::CheckResult::Of(sdk::State::kOk, Join(lines, "\n"));
}

// A drive that does not answer has no figures that a threshold could catch: an OK would
// hide it from those who do not look at `readable`.
void TellSilence(const std::vector<Status>& silent, sdk::CheckResult& result) {
  if (silent.empty() || result.state != sdk::State::kOk || result.lines.empty()) return;
  std::vector<std::string> texts;
  for (const Status& status : silent) texts.push_back(status.message());
  result.state = sdk::State::kUnknown;
  result.lines[0].message = "UNKNOWN: " + Join(texts, ", ");
}

}  // namespace

DriveCheck::DriveCheck() : check_(MakeCheck()) {}

sdk::CheckResult DriveCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const Host& host) const {
  checks::OptionTable::Outcome outcome = check_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& parsed = std::get<Arguments>(outcome);
  if (parsed.Flag("fetch-only")) return FetchOnly(host);
  DriveRun run(parsed, host);
  bool looks_itself = false;
  sdk::CheckResult result = check_.RunParsed(
      parsed, environment, [&](const Arguments&, Sink<DriveRow>& sink) -> Status {
        looks_itself = sink.Uses("readable");
        return run.Collect(sink);
      });
  if (!looks_itself) TellSilence(run.silent(), result);
  return result;
}

}  // namespace nscp::check_disk
