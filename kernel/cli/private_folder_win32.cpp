#include "kernel/cli/private_folder.h"

#include <windows.h>
// Both need windows.h before them.
#include <aclapi.h>
#include <sddl.h>

#include <filesystem>
#include <memory>

#include "kernel/core/account_win32.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {
namespace {

// Owner: administrators, for an owner may always change the rights. Full rights for the
// system and administrators, here and in all that is made inside.
constexpr const wchar_t* kAdministrators = L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

struct FreeLocal {
  void operator()(void* memory) const { LocalFree(memory); }
};
using Descriptor = std::unique_ptr<void, FreeLocal>;

bool IsAdministration(PSID sid) {
  return IsWellKnownSid(sid, WinLocalSystemSid) ||
         IsWellKnownSid(sid, WinBuiltinAdministratorsSid);
}

// Administrators, or the account that runs this.
bool IsTrusted(PSID sid) { return IsAdministration(sid) || IsThisUser(sid); }

// Every right that is given is given to somebody who may be trusted.
bool IsClosed(ACL* rights) {
  for (DWORD i = 0; i < rights->AceCount; ++i) {
    void* entry = nullptr;
    if (!GetAce(rights, i, &entry)) return false;
    const auto* header = static_cast<ACE_HEADER*>(entry);
    if (header->AceType == ACCESS_DENIED_ACE_TYPE) continue;
    if (header->AceType != ACCESS_ALLOWED_ACE_TYPE) return false;
    if (!IsTrusted(&static_cast<ACCESS_ALLOWED_ACE*>(entry)->SidStart)) return false;
  }
  return true;
}

}  // namespace

Status MakePrivateFolder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::u8path(path);
  std::error_code above;
  std::filesystem::create_directories(folder.parent_path(), above);
  PSECURITY_DESCRIPTOR made = nullptr;
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
          kAdministrators, SDDL_REVISION_1, &made, nullptr)) {
    return LastError("setting the rights of the folder " + path);
  }
  const Descriptor descriptor(made);
  SECURITY_ATTRIBUTES attributes{sizeof attributes, descriptor.get(), FALSE};
  if (CreateDirectoryW(folder.c_str(), &attributes)) return Status::Ok();
  const DWORD error = GetLastError();
  const Status failed = WindowsStatus("making the folder " + path, error);
  if (error == ERROR_ALREADY_EXISTS) return Status::AlreadyExists(failed.message());
  if (error != ERROR_INVALID_OWNER) return failed;
  return Status::PermissionDenied(failed.message() + "; run it as an administrator");
}

bool IsPrivateFolder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::u8path(path);
  const DWORD kind = GetFileAttributesW(folder.c_str());
  if (kind == INVALID_FILE_ATTRIBUTES || (kind & FILE_ATTRIBUTE_DIRECTORY) == 0 ||
      (kind & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
    return false;
  }
  PSID owner = nullptr;
  PACL rights = nullptr;
  PSECURITY_DESCRIPTOR read = nullptr;
  if (GetNamedSecurityInfoW(folder.c_str(), SE_FILE_OBJECT,
                            OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                            &owner, nullptr, &rights, nullptr, &read) != ERROR_SUCCESS) {
    return false;
  }
  const Descriptor descriptor(read);
  return owner != nullptr && rights != nullptr && IsTrusted(owner) && IsClosed(rights);
}

}  // namespace nscp::kernel
