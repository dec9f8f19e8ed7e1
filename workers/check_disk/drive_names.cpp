#include "workers/check_disk/drive_names.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::check_disk {
namespace {

constexpr std::string_view kVerbatim = R"(\\?\)";
constexpr std::string_view kVerbatimShare = R"(\\?\UNC\)";
constexpr std::string_view kVolume = R"(\\?\Volume{)";

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool BeginsWith(std::string_view text, std::string_view start) {
  return EqualsIgnoreCase(text.substr(0, start.size()), start);
}

std::string WithBackslashes(std::string_view path) {
  std::string out(path);
  std::replace(out.begin(), out.end(), '/', '\\');
  return out;
}

std::string_view WithoutEnd(std::string_view path) {
  while (!path.empty() && path.back() == '\\') path.remove_suffix(1);
  return path;
}

std::string CanonicalOfWindows(std::string_view name) {
  std::string path = WithBackslashes(name);
  if (BeginsWith(path, kVolume)) return std::string(WithoutEnd(path)) + '\\';
  if (BeginsWith(path, kVerbatimShare)) {
    path.replace(0, kVerbatimShare.size(), R"(\\)");
  } else if (BeginsWith(path, kVerbatim)) {
    path.erase(0, kVerbatim.size());
  }
  const bool has_letter = !path.empty() && IsLetter(path[0]);
  if (!has_letter || (path.size() > 1 && path[1] != ':')) return path;
  constexpr char kCaseBit = 0x20;
  path[0] = static_cast<char>(path[0] & ~kCaseBit);
  if (path.size() == 1) return path + ":\\";
  return path.size() == 2 ? path + "\\" : path;
}

}  // namespace

std::string CanonicalDrive(std::string_view name, PathStyle style) {
  return style == PathStyle::kWindows ? CanonicalOfWindows(name) : std::string(name);
}

bool LiesBelow(std::string_view path, std::string_view point, PathStyle style) {
  if (style == PathStyle::kPosix) {
    if (!StartsWith(path, point)) return false;
    return path.size() == point.size() || EndsWith(point, "/") ||
           path[point.size()] == '/';
  }
  const std::string_view folder = WithoutEnd(point);
  if (folder.empty() || !BeginsWith(path, folder)) return false;
  return path.size() == folder.size() || path[folder.size()] == '\\';
}

bool NamesMount(std::string_view name, const Mount& mount, PathStyle style) {
  if (style == PathStyle::kPosix) return name == mount.point || name == mount.device;
  const std::string path = CanonicalOfWindows(name);
  const auto is = [&](std::string_view place) {
    return !place.empty() && EqualsIgnoreCase(WithoutEnd(path), WithoutEnd(place));
  };
  return is(mount.point) || is(mount.device) ||
         (!mount.label.empty() && EqualsIgnoreCase(name, mount.label));
}

std::string LetterOf(const Mount& mount, PathStyle style) {
  const bool is_drive = style == PathStyle::kWindows && mount.point.size() == 3 &&
                        IsLetter(mount.point[0]) && mount.point[1] == ':';
  return is_drive ? mount.point.substr(0, 1) : "";
}

bool IsNetworkPath(std::string_view path, PathStyle style) {
  return style == PathStyle::kWindows && StartsWith(path, R"(\\)") &&
         !StartsWith(path, kVerbatim) && !StartsWith(path, R"(\\.\)");
}

std::string ShareRoot(std::string_view path) {
  const std::string whole = CanonicalOfWindows(path);
  if (!IsNetworkPath(whole, PathStyle::kWindows)) return "";
  constexpr size_t kServer = 2;
  const size_t share = whole.find('\\', kServer);
  if (share == std::string::npos || share == kServer || share + 1 == whole.size()) {
    return "";
  }
  return whole.substr(0, whole.find('\\', share + 1));
}

DriveGroup GroupOf(std::string_view name) {
  if (name == "*" || name == "all") return DriveGroup::kAll;
  if (name == "drives" || name == "all-drives") return DriveGroup::kDrives;
  if (name == "volumes" || name == "all-volumes") return DriveGroup::kVolumes;
  return DriveGroup::kNone;
}

bool BelongsTo(const Mount& mount, DriveGroup group, PathStyle style) {
  if (group == DriveGroup::kNone) return false;
  if (style == PathStyle::kPosix || group == DriveGroup::kAll) return true;
  return group == DriveGroup::kDrives ? !LetterOf(mount, style).empty()
                                      : BeginsWith(mount.device, kVolume);
}

std::string DiskNameOf(const Mount& mount) {
  return std::string(WithoutEnd(mount.point));
}

std::string LongPath(std::string path) {
  const bool has_drive = path.size() > 2 && IsLetter(path[0]) && path[1] == ':' &&
                         (path[2] == '\\' || path[2] == '/');
  if (has_drive) return std::string(kVerbatim) + WithBackslashes(path);
  path = WithBackslashes(path);
  if (!IsNetworkPath(path, PathStyle::kWindows)) return path;
  return std::string(kVerbatimShare) + path.substr(2);
}

}  // namespace nscp::check_disk
