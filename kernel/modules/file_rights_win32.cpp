#include <filesystem>

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include "kernel/modules/manifest.h"

namespace nscp::kernel {
namespace {

constexpr DWORD kWriting =
    FILE_WRITE_DATA | FILE_APPEND_DATA | WRITE_DAC | WRITE_OWNER | DELETE;

// Everyone, Users, Authenticated Users: who could plant code that the service runs.
bool GrantsToOthers(const ACCESS_ALLOWED_ACE* ace) {
  if (ace->Header.AceType != ACCESS_ALLOWED_ACE_TYPE || (ace->Mask & kWriting) == 0 ||
      (ace->Header.AceFlags & INHERIT_ONLY_ACE) != 0) {
    return false;
  }
  const auto sid = reinterpret_cast<PSID>(const_cast<DWORD*>(&ace->SidStart));
  for (const WELL_KNOWN_SID_TYPE type :
       {WinWorldSid, WinBuiltinUsersSid, WinAuthenticatedUserSid}) {
    if (IsWellKnownSid(sid, type)) return true;
  }
  return false;
}

}  // namespace

std::string_view PlatformName() { return "windows"; }
std::string_view ProgramSuffix() { return ".exe"; }

Status CheckTrustedFile(const std::string& file, std::string_view what) {
  const std::string rule =
      "rule trusted-file: the " + std::string(what) + " " + file + ": ";
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const DWORD error = GetNamedSecurityInfoW(
      std::filesystem::u8path(file).c_str(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION,
      nullptr, nullptr, &list, nullptr, &descriptor);
  if (error != ERROR_SUCCESS) {
    return Status::NotFound(rule + "it can't be looked at: error " +
                            std::to_string(error));
  }
  bool open_to_others = list == nullptr;  // no list at all: everybody may do everything
  for (DWORD i = 0; list != nullptr && i < list->AceCount; ++i) {
    void* ace = nullptr;
    if (GetAce(list, i, &ace) && GrantsToOthers(static_cast<ACCESS_ALLOWED_ACE*>(ace))) {
      open_to_others = true;
    }
  }
  LocalFree(descriptor);
  if (!open_to_others) return Status::Ok();
  return Status::FailedPrecondition(
      rule + "every user may write to it; take that right away from Users and Everyone");
}

Status CheckExecutable(const std::string& file) {
  const DWORD attributes = GetFileAttributesW(std::filesystem::u8path(file).c_str());
  if (attributes != INVALID_FILE_ATTRIBUTES &&
      (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
    return Status::Ok();
  }
  return Status::FailedPrecondition("rule program-executable: " + file +
                                    ": there is no such program");
}

}  // namespace nscp::kernel
