#include "workers/check_disk/file_origin.h"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <memory>
#include <vector>

#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/quiet_errors_win32.h"
#include "workers/check_disk/windows_path_win32.h"

namespace nscp::check_disk {
namespace {

// A file's version block: some kilobytes, whatever the file says.
constexpr DWORD kMaxVersionBlock = 1024 * 1024;
constexpr DWORD kMaxName = 512;

struct FreeLocal {
  void operator()(void* memory) const { ::LocalFree(memory); }
};

std::string NameOf(PSID sid) {
  wchar_t name[kMaxName];
  wchar_t domain[kMaxName];
  DWORD name_size = kMaxName;
  DWORD domain_size = kMaxName;
  SID_NAME_USE kind = SidTypeUnknown;
  if (::LookupAccountSidW(nullptr, sid, name, &name_size, domain, &domain_size, &kind)) {
    const std::string account = Utf8(name);
    return *domain == 0 ? account : Utf8(domain) + "\\" + account;
  }
  wchar_t* text = nullptr;
  if (!::ConvertSidToStringSidW(sid, &text)) return "";
  const std::unique_ptr<void, FreeLocal> owner(text);
  return Utf8(text);
}

}  // namespace

std::string FileVersion(const std::string& path) {
  const QuietErrors quiet;
  const std::wstring file = SystemPath(path);
  DWORD unused = 0;
  const DWORD size = ::GetFileVersionInfoSizeW(file.c_str(), &unused);
  if (size == 0 || size > kMaxVersionBlock) return "";
  std::vector<char> block(size);
  VS_FIXEDFILEINFO* fixed = nullptr;
  UINT length = 0;
  if (!::GetFileVersionInfoW(file.c_str(), 0, size, block.data()) ||
      !::VerQueryValueW(block.data(), L"\\", reinterpret_cast<void**>(&fixed), &length) ||
      length < sizeof(*fixed)) {
    return "";
  }
  return VersionText(fixed->dwFileVersionMS, fixed->dwFileVersionLS);
}

std::string FileOwner(const std::string& path) {
  const QuietErrors quiet;
  std::wstring file = SystemPath(path);
  PSID sid = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (::GetNamedSecurityInfoW(file.data(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION,
                              &sid, nullptr, nullptr, nullptr,
                              &descriptor) != ERROR_SUCCESS) {
    return "";
  }
  const std::unique_ptr<void, FreeLocal> owner(descriptor);
  return sid == nullptr ? "" : NameOf(sid);
}

}  // namespace nscp::check_disk
