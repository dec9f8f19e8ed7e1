#include "workers/check_security/check_users.h"

namespace nscp::check_security {
namespace {

checks::Keywords<UserRow> UserKeywords() {
  checks::Keywords<UserRow> k;
  k.Text("user", "Name of the user",
         [](const UserRow& row) -> std::string_view { return row.session.user; });
  k.Text("session_state",
         "State of the session: active, on Windows also connected, disconnected, idle",
         [](const UserRow& row) -> std::string_view { return row.session.state; });
  k.Text("session_type",
         "console for a session at this machine, remote for one over the network",
         [](const UserRow& row) -> std::string_view {
           const bool is_remote = row.session.is_remote || !row.session.client.empty();
           return is_remote ? "remote" : "console";
         });
  k.Text("client", "Host or address that a remote session comes from",
         [](const UserRow& row) -> std::string_view { return row.session.client; });
  k.Text("terminal", "Terminal of the session, such as pts/0",
         [](const UserRow& row) -> std::string_view { return row.session.terminal; });
  k.Date("logged_on", "When the session began", [](const UserRow& row) {
     return row.session.logged_on;
   }).Human([](const UserRow& row) { return row.zone->Format(row.session.logged_on); });
  return k;
}

checks::Check<UserRow> MakeUsersCheck() {
  checks::FilterDefaults defaults;
  defaults.empty_state = "ok";
  defaults.top_syntax = "${status}: ${count} user(s) logged on: ${list}";
  defaults.ok_syntax = "${status}: ${count} user(s) logged on";
  defaults.empty_syntax = "No users logged on";
  defaults.detail_syntax = "${user}";
  defaults.perf_syntax = "${user}";
  return {checks::OptionTable(), defaults, UserKeywords()};
}

}  // namespace

UsersCheck::UsersCheck() : check_(MakeUsersCheck()) {}

sdk::CheckResult UsersCheck::Run(
    const std::vector<std::string>& arguments, const checks::Environment& environment,
    const std::function<Result<std::vector<UserSession>>()>& read,
    const checks::TimeZone& zone) const {
  return check_.Run(arguments, environment,
                    [&](const checks::Arguments&, checks::Sink<UserRow>& sink) -> Status {
                      ASSIGN_OR_RETURN(std::vector<UserSession> sessions, read());
                      for (UserSession& session : sessions) {
                        if (!sink.Add(UserRow{std::move(session), &zone})) break;
                      }
                      return Status::Ok();
                    });
}

}  // namespace nscp::check_security
