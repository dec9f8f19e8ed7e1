#include <windows.h>

#include <winnetwk.h>

#include <algorithm>
#include <set>

#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/drive_names.h"
#include "workers/check_disk/mounts.h"
#include "workers/check_disk/quiet_errors_win32.h"

namespace nscp::check_disk {
namespace {

// The list of places grows while it is asked for.
constexpr int kPlaceTries = 4;
constexpr int kLetters = 26;

DriveType TypeOf(UINT type) {
  switch (type) {
    case DRIVE_FIXED:
      return DriveType::kFixed;
    case DRIVE_REMOTE:
      return DriveType::kRemote;
    case DRIVE_REMOVABLE:
      return DriveType::kRemovable;
    case DRIVE_CDROM:
      return DriveType::kCdrom;
    case DRIVE_RAMDISK:
      return DriveType::kRamdisk;
    default:
      return DriveType::kUnknown;
  }
}

// What can be asked without a wait: `root` ends in a backslash. Asks no drive that may
// have no medium and no far server.
void Describe(const std::wstring& root, Mount& mount) {
  mount.type = TypeOf(::GetDriveTypeW(root.c_str()));
  // Discs are full by design.
  mount.pseudo = mount.type == DriveType::kCdrom;
  mount.options = "rw";
  if (mount.type != DriveType::kFixed && mount.type != DriveType::kRamdisk) return;
  wchar_t label[MAX_PATH + 1] = {};
  wchar_t filesystem[MAX_PATH + 1] = {};
  DWORD flags = 0;
  if (!::GetVolumeInformationW(root.c_str(), label, MAX_PATH, nullptr, nullptr, &flags,
                               filesystem, MAX_PATH)) {
    return;
  }
  mount.filesystem = Utf8(filesystem);
  mount.label = Utf8(label);
  if ((flags & FILE_READ_ONLY_VOLUME) != 0) mount.options = "ro";
}

// "C:\", "C:\data\" of a volume; none where it is mounted nowhere.
std::vector<std::string> PlacesOf(const wchar_t* volume) {
  std::wstring list(MAX_PATH, L'\0');
  for (int i = 0; i < kPlaceTries; ++i) {
    DWORD length = 0;
    if (::GetVolumePathNamesForVolumeNameW(volume, list.data(),
                                           static_cast<DWORD>(list.size()), &length)) {
      break;
    }
    if (::GetLastError() != ERROR_MORE_DATA) return {};
    list.assign(length, L'\0');
  }
  std::vector<std::string> places;
  for (size_t at = 0; at < list.size() && list[at] != 0;) {
    const std::wstring place(list.c_str() + at);
    at += place.size() + 1;
    places.push_back(Utf8(place));
  }
  // Letters first: of several places the first one stands for the volume.
  std::stable_sort(places.begin(), places.end(),
                   [](const std::string& a, const std::string& b) {
                     constexpr size_t kLetterRoot = 3;
                     return a.size() == kLetterRoot && b.size() != kLetterRoot;
                   });
  return places;
}

void AddVolume(const wchar_t* volume, std::vector<Mount>& mounts) {
  Mount mount;
  mount.device = Utf8(volume);
  const std::vector<std::string> places = PlacesOf(volume);
  Describe(places.empty() ? std::wstring(volume) : Wide(places.front()), mount);
  if (places.empty()) mounts.push_back(mount);
  for (const std::string& place : places) {
    mount.point = place;
    mounts.push_back(mount);
    mount.pseudo = true;  // the same again
  }
}

std::vector<Mount> ReadVolumes() {
  std::vector<Mount> mounts;
  wchar_t volume[MAX_PATH + 1] = {};
  const HANDLE search = ::FindFirstVolumeW(volume, MAX_PATH);
  if (search == INVALID_HANDLE_VALUE) return mounts;
  do {
    AddVolume(volume, mounts);
  } while (mounts.size() < kMaxMounts && ::FindNextVolumeW(search, volume, MAX_PATH));
  ::FindVolumeClose(search);
  return mounts;
}

// "\\server\share" of a letter, from Windows' own table: no server is asked.
std::string ShareOf(wchar_t letter) {
  const wchar_t drive[] = {letter, L':', 0};
  wchar_t share[MAX_PATH + 1] = {};
  DWORD size = MAX_PATH;
  return ::WNetGetConnectionW(drive, share, &size) == NO_ERROR ? Utf8(share) : "";
}

}  // namespace

PathStyle SystemPathStyle() { return PathStyle::kWindows; }

Result<std::vector<Mount>> ReadMounts() {
  const QuietErrors quiet;
  std::vector<Mount> mounts = ReadVolumes();
  std::set<std::string> known;
  for (const Mount& mount : mounts) known.insert(mount.point);
  const DWORD letters = ::GetLogicalDrives();
  if (letters == 0 && mounts.empty()) return LastError("Failed to list the drives");
  for (int i = 0; i < kLetters; ++i) {
    const auto letter = static_cast<wchar_t>(L'A' + i);
    const wchar_t root[] = {letter, L':', L'\\', 0};
    if ((letters >> i & 1) == 0 || known.count(Utf8(root)) > 0) continue;
    Mount mount;
    mount.point = Utf8(root);
    Describe(root, mount);
    if (mount.type == DriveType::kRemote) mount.device = ShareOf(letter);
    if (mount.device.empty()) mount.device = mount.point;
    mounts.push_back(std::move(mount));
  }
  std::stable_sort(mounts.begin(), mounts.end(), [](const Mount& a, const Mount& b) {
    return !a.point.empty() && (b.point.empty() || a.point < b.point);
  });
  return mounts;
}

}  // namespace nscp::check_disk
