#include "workers/check_disk/check_drivesize.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "proto/cpp/text.h"
#include "workers/check_disk/drive_names.h"
#include "workers/check_disk/silent_drives.h"
#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

using checks::Arguments;
using checks::FilterRequest;
using checks::Sink;

constexpr double kLeastMagic = 0.001;
constexpr double kMostMagic = 1000;

void AddWindowsOptions(checks::OptionTable& options) {
  options.List("require", {},
               "Drive that must be there (letter, path, volume or label); may be given "
               "several times.\nIt is CRITICAL when one is not, whatever drives are "
               "checked.");
  options.List("mandatory-drives", {}, "The same as require");
  options.Text("magic", "", "Number that sizes are multiplied by before they are judged");
  options.Bool("mounted",
               "Known for older commands: what is not mounted is left out anyway, by the "
               "default filter");
  options.Bool("ignore-unreadable",
               "Say nothing of drives that the agent may not read, such as a locked "
               "one.\nOtherwise they are named, and nothing worse makes it UNKNOWN.");
}

checks::Check<DriveRow> MakeDriveCheck(PathStyle style) {
  checks::OptionTable options;
  options
      .List(
          "drive", {"*"},
          style == PathStyle::kWindows
              ? "Drive to check; may be given several times.\nA letter (c, c:), a path, "
                "a share (\\\\server\\share), a volume or a label; all-drives are those "
                "with a letter, all-volumes those of this computer, * and all both. "
                "total adds a total."
              : "Drive to check; may be given several times.\nA path, a device, or all "
                "real drives: *, all, all-drives, all-volumes, drives, volumes. total "
                "adds a total.")
      .HideDefault();
  if (style == PathStyle::kWindows) AddWindowsOptions(options);
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
  return {std::move(options), defaults, DriveKeywords(style), prepare};
}

// A drive that is to be checked, and the mount it lies on.
struct Selected {
  std::string name;  // as given
  std::string path;  // that answers for its space
  Mount mount;
  std::optional<Space> space;  // when it is known already
};

struct Selection {
  std::vector<Selected> drives;
  std::vector<std::string> missing;
  std::vector<Status> silent;         // file systems that do not answer
  std::vector<std::string> required;  // those that are not there
};

// One run: finds the drives, reads them and hands them to the filter.
class DriveRun {
 public:
  DriveRun(const Arguments& arguments, const DriveCheck::Host& host, PathStyle style)
      : arguments_(arguments), host_(host), style_(style) {}

  Status Collect(Sink<DriveRow>& sink);
  const std::vector<Status>& silent() const { return selection_.silent; }
  const std::vector<std::string>& required() const { return selection_.required; }

 private:
  Status Select();
  void SelectGroup(const std::vector<Mount>& mounts, DriveGroup group);
  void FindRequired(const std::vector<Mount>& mounts);
  Status SelectNamed(const std::vector<Mount>& mounts, const std::string& name);
  bool IsExcluded(const Selected& drive) const;
  DriveRow MakeDriveRow(const Selected& drive);
  void TakeSpace(const Result<Space>& space, DriveRow& row);
  Status ReadMagic();
  void AddTrend(const Selected& drive, DriveRow& row) const;
  void AddToTotal(const DriveRow& row);

  const Arguments& arguments_;
  const DriveCheck::Host& host_;
  const PathStyle style_;
  double magic_ = 1;
  Selection selection_;
  std::set<std::string> seen_;
  int64_t window_ = 0;  // of the trend; 0 = nobody looks at it
  DriveRow total_;
};

void DriveRun::SelectGroup(const std::vector<Mount>& mounts, DriveGroup group) {
  for (const Mount& mount : mounts) {
    if (mount.pseudo || !BelongsTo(mount, group, style_)) continue;
    const std::string& place = mount.point.empty() ? mount.device : mount.point;
    if (!seen_.insert(place).second) continue;
    selection_.drives.push_back({mount.point, place, mount, {}});
  }
}

Status DriveRun::SelectNamed(const std::vector<Mount>& mounts, const std::string& name) {
  const auto meant = std::find_if(mounts.begin(), mounts.end(), [&](const Mount& mount) {
    const bool is_place = style_ == PathStyle::kPosix && name == mount.point;
    return !mount.pseudo && !is_place && NamesMount(name, mount, style_);
  });
  Selected drive;
  drive.name = name;
  if (meant != mounts.end()) {
    drive.mount = *meant;
    drive.path = meant->point.empty() ? meant->device : meant->point;
  } else {
    drive.path = CanonicalDrive(name, style_);
    if (const Mount* mount = FindMount(mounts, drive.path, style_)) {
      drive.mount = *mount;
    } else if (IsNetworkPath(drive.path, style_)) {
      drive.mount.type = DriveType::kRemote;
    }
    if (drive.mount.point.empty()) drive.mount.point = drive.path;
    const auto space = host_.space(drive.path);
    if (!space.ok() && space.status().code() == Code::kNotFound) {
      selection_.missing.push_back(name);
      return Status::Ok();
    }
    if (space.ok()) drive.space = *space;
  }
  if (seen_.insert(name).second) selection_.drives.push_back(std::move(drive));
  return Status::Ok();
}

void DriveRun::FindRequired(const std::vector<Mount>& mounts) {
  for (const char* option : {"require", "mandatory-drives"}) {
    for (const std::string& name : arguments_.List(option)) {
      const bool is_there = std::any_of(
          mounts.begin(), mounts.end(),
          [&](const Mount& mount) { return NamesMount(name, mount, style_); });
      if (!is_there) selection_.required.push_back(name);
    }
  }
}

