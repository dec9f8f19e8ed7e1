// `nscp web add-user` and `nscp web add-role`.
#include "gateway/auth/grants.h"
#include "gateway/auth/tokens.h"
#include "gateway/command_parts.h"
#include "proto/cpp/password.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

// A name becomes a part of a settings path.
Status CheckName(std::string_view what, const std::string& name) {
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/' || c == '=' || c == '[' || c == ']' || byte < ' ') {
      return Status::InvalidArgument(
          "The name of a " + std::string(what) +
          " must not hold '/', '=', brackets or control characters");
    }
  }
  return Status::Ok();
}

std::string LegacyWarning(const std::string& role, const std::string& grants) {
  if (!Grants(grants).has_legacy()) return {};
  return "\nWARNING: role '" + role +
         "' grants the 'legacy' permission, which lets its users run any command";
}

struct Secret {
  std::string stored;   // empty = leave what stands
  std::string shown;    // for the user to read
  std::string warning;  // a line, or empty
};

Result<Secret> ChoosePassword(const CommandLine& line, const SettingsEditor& settings,
                              const std::string& path) {
  Secret secret;
  std::string plain = line.Find("password").value_or("");
  secret.shown = plain;
  if (plain.empty()) {
    ASSIGN_OR_RETURN(const std::string current, settings.Get(path, "password"));
    if (IsPasswordHash(current)) {
      secret.shown = "(unchanged)";
      return secret;
    }
    plain = current;
    secret.shown = "(migrated to hash)";
  }
  if (plain.empty()) {
    secret.warning = "WARNING: No password specified using a generated password\n";
    ASSIGN_OR_RETURN(plain, RandomAlphanumerics(kGeneratedPassword));
    secret.shown = plain;
  }
  ASSIGN_OR_RETURN(secret.stored, HashPassword(plain));
  return secret;
}

}  // namespace

Result<std::string> AddUser(const CommandLine& line, SettingsEditor& settings) {
  std::string user = line.Find("user").value_or("");
  if (user.empty() && !line.words().empty()) user = line.words().front();
  if (Trim(user).empty()) {
    return Status::InvalidArgument("No user specified: nscp web add-user --user <name>");
  }
  RETURN_IF_ERROR(CheckName("user", user));
  if (EqualsIgnoreCase(user, "default")) {
    return Status::InvalidArgument("'default' is the template of all users, not a user");
  }
  const std::string path = std::string(kUsersPath) + "/" + user;
  ASSIGN_OR_RETURN(const Secret secret, ChoosePassword(line, settings, path));
  std::string output = secret.warning;
  std::string role = line.Find("role").value_or("");
  if (role.empty()) {
    ASSIGN_OR_RETURN(role, settings.Get(path, "role"));
  }
  if (role.empty()) {
    role = "client";
    output += "WARNING: No role specified using client\n";
  }
  ASSIGN_OR_RETURN(const std::string grants, settings.Get(kRolesPath, role, true));
  if (!secret.stored.empty()) settings.Set(path, "password", secret.stored);
  settings.Set(path, "role", role);
  RETURN_IF_ERROR(settings.Write().WithContext("writing the user " + user));
  return output + "User " + user + " authenticated by " + secret.shown + " as " + role +
         LegacyWarning(role, grants);
}

Result<std::string> AddRole(const CommandLine& line, SettingsEditor& settings) {
  std::string role = line.Find("role").value_or("");
  if (role.empty() && !line.words().empty()) role = line.words().front();
  if (Trim(role).empty()) return Status::InvalidArgument("");  // the options are shown
  RETURN_IF_ERROR(CheckName("role", role));
  std::string grants = line.Find("grant").value_or("");
  if (grants.empty()) {
    ASSIGN_OR_RETURN(grants, settings.Get(kRolesPath, role, true));
  }
  if (grants.empty()) {
    return Status::InvalidArgument("No grants specified: nscp web add-role --role " +
                                   role + " --grant <grant>,<grant>");
  }
  settings.Set(kRolesPath, role, grants);
  RETURN_IF_ERROR(settings.Write().WithContext("writing the role " + role));
  std::string output = "Role " + role;
  for (const std::string& grant : SplitList(grants)) output += "\n " + grant;
  return output + LegacyWarning(role, grants);
}

}  // namespace nscp::gateway
