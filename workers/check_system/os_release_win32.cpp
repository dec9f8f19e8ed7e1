#include <windows.h>
// After windows.h, which it needs.
#include <winternl.h>

#include "proto/cpp/windows_win32.h"
#include "workers/check_system/host_name.h"
#include "workers/check_system/nt_query_win32.h"
#include "workers/check_system/os_release.h"
#include "workers/check_system/windows_version.h"

// Tells the truth, which GetVersionEx does not tell a program without a manifest.
extern "C" NTSTATUS NTAPI RtlGetVersion(OSVERSIONINFOEXW* version);

namespace nscp::check_system {
namespace {

constexpr wchar_t kCurrentVersion[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
constexpr DWORD kMaxText = 512;

std::string RegistryText(const wchar_t* name) {
  wchar_t text[kMaxText] = {};
  DWORD size = sizeof(text) - sizeof(wchar_t);
  const LSTATUS status =
      ::RegGetValueW(HKEY_LOCAL_MACHINE, kCurrentVersion, name,
                     RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, nullptr, text, &size);
  return status == ERROR_SUCCESS ? Utf8(text) : "";
}

int64_t RegistryNumber(const wchar_t* name) {
  DWORD number = 0;
  DWORD size = sizeof(number);
  const LSTATUS status =
      ::RegGetValueW(HKEY_LOCAL_MACHINE, kCurrentVersion, name,
                     RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6464KEY, nullptr, &number, &size);
  return status == ERROR_SUCCESS ? number : 0;
}

std::string Machine() {
  SYSTEM_INFO system{};
  ::GetNativeSystemInfo(&system);
  switch (system.wProcessorArchitecture) {
    case PROCESSOR_ARCHITECTURE_AMD64:
      return "x86_64";
    case PROCESSOR_ARCHITECTURE_INTEL:
      return "x86";
    case PROCESSOR_ARCHITECTURE_ARM64:
      return "aarch64";
    default:
      return "unknown";
  }
}

}  // namespace

Result<OsVersion> ReadOsVersion() {
  OSVERSIONINFOEXW system{};
  system.dwOSVersionInfoSize = sizeof(system);
  if (const NTSTATUS status = ::RtlGetVersion(&system); status < 0) {
    return NtError("Failed to read the version of Windows", status);
  }
  WindowsFacts facts;
  facts.major = system.dwMajorVersion;
  facts.minor = system.dwMinorVersion;
  facts.build = system.dwBuildNumber;
  facts.is_server = system.wProductType != VER_NT_WORKSTATION;
  facts.nodename = ReadHostname().value_or("");
  facts.machine = Machine();
  facts.product = RegistryText(L"ProductName");
  facts.display_version = RegistryText(L"DisplayVersion");
  if (facts.display_version.empty()) facts.display_version = RegistryText(L"ReleaseId");
  facts.edition = RegistryText(L"EditionID");
  facts.installation = RegistryText(L"InstallationType");
  facts.revision = RegistryNumber(L"UBR");
  return MakeWindowsVersion(facts);
}

}  // namespace nscp::check_system