Status DriveRun::Select() {
  ASSIGN_OR_RETURN(const std::vector<Mount> mounts, host_.mounts());
  if (style_ == PathStyle::kWindows) FindRequired(mounts);
  for (const std::string& name : arguments_.List("drive")) {
    if (name == "total") continue;
    const DriveGroup group = GroupOf(name);
    if (group != DriveGroup::kNone) {
      SelectGroup(mounts, group);
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
    if (style_ == PathStyle::kWindows && NamesMount(name, drive.mount, style_)) {
      return true;
    }
    return name == drive.name || name == drive.mount.device;
  });
}

void DriveRun::AddTrend(const Selected& drive, DriveRow& row) const {
  if (window_ == 0 || row.space.size == 0) return;
  row.trend = host_.trend(drive.mount.point, window_);
  row.rate = row.trend.BytesPerDay();
  row.full_in = row.trend.FullIn(row.space.free);
}

void DriveRun::TakeSpace(const Result<Space>& space, DriveRow& row) {
  if (space.ok()) {
    row.space = *space;
    const auto scaled = [this](uint64_t bytes) {
      if (magic_ == 1) return bytes;
      return static_cast<uint64_t>(static_cast<double>(bytes) * magic_);
    };
    row.space.size = scaled(row.space.size);
    row.space.free = scaled(row.space.free);
    row.space.user_free = scaled(row.space.user_free);
    return;
  }
  row.readable = false;
  const Code code = space.status().code();
  // Without a medium there is nothing to look at.
  if (code == Code::kFailedPrecondition) row.mounted = false;
  const bool is_fault = style_ == PathStyle::kWindows && row.mounted &&
                        !arguments_.Flag("ignore-unreadable");
  if (code == Code::kDeadlineExceeded || is_fault) {
    selection_.silent.push_back(space.status());
  }
}

DriveRow DriveRun::MakeDriveRow(const Selected& drive) {
  DriveRow row;
  row.drive = drive.name;
  row.device = drive.mount.device;
  row.type = drive.mount.type;
  row.letter = LetterOf(drive.mount, style_);
  row.mounted = !drive.mount.point.empty();
  TakeSpace(drive.space ? Result<Space>(*drive.space) : host_.space(drive.path), row);
  const Volume& volume = row.space.volume;
  row.filesystem =
      drive.mount.filesystem.empty() ? volume.filesystem : drive.mount.filesystem;
  row.name = drive.mount.label.empty() ? volume.label : drive.mount.label;
  if (row.name.empty()) row.name = drive.mount.device;
  AddTrend(drive, row);
  return row;
}

void DriveRun::AddToTotal(const DriveRow& row) {
  if (!row.mounted) return;
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

Status DriveRun::ReadMagic() {
  if (style_ != PathStyle::kWindows || !arguments_.Given("magic")) return Status::Ok();
  const std::string& text = arguments_.Text("magic");
  char* end = nullptr;
  magic_ = std::strtod(text.c_str(), &end);
  const bool is_number = !text.empty() && end == text.c_str() + text.size();
  if (is_number && magic_ >= kLeastMagic && magic_ <= kMostMagic) return Status::Ok();
  return Status::InvalidArgument("Invalid magic '" + text +
                                 "': it is a number from 0.001 to 1000");
}

Status DriveRun::Collect(Sink<DriveRow>& sink) {
  RETURN_IF_ERROR(ReadMagic());
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
    DriveRow row = MakeDriveRow(drive);
    AddToTotal(row);
    if (!sink.Add(std::move(row))) return Status::Ok();
  }
  const auto& names = arguments_.List("drive");
  const bool asked = std::find(names.begin(), names.end(), "total") != names.end();
  if (arguments_.Flag("total") || asked) {
    total_.drive = total_.device = total_.name = "total";
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
    if (mount.pseudo || mount.point.empty()) continue;
    const auto space = host.space(mount.point);
    if (space.ok()) lines.push_back(RawLine(mount, *space));
  }
  return sdk::CheckResult::Of(sdk::State::kOk, Join(lines, "\n"));
}

// A drive that is gone has no row that a threshold could catch.
void TellRequired(const std::vector<std::string>& required, sdk::CheckResult& result) {
  if (required.empty()) return;
  if (result.lines.empty()) result.lines.emplace_back();
  std::string& message = result.lines[0].message;
  message = "CRITICAL: Required drive(s) not found: " + Join(required, ", ") +
            (message.empty() ? "" : "; " + message);
  result.state = sdk::State::kCritical;
}

}  // namespace

DriveCheck::DriveCheck(PathStyle style) : style_(style), check_(MakeDriveCheck(style)) {}

sdk::CheckResult DriveCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const Host& host) const {
  checks::OptionTable::Outcome outcome = check_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& parsed = std::get<Arguments>(outcome);
  if (parsed.Flag("fetch-only")) return FetchOnly(host);
  DriveRun run(parsed, host, style_);
  bool looks_itself = false;
  sdk::CheckResult result = check_.RunParsed(
      parsed, environment, [&](const Arguments&, Sink<DriveRow>& sink) -> Status {
        looks_itself = sink.Uses("readable");
        return run.Collect(sink);
      });
  if (!looks_itself) TellSilence(run.silent(), result);
  TellRequired(run.required(), result);
  return result;
}

}  // namespace nscp::check_disk
