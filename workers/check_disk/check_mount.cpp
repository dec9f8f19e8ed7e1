#include "workers/check_disk/check_mount.h"

#include <algorithm>
#include <set>

#include "proto/cpp/text.h"
#include "workers/check_disk/drive_names.h"

namespace nscp::check_disk {
namespace {

using checks::Arguments;
using checks::Sink;

checks::Keywords<MountRow> MountKeywords() {
  checks::Keywords<MountRow> k;
  const auto text = [&](const char* name, const char* description,
                        std::string Mount::*member) {
    k.Text(name, description, [member](const MountRow& row) -> std::string_view {
      return row.mount.*member;
    });
  };
  text("mount", "Where the file system is mounted", &Mount::point);
  text("device", "What is mounted there, such as /dev/sda1 or server:/export",
       &Mount::device);
  text("fstype", "Kind of file system, such as ext4", &Mount::filesystem);
  text("options", "Options of the mount and of its file system, with commas between them",
       &Mount::options);
  k.Text("issues", "What is not as expected; empty when all is",
         [](const MountRow& row) -> std::string_view { return row.issues; });
  k.Integer("has_issues", "1 when anything is not as expected", [](const MountRow& row) {
     return !row.issues.empty();
   }).NoPerf();
  return k;
}

checks::Check<MountRow> MakeMountCheck() {
  checks::OptionTable options;
  options.Text("mount", "",
               "Where something must be mounted.\nWithout it all mounts are looked at "
               "that are not the system's own.");
  options.Text("options", "",
               "Options that a mount must have, with commas between them; others are too "
               "many");
  options.Text("fstype", "",
               "Kind of file system that must be mounted there.\nWithout mount only file "
               "systems of this kind are looked at.");
  checks::FilterDefaults defaults;
  defaults.warning = {"has_issues = 1"};
  defaults.critical = {"issues like 'not mounted'"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): mounts are as expected";
  defaults.empty_syntax = "check_mount found nothing matching this filter";
  defaults.detail_syntax = "mount ${mount} ${issues}";
  defaults.perf_syntax = "${mount}";
  return {std::move(options), defaults, MountKeywords()};
}

bool IsSystemsOwn(const Mount& mount) {
  if (mount.pseudo || mount.point.empty()) return true;
  for (const char* folder : {"/proc", "/sys", "/dev", "/run"}) {
    if (StartsWith(mount.point, folder)) return true;
  }
  return false;
}

std::string OptionIssues(const std::string& wished, const std::string& present) {
  const auto as_set = [](const std::string& list) {
    std::vector<std::string> parts = SplitList(list);
    return std::set<std::string>(parts.begin(), parts.end());
  };
  const auto want = as_set(wished);
  const auto have = as_set(present);
  std::vector<std::string> missing;
  std::vector<std::string> exceeding;
  std::set_difference(want.begin(), want.end(), have.begin(), have.end(),
                      std::back_inserter(missing));
  std::set_difference(have.begin(), have.end(), want.begin(), want.end(),
                      std::back_inserter(exceeding));
  std::vector<std::string> issues;
  if (!missing.empty()) issues.push_back("missing options: " + Join(missing, ", "));
  if (!exceeding.empty()) issues.push_back("exceeding options: " + Join(exceeding, ", "));
  return Join(issues, ", ");
}

std::string IssuesOf(const Mount& mount, const std::string& fstype,
                     const std::string& options) {
  std::vector<std::string> issues;
  if (!fstype.empty() && !EqualsIgnoreCase(fstype, mount.filesystem)) {
    issues.push_back("expected fstype differs: " + fstype + " != " + mount.filesystem);
  }
  if (!options.empty()) {
    std::string text = OptionIssues(options, mount.options);
    if (!text.empty()) issues.push_back(std::move(text));
  }
  return Join(issues, ", ");
}

bool IsPlace(const std::string& wished, const Mount& mount, PathStyle style) {
  if (style == PathStyle::kPosix) return mount.point == wished;
  return !mount.point.empty() && NamesMount(wished, mount, style);
}

Status CollectMounts(const Arguments& arguments, const std::vector<Mount>& mounts,
                     PathStyle style, Sink<MountRow>& sink) {
  std::string wished = arguments.Text("mount");
  while (wished.size() > 1 && wished.back() == '/') wished.pop_back();
  const std::string& fstype = arguments.Text("fstype");
  bool found = false;
  for (const Mount& mount : mounts) {
    const bool other_kind =
        !fstype.empty() && !EqualsIgnoreCase(fstype, mount.filesystem);
    const bool passed = wished.empty() ? IsSystemsOwn(mount) || other_kind
                                       : !IsPlace(wished, mount, style);
    if (passed) continue;
    found = true;
    if (!sink.Add(MountRow{mount, IssuesOf(mount, fstype, arguments.Text("options"))})) {
      return Status::Ok();
    }
  }
  if (!wished.empty() && !found) {
    MountRow row;
    row.mount.point = wished;
    row.issues = "not mounted";
    sink.Add(std::move(row));
  }
  return Status::Ok();
}

}  // namespace

MountCheck::MountCheck(PathStyle style) : style_(style), check_(MakeMountCheck()) {}

sdk::CheckResult MountCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const Result<std::vector<Mount>>& mounts) const {
  return check_.Run(arguments, environment,
                    [&](const Arguments& parsed, Sink<MountRow>& sink) -> Status {
                      RETURN_IF_ERROR(mounts.status());
                      return CollectMounts(parsed, *mounts, style_, sink);
                    });
}

}  // namespace nscp::check_disk
