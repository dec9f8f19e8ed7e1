#include <windows.h>
// sddl.h needs windows.h before it.
#include <sddl.h>

#include <filesystem>
#include <system_error>

#include "gateway/api/uploads.h"

namespace nscp::gateway {
namespace {

// Full rights for the owner, the system and administrators, inherited by what is inside;
// nothing comes from above.
constexpr const wchar_t* kOwnerOnly =
    L"D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

Status FolderError(const std::string& folder, DWORD error) {
  return Status::Unavailable("making the private folder " + folder + ": " +
                             std::system_category().message(static_cast<int>(error)) +
                             ". Remove it, or make it the agent's own");
}

}  // namespace

Status MakePrivateFolder(const std::string& folder) {
  const std::filesystem::path path = std::filesystem::u8path(folder);
  SECURITY_ATTRIBUTES attributes{};
  attributes.nLength = sizeof attributes;
  if (!::ConvertStringSecurityDescriptorToSecurityDescriptorW(
          kOwnerOnly, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, nullptr)) {
    return FolderError(folder, ::GetLastError());
  }
  DWORD error = ERROR_SUCCESS;
  if (!::CreateDirectoryW(path.c_str(), &attributes)) error = ::GetLastError();
  if (error == ERROR_ALREADY_EXISTS) {
    error =
        ::SetFileSecurityW(
            path.c_str(), DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
            attributes.lpSecurityDescriptor)
            ? ERROR_SUCCESS
            : ::GetLastError();
  }
  ::LocalFree(attributes.lpSecurityDescriptor);
  return error == ERROR_SUCCESS ? Status::Ok() : FolderError(folder, error);
}

}  // namespace nscp::gateway
