#include <arpa/inet.h>
#include <unistd.h>
#include <utmp.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "workers/check_security/file_bytes.h"
#include "workers/check_security/users.h"

namespace nscp::check_security {
namespace {

template <size_t size>
std::string FieldText(const char (&field)[size]) {
  return {field, ::strnlen(field, size)};
}

std::string AddressOf(const utmp& record) {
  const auto& words = record.ut_addr_v6;
  char text[INET6_ADDRSTRLEN] = "";
  if (words[0] == 0 && words[1] == 0 && words[2] == 0 && words[3] == 0) return text;
  const bool is_short = words[1] == 0 && words[2] == 0 && words[3] == 0;
  ::inet_ntop(is_short ? AF_INET : AF_INET6, words, text, sizeof text);
  return text;
}

// ":0" and the like are screens of this machine; "tmux(77).%0" and ":pts/1:S.0" windows
// in a session that is listed itself.
bool IsLocal(const std::string& host) {
  return host.empty() || host[0] == ':' || host.compare(0, 5, "tmux(") == 0 ||
         host == "localhost";
}

// Debian 13 and others keep no utmp any more.
bool KeepsSessionsElsewhere() {
  std::error_code error;
  const std::filesystem::directory_iterator first("/run/systemd/sessions", error);
  return !error && first != std::filesystem::directory_iterator();
}

}  // namespace

std::vector<UserSession> ParseUtmp(std::string_view bytes, const IsAlive& is_alive) {
  std::vector<UserSession> sessions;
  for (; bytes.size() >= sizeof(utmp); bytes.remove_prefix(sizeof(utmp))) {
    utmp record;
    std::memcpy(&record, bytes.data(), sizeof record);
    if (record.ut_type != USER_PROCESS || record.ut_user[0] == '\0') continue;
    if (record.ut_pid > 0 && !is_alive(record.ut_pid)) continue;
    UserSession session;
    session.user = FieldText(record.ut_user);
    session.terminal = FieldText(record.ut_line);
    session.client = FieldText(record.ut_host);
    if (session.client.empty()) session.client = AddressOf(record);
    if (IsLocal(session.client)) session.client.clear();
    session.logged_on = record.ut_tv.tv_sec;
    sessions.push_back(std::move(session));
  }
  return sessions;
}

Result<std::vector<UserSession>> ReadUsers(const std::string& utmp_file) {
  const auto bytes = ReadPlainFile(utmp_file, kMaxUtmp);
  const std::string doing = "reading the list of sessions in " + utmp_file;
  if (bytes.ok()) {
    return ParseUtmp(*bytes, [](int64_t pid) {
      return ::access(("/proc/" + std::to_string(pid)).c_str(), F_OK) == 0;
    });
  }
  if (bytes.status().code() != Code::kNotFound) return bytes.status().WithContext(doing);
  if (!KeepsSessionsElsewhere()) return std::vector<UserSession>();
  return Status::Unimplemented(
      doing +
      ": this system keeps none, only systemd knows its sessions; have utmp "
      "written (libpam-lastlog2, or an older login) to check them");
}

}  // namespace nscp::check_security
