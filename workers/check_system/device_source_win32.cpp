#include "workers/check_system/device_source_win32.h"

#include <windows.h>
//
#include <cfgmgr32.h>
#include <setupapi.h>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

class DeviceSet {
 public:
  DeviceSet()
      : set_(::SetupDiGetClassDevsW(nullptr, nullptr, nullptr,
                                    DIGCF_ALLCLASSES | DIGCF_PRESENT)) {}
  ~DeviceSet() {
    if (open()) ::SetupDiDestroyDeviceInfoList(set_);
  }
  DeviceSet(const DeviceSet&) = delete;
  DeviceSet& operator=(const DeviceSet&) = delete;
  bool open() const { return set_ != INVALID_HANDLE_VALUE; }
  HDEVINFO get() const { return set_; }

 private:
  const HDEVINFO set_;
};

std::string DeviceText(HDEVINFO set, SP_DEVINFO_DATA& device, DWORD property) {
  wchar_t text[512] = {};
  const BOOL found = ::SetupDiGetDeviceRegistryPropertyW(
      set, &device, property, nullptr, reinterpret_cast<BYTE*>(text),
      sizeof(text) - sizeof(wchar_t), nullptr);
  return found ? Utf8(text) : "";
}

std::string DeviceName(HDEVINFO set, SP_DEVINFO_DATA& device) {
  for (const DWORD property : {SPDRP_FRIENDLYNAME, SPDRP_DEVICEDESC, SPDRP_HARDWAREID}) {
    std::string name = DeviceText(set, device, property);
    if (!name.empty()) return name;
  }
  return "unknown device";
}

}  // namespace

Result<Devices> ListWindowsDevices(const std::function<bool()>& cancelled) {
  const DeviceSet set;
  if (!set.open()) return LastError("Failed to list the devices of this computer");
  Devices devices;
  for (DWORD index = 0; index < kMaxDevices; ++index) {
    if (cancelled && cancelled()) {
      return Status::Cancelled("The check was stopped while it listed devices");
    }
    SP_DEVINFO_DATA device = {};
    device.cbSize = sizeof(device);
    if (!::SetupDiEnumDeviceInfo(set.get(), index, &device)) {
      if (::GetLastError() == ERROR_NO_MORE_ITEMS) break;
      return LastError("Failed to list the devices of this computer");
    }
    ++devices.count;
    ULONG state = 0;
    ULONG problem = 0;
    // One that is being removed just now has no state any more.
    const CONFIGRET got = ::CM_Get_DevNode_Status(&state, &problem, device.DevInst, 0);
    if (got != CR_SUCCESS || (state & DN_HAS_PROBLEM) == 0) continue;
    devices.problems.push_back({DeviceName(set.get(), device), problem});
  }
  return devices;
}

}  // namespace nscp::check_system
