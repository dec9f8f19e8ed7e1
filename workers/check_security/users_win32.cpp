#include <windows.h>

#include <wtsapi32.h>

#include <memory>

#include "proto/cpp/windows_win32.h"
#include "workers/check_security/users.h"

namespace nscp::check_security {
namespace {

struct FreeWts {
  void operator()(void* memory) const { ::WTSFreeMemory(memory); }
};
using WtsMemory = std::unique_ptr<void, FreeWts>;

struct Asked {
  WtsMemory memory;
  DWORD size = 0;  // bytes
};

// Nothing in it where the session does not tell.
Asked Ask(DWORD session, WTS_INFO_CLASS what) {
  wchar_t* found = nullptr;
  Asked asked;
  if (::WTSQuerySessionInformationW(WTS_CURRENT_SERVER_HANDLE, session, what, &found,
                                    &asked.size)) {
    asked.memory.reset(found);
  }
  return asked;
}

std::string AskText(DWORD session, WTS_INFO_CLASS what) {
  const Asked asked = Ask(session, what);
  if (asked.memory == nullptr) return "";
  return Utf8(static_cast<const wchar_t*>(asked.memory.get()));
}

bool IsRemote(DWORD session) {
  const Asked asked = Ask(session, WTSClientProtocolType);
  if (asked.memory == nullptr || asked.size < sizeof(USHORT)) return false;
  return *static_cast<const USHORT*>(asked.memory.get()) != 0;
}

int64_t LoggedOn(DWORD session) {
  constexpr int64_t kTicksPerSecond = 10000000;
  constexpr int64_t kFrom1601To1970 = 11644473600;
  const Asked asked = Ask(session, WTSSessionInfo);
  if (asked.memory == nullptr || asked.size < sizeof(WTSINFOW)) return 0;
  const auto* info = static_cast<const WTSINFOW*>(asked.memory.get());
  return info->LogonTime.QuadPart / kTicksPerSecond - kFrom1601To1970;
}

const char* StateName(WTS_CONNECTSTATE_CLASS state) {
  switch (state) {
    case WTSActive:
      return "active";
    case WTSConnected:
      return "connected";
    case WTSDisconnected:
      return "disconnected";
    case WTSIdle:
      return "idle";
    case WTSShadow:
      return "shadow";
    default:
      return "other";
  }
}

}  // namespace

std::vector<UserSession> ParseUtmp(std::string_view, const IsAlive&) { return {}; }

Result<std::vector<UserSession>> ReadUsers(const std::string&) {
  WTS_SESSION_INFOW* found = nullptr;
  DWORD count = 0;
  if (!::WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &found, &count)) {
    return LastError("Failed to list the sessions of this computer");
  }
  const WtsMemory owner(found);
  std::vector<UserSession> sessions;
  for (DWORD i = 0; i < count; ++i) {
    UserSession session;
    session.user = AskText(found[i].SessionId, WTSUserName);
    // That of the services, and those that wait for somebody to log on.
    if (session.user.empty()) continue;
    session.terminal =
        found[i].pWinStationName == nullptr ? "" : Utf8(found[i].pWinStationName);
    session.state = StateName(found[i].State);
    session.is_remote = IsRemote(found[i].SessionId);
    if (session.is_remote) session.client = AskText(found[i].SessionId, WTSClientName);
    session.logged_on = LoggedOn(found[i].SessionId);
    sessions.push_back(std::move(session));
  }
  return sessions;
}

}  // namespace nscp::check_security
