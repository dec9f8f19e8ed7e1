#include <winsock2.h>
// It needs windows.h before it.
#include <aclapi.h>

#include <filesystem>

#include "gateway/http/test_client.h"

namespace nscp::gateway::testing {
namespace {

bool IsForAll(const ACCESS_ALLOWED_ACE* ace) {
  const auto sid = reinterpret_cast<PSID>(const_cast<DWORD*>(&ace->SidStart));
  return ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE && ace->Mask != 0 &&
         (::IsWellKnownSid(sid, WinWorldSid) ||
          ::IsWellKnownSid(sid, WinBuiltinUsersSid) ||
          ::IsWellKnownSid(sid, WinAuthenticatedUserSid));
}

}  // namespace

bool WaitForSocket(int socket, bool read, std::chrono::milliseconds limit) {
  WSAPOLLFD wanted{static_cast<SOCKET>(socket),
                   static_cast<SHORT>(read ? POLLRDNORM : POLLWRNORM), 0};
  return ::WSAPoll(&wanted, 1, static_cast<INT>(limit.count())) == 1;
}

bool IsPrivate(const std::string& file) {
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (::GetNamedSecurityInfoW(std::filesystem::u8path(file).c_str(), SE_FILE_OBJECT,
                              DACL_SECURITY_INFORMATION, nullptr, nullptr, &list, nullptr,
                              &descriptor) != ERROR_SUCCESS) {
    return false;
  }
  bool is_private = list != nullptr && list->AceCount > 0;
  for (DWORD i = 0; list != nullptr && i < list->AceCount; ++i) {
    void* ace = nullptr;
    if (!::GetAce(list, i, &ace) || IsForAll(static_cast<ACCESS_ALLOWED_ACE*>(ace))) {
      is_private = false;
    }
  }
  ::LocalFree(descriptor);
  return is_private;
}

}  // namespace nscp::gateway::testing
