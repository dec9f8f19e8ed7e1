#include <windows.h>

#include <winioctl.h>
#include <winnetwk.h>

#include "proto/cpp/text.h"
#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/drive_names.h"
#include "workers/check_disk/quiet_errors_win32.h"
#include "workers/check_disk/space.h"

namespace nscp::check_disk {
namespace {

// A drive tells a handful of media.
constexpr DWORD kMediaReply = 4096;

Status CannotRead(const std::string& path, DWORD error) {
  const std::string doing = "Failed to read the file system of " + path;
  switch (error) {
    case ERROR_PATH_NOT_FOUND:
    case ERROR_FILE_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NET_NAME:
      return Status::NotFound(doing + ": " + WindowsError(error));
    case ERROR_NOT_READY:
    case ERROR_NO_MEDIA_IN_DRIVE:
      return Status::FailedPrecondition(doing + ": " + WindowsError(error));
    default:
      return WindowsStatus(doing, error);
  }
}

// The device below a volume's root, opened for questions alone: needs no rights and wakes
// no disk.
Handle OpenDevice(const wchar_t* root) {
  wchar_t volume[MAX_PATH + 1] = {};
  if (!::GetVolumeNameForVolumeMountPointW(root, volume, MAX_PATH)) return Handle();
  std::wstring device(volume);
  if (!device.empty() && device.back() == L'\\') device.pop_back();
  return Handle(::CreateFileW(device.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE,
                              nullptr, OPEN_EXISTING, 0, nullptr));
}

void AskMedia(const Handle& device, Volume& volume) {
  alignas(GET_MEDIA_TYPES) char reply[kMediaReply];
  DWORD size = 0;
  if (!::DeviceIoControl(device.get(), IOCTL_STORAGE_GET_MEDIA_TYPES_EX, nullptr, 0,
                         reply, sizeof(reply), &size, nullptr) ||
      size < sizeof(GET_MEDIA_TYPES)) {
    return;
  }
  const auto* media = reinterpret_cast<const GET_MEDIA_TYPES*>(reply);
  if (media->MediaInfoCount == 0) return;
  const auto& first = media->MediaInfo[0].DeviceSpecific.DiskInfo;
  volume.media_type = first.MediaType;
  volume.erasable = (first.MediaCharacteristics & MEDIA_ERASEABLE) != 0;
}

void AskDevice(const wchar_t* root, Volume& volume) {
  const Handle device = OpenDevice(root);
  if (!device.open()) return;
  STORAGE_HOTPLUG_INFO plugs{};
  DWORD size = 0;
  if (::DeviceIoControl(device.get(), IOCTL_STORAGE_GET_HOTPLUG_INFO, nullptr, 0, &plugs,
                        sizeof(plugs), &size, nullptr)) {
    volume.removable = plugs.MediaRemovable != 0;
    volume.hotplug = plugs.MediaHotplug != 0 || plugs.DeviceHotplug != 0;
  }
  AskMedia(device, volume);
}

void Describe(const std::wstring& path, Space& space) {
  std::wstring root(path.size() + MAX_PATH, L'\0');
  if (!::GetVolumePathNameW(path.c_str(), root.data(), static_cast<DWORD>(root.size()))) {
    return;
  }
  wchar_t label[MAX_PATH + 1] = {};
  wchar_t filesystem[MAX_PATH + 1] = {};
  DWORD flags = 0;
  if (::GetVolumeInformationW(root.c_str(), label, MAX_PATH, nullptr, nullptr, &flags,
                              filesystem, MAX_PATH)) {
    space.volume.label = Utf8(label);
    space.volume.filesystem = Utf8(filesystem);
    space.writable = (flags & FILE_READ_ONLY_VOLUME) == 0;
  }
  const UINT type = ::GetDriveTypeW(root.c_str());
  if (type == DRIVE_CDROM) space.writable = false;
  if (type != DRIVE_REMOTE) AskDevice(root.c_str(), space.volume);
}

}  // namespace

Result<Space> ReadSpace(const std::string& path) {
  const QuietErrors quiet;
  std::wstring folder = Wide(CanonicalDrive(path, PathStyle::kWindows));
  // A share needs it, and nothing minds.
  if (!folder.empty() && folder.back() != L'\\') folder += L'\\';
  ULARGE_INTEGER user_free{};
  ULARGE_INTEGER size{};
  ULARGE_INTEGER free{};
  if (!::GetDiskFreeSpaceExW(folder.c_str(), &user_free, &size, &free)) {
    return CannotRead(path, ::GetLastError());
  }
  Space space;
  space.size = size.QuadPart;
  space.free = free.QuadPart;
  space.user_free = user_free.QuadPart;
  Describe(folder, space);
  return space;
}

Result<Space> ReadSpaceAs(const std::string& path, const Account& account) {
  const std::string share = ShareRoot(path);
  if (share.empty()) {
    return Status::InvalidArgument("A user is for paths such as \\\\server\\share, not " +
                                   path);
  }
  std::wstring remote = Wide(share);
  NETRESOURCEW resource{};
  resource.dwType = RESOURCETYPE_DISK;
  resource.lpRemoteName = remote.data();
  const DWORD error =
      ::WNetAddConnection2W(&resource, Wide(account.password).c_str(),
                            Wide(account.user).c_str(), CONNECT_TEMPORARY);
  if (error != NO_ERROR) {
    return WindowsStatus("Failed to connect to " + share + " as " + account.user, error);
  }
  auto space = ReadSpace(path);
  ::WNetCancelConnection2W(remote.c_str(), 0, FALSE);
  return space;
}

}  // namespace nscp::check_disk
