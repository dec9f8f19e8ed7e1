// Who is logged on, as the system's list of sessions (utmp) says it. Any thread.
// Sources: utmp(5); WTSEnumerateSessions of Windows' documentation.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_security {

constexpr size_t kMaxUtmp = 16 * 1024 * 1024;  // bytes: some 40000 sessions

struct UserSession {
  std::string user;
  std::string terminal;   // "pts/0", "Console", "RDP-Tcp#1"
  std::string client;     // host or address that it comes from; empty = none
  int64_t logged_on = 0;  // seconds since 1970
  std::string state = "active";
  bool is_remote = false;  // also of a client that has no name
};

// Whether the session's process still lives: one that was killed leaves its record.
using IsAlive = std::function<bool(int64_t pid)>;

// Sessions of users from a file's bytes; a record that is cut off is left out.
std::vector<UserSession> ParseUtmp(std::string_view bytes, const IsAlive& is_alive);

// A system that keeps no such list has nobody logged on, unless its sessions are known to
// be listed elsewhere: then, and where it cannot be read, an error says so.
// On Windows the file is none of the system's and not looked at.
Result<std::vector<UserSession>> ReadUsers(const std::string& utmp_file);

}  // namespace nscp::check_security
