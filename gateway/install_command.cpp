// `nscp web install` and `nscp web password`.
#include "gateway/auth/tokens.h"
#include "gateway/command_parts.h"
#include "proto/cpp/password.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

const std::string kAdminPath = std::string(kUsersPath) + "/admin";

// What was given, else what stands, else `otherwise`.
Result<std::string> Choose(const CommandLine& line, std::string_view option,
                           const SettingsEditor& settings, const std::string& path,
                           const std::string& key, const std::string& otherwise) {
  if (auto given = line.Find(option)) return *given;
  ASSIGN_OR_RETURN(std::string current, settings.Get(path, key));
  return current.empty() ? otherwise : current;
}

Result<std::string> SetAdmin(const CommandLine& line, SettingsEditor& settings) {
  std::string output;
  ASSIGN_OR_RETURN(std::string password,
                   Choose(line, "password", settings, kDefaultPath, "password", ""));
  if (password.empty()) {
    output = "WARNING: No password specified using a generated password\n";
    ASSIGN_OR_RETURN(password, RandomAlphanumerics(kGeneratedPassword));
  }
  std::string hash = password;
  if (!IsPasswordHash(password)) {
    ASSIGN_OR_RETURN(hash, HashPassword(password));
  }
  settings.Set(kDefaultPath, "password", password);
  settings.Set(kAdminPath, "password", hash);
  settings.Set(kAdminPath, "role", "full");
  settings.Set(kServerPath, "disable admin user", "");
  return output + "Login using this password " +
         (hash == password ? "(unchanged)" : password);
}

Result<std::string> DisableAdmin(const CommandLine& line, SettingsEditor& settings) {
  if (line.Has("password")) {
    return Status::InvalidArgument(
        "--password cannot be combined with --disable-admin: there would be nobody to "
        "use it");
  }
  ASSIGN_OR_RETURN(const auto roles, settings.Keys(kRolesPath));
  settings.Set(kServerPath, "disable admin user", "true");
  return "The user admin is disabled and cannot log in.\n"
         "Add a user: nscp web add-user --user <name> --role <role>\n"
         "Add a role: nscp web add-role --role <role> --grant <grants>\n"
         "Roles: " +
         Join(roles, ", ");
}

}  // namespace

Result<std::string> Install(const CommandLine& line, SettingsEditor& settings) {
  ASSIGN_OR_RETURN(const std::string hosts,
                   Choose(line, "allowed-hosts", settings, kDefaultPath, "allowed hosts",
                          "127.0.0.1"));
  ASSIGN_OR_RETURN(std::string port,
                   Choose(line, "port", settings, kServerPath, "port", "8443"));
  port = ReplaceAll(port, "s", "");
  const std::string https = ToLowerAscii(line.Find("https").value_or(""));
  const bool keep = https != "false" && https != "no" && https != "0" && https != "off";
  std::string certificate;
  std::string key;
  if (keep) {
    ASSIGN_OR_RETURN(certificate,
                     Choose(line, "certificate", settings, kServerPath, "certificate",
                            "${certificate-path}/certificate.pem"));
    ASSIGN_OR_RETURN(key, Choose(line, "certificate-key", settings, kServerPath,
                                 "certificate key", ""));
  }
  const auto login =
      line.Has("disable-admin") ? DisableAdmin(line, settings) : SetAdmin(line, settings);
  if (!login.ok()) return login.status();
  settings.Set(kDefaultPath, "allowed hosts", hosts);
  settings.Set("/modules", "WEBServer", "enabled");
  settings.Set(kServerPath, "port", port);
  settings.Set(kServerPath, "certificate", certificate);
  settings.Set(kServerPath, "certificate key", key);
  RETURN_IF_ERROR(settings.Write().WithContext("writing the settings of the web server"));
  std::string output = "Enabling WEB access from " + hosts + "\n";
  if (!certificate.empty() && key.empty()) {
    output += "Certificate & key: " + certificate + ".\n";
  } else if (!certificate.empty()) {
    output += "Certificate: " + certificate + ".\nCertificate key: " + key + ".\n";
  }
  return output + "Point your browser to -- https://localhost:" + port + "\n" + *login;
}

Result<std::string> Password(const CommandLine& line, SettingsEditor& settings) {
  if (line.Has("display")) {
    ASSIGN_OR_RETURN(std::string password, settings.Get(kServerPath, "password"));
    if (password.empty()) {
      ASSIGN_OR_RETURN(password, settings.Get(kDefaultPath, "password"));
    }
    return password.empty() ? "No password set you will not be able to login"
                            : "Current password: " + password;
  }
  const auto password = line.Find("set");
  if (!password) return Status::InvalidArgument("");  // the options are shown
  ASSIGN_OR_RETURN(const std::string hash, HashPassword(*password));
  const bool only_web = line.Has("only-web");
  if (!only_web) settings.Set(kDefaultPath, "password", *password);
  settings.Set(kServerPath, "password", only_web ? *password : "");
  ASSIGN_OR_RETURN(const auto admin, settings.Keys(kAdminPath));
  if (!admin.empty()) settings.Set(kAdminPath, "password", hash);
  RETURN_IF_ERROR(settings.Write().WithContext("writing the password"));
  return std::string(
      "Password updated successfully, please restart nsclient++ for changes to affect.");
}

}  // namespace nscp::gateway
