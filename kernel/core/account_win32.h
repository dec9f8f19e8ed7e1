// Who runs this, for rooms that judge whom a file belongs to. Any thread.
#pragma once

#include <windows.h>

#include <vector>

#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {

// CheckTokenMembership would do, but wine asks for groups alone there.
inline bool IsThisUser(PSID sid) {
  Handle token;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.Receive())) return false;
  DWORD size = 0;
  GetTokenInformation(token.get(), TokenUser, nullptr, 0, &size);
  std::vector<char> bytes(size);
  return GetTokenInformation(token.get(), TokenUser, bytes.data(), size, &size) &&
         EqualSid(sid, reinterpret_cast<TOKEN_USER*>(bytes.data())->User.Sid);
}

}  // namespace nscp::kernel
