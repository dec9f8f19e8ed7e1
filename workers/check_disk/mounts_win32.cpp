#include <windows.h>

#include "workers/check_disk/mounts.h"
#include "workers/check_disk/wide_text_win32.h"

namespace nscp::check_disk {
namespace {

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

}  // namespace

Result<std::vector<Mount>> ReadMounts() {
  std::vector<Mount> mounts;
  const DWORD letters = ::GetLogicalDrives();
  if (letters == 0) {
    return Status::Unavailable("GetLogicalDrives failed with error " +
                               std::to_string(::GetLastError()));
  }
  for (int letter = 0; letter < 26; ++letter) {
    if ((letters >> letter & 1) == 0) continue;
    const wchar_t root[] = {static_cast<wchar_t>(L'A' + letter), L':', L'\\', 0};
    wchar_t label[MAX_PATH + 1] = {};
    wchar_t filesystem[MAX_PATH + 1] = {};
    Mount mount;
    mount.point = Utf8(root);
    mount.type = TypeOf(::GetDriveTypeW(root));
    // Asks no drive that may have no medium and no far server.
    if (mount.type == DriveType::kFixed &&
        ::GetVolumeInformationW(root, label, MAX_PATH, nullptr, nullptr, nullptr,
                                filesystem, MAX_PATH)) {
      mount.filesystem = Utf8(filesystem);
      mount.device = Utf8(label);
    }
    mount.pseudo = mount.type == DriveType::kCdrom;
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

}  // namespace nscp::check_disk
