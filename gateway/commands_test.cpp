// `nscp web ...` against a kernel whose settings are a map.
#include "gateway/commands.h"

#include <doctest/doctest.h>

#include <map>

#include "proto/cpp/password.h"
#include "proto/cpp/text.h"
#include "tests/unit/fake_kernel_client.h"

namespace nscp::gateway {
namespace {

struct Store {
  FakeKernel kernel;
  std::map<std::pair<std::string, std::string>, std::string> values;
  std::map<std::pair<std::string, std::string>, std::string> defaults = {
      {{"/settings/WEB/server/roles", "client"}, "public"},
      {{"/settings/WEB/server/roles", "full"}, "*"}};
  int writes = 0;

  Store() {
    kernel.on_GetSettings = [this](const v1::GetSettingsRequest& request) {
      auto all = request.defaults() ? defaults : decltype(defaults)();
      for (const auto& [key, value] : values) all[key] = value;
      v1::GetSettingsResponse response;
      for (const auto& [key, value] : all) {
        if (key.first != request.path()) continue;
        if (!request.key().empty() && key.second != request.key()) continue;
        v1::SettingEntry& entry = *response.add_entries();
        entry.set_path(key.first);
        entry.set_key(key.second);
        entry.set_value(request.clear() ? value : "***");
      }
      return response;
    };
    kernel.on_UpdateSettings = [this](const v1::UpdateSettingsRequest& request) {
      ++writes;
      CHECK(request.persist());
      for (const v1::SettingEntry& entry : request.entries()) {
        if (entry.value().empty()) {
          values.erase({entry.path(), entry.key()});
        } else {
          values[{entry.path(), entry.key()}] = entry.value();
        }
      }
      return v1::UpdateSettingsResponse();
    };
  }

  sdk::ExecAnswer Run(const std::string& command,
                      std::vector<std::string> arguments = {}) {
    return RunWebCommand({command, std::move(arguments)}, kernel, "req-1");
  }
  std::string Value(const std::string& path, const std::string& key) const {
    const auto found = values.find({path, key});
    return found == values.end() ? "(none)" : found->second;
  }
};

const std::string kServer = "/settings/WEB/server";
const std::string kAdmin = "/settings/WEB/server/users/admin";

TEST_CASE("install enables the module, the admin and the port in one write") {
  Store store;
  const auto answer = store.Run("install", {"--password", "P", "--allowed-hosts",
                                            "127.0.0.1,0.0.0.0/0", "--port=8444s"});
  CHECK(answer.code == 0);
  CHECK(answer.output ==
        "Enabling WEB access from 127.0.0.1,0.0.0.0/0\n"
        "Certificate & key: ${certificate-path}/certificate.pem.\n"
        "Point your browser to -- https://localhost:8444\n"
        "Login using this password P");
  CHECK(store.writes == 1);
  CHECK(store.Value("/modules", "WEBServer") == "enabled");
  CHECK(store.Value("/settings/default", "allowed hosts") == "127.0.0.1,0.0.0.0/0");
  CHECK(store.Value("/settings/default", "password") == "P");
  CHECK(store.Value(kServer, "port") == "8444");
  CHECK(store.Value(kServer, "certificate") == "${certificate-path}/certificate.pem");
  CHECK(VerifyPassword(store.Value(kAdmin, "password"), "P"));
  CHECK(IsPasswordHash(store.Value(kAdmin, "password")));
  CHECK(store.Value(kAdmin, "role") == "full");
}

TEST_CASE("install keeps what stands and makes a password where there is none") {
  Store store;
  store.values = {{{"/settings/default", "allowed hosts"}, "10.0.0.1"},
                  {{kServer, "port"}, "9443"},
                  {{kServer, "certificate"}, "/c.pem"},
                  {{kServer, "certificate key"}, "/k.pem"},
                  {{kServer, "disable admin user"}, "true"}};
  const auto answer = store.Run("", {"install"});
  CHECK(answer.code == 0);
  const std::string password = store.Value("/settings/default", "password");
  CHECK(password.size() == 32);
  CHECK(answer.output ==
        "Enabling WEB access from 10.0.0.1\n"
        "Certificate: /c.pem.\nCertificate key: /k.pem.\n"
        "Point your browser to -- https://localhost:9443\n"
        "WARNING: No password specified using a generated password\n"
        "Login using this password " +
            password);
  CHECK(store.Value(kServer, "disable admin user") == "(none)");
  CHECK(store.Value(kServer, "certificate key") == "/k.pem");
  // A second time nothing changes but the salt.
  CHECK(EndsWith(store.Run("install").output, "Login using this password " + password));
  store.Run("install", {"--https=false"});
  CHECK(store.Value(kServer, "certificate") == "(none)");
  CHECK(store.Value(kServer, "certificate key") == "(none)");
}

TEST_CASE("install without an admin sets no password and names the roles") {
  Store store;
  const auto answer = store.Run("install", {"--disable-admin"});
  CHECK(answer.code == 0);
  CHECK(EndsWith(answer.output, "\nRoles: client, full"));
  CHECK(store.Value(kServer, "disable admin user") == "true");
  CHECK(store.Value("/settings/default", "password") == "(none)");
  CHECK(store.Value(kAdmin, "role") == "(none)");
  store.writes = 0;
  const auto refused = store.Run("install", {"--disable-admin", "--password", "x"});
  CHECK(refused.code == 3);
  CHECK(StartsWith(refused.output, "--password cannot be combined with --disable-admin"));
  CHECK(store.writes == 0);
}

TEST_CASE("password is set for all or for the web alone, and reaches the admin's row") {
  Store store;
  CHECK(store.Run("password", {"--display"}).output ==
        "No password set you will not be able to login");
  const std::string done =
      "Password updated successfully, please restart nsclient++ for changes to affect.";
  CHECK(store.Run("password", {"--set", "one"}).output == done);
  CHECK(store.Value("/settings/default", "password") == "one");
  CHECK(store.Value(kAdmin, "password") == "(none)");
  store.values[{kAdmin, "role"}] = "full";
  CHECK(store.Run("password", {"-s", "two", "--only-web"}).output == done);
  CHECK(store.Value("/settings/default", "password") == "one");
  CHECK(store.Value(kServer, "password") == "two");
  CHECK(VerifyPassword(store.Value(kAdmin, "password"), "two"));
  CHECK(store.Run("password", {"-d"}).output == "Current password: two");
  CHECK(store.Run("password", {"--set=three"}).code == 0);
  CHECK(store.Value(kServer, "password") == "(none)");
  CHECK(VerifyPassword(store.Value(kAdmin, "password"), "three"));
  CHECK(store.Run("password", {"--display"}).output == "Current password: three");
}

TEST_CASE("add-user keeps what is not given and hashes what is") {
  Store store;
  const std::string bob = "/settings/WEB/server/users/bob";
  auto answer =
      store.Run("add-user", {"--user", "bob", "--password", "p", "--role", "full"});
  CHECK(answer.code == 0);
  CHECK(answer.output == "User bob authenticated by p as full");
  CHECK(VerifyPassword(store.Value(bob, "password"), "p"));
  const std::string hash = store.Value(bob, "password");
  answer = store.Run("add-user", {"bob"});
  CHECK(answer.output == "User bob authenticated by (unchanged) as full");
  CHECK(store.Value(bob, "password") == hash);
  store.values[{bob, "password"}] = "clear";
  answer = store.Run("add-user", {"bob", "--role", "client"});
  CHECK(answer.output == "User bob authenticated by (migrated to hash) as client");
  CHECK(VerifyPassword(store.Value(bob, "password"), "clear"));
  answer = store.Run("add-user", {"--user", "eve"});
  CHECK(StartsWith(answer.output,
                   "WARNING: No password specified using a generated password\n"
                   "WARNING: No role specified using client\n"
                   "User eve authenticated by "));
  CHECK(EndsWith(answer.output, " as client"));
  store.values[{"/settings/WEB/server/roles", "old"}] = "legacy,login.get";
  answer = store.Run("add-user", {"bob", "--role", "old"});
  CHECK(answer.output.find("\nWARNING: role 'old' grants the 'legacy' permission") !=
        std::string::npos);
}

TEST_CASE("add-role writes the grants or shows those that stand") {
  Store store;
  auto answer =
      store.Run("add-role", {"--role", "ops", "--grant", "modules.list, info.get"});
  CHECK(answer.code == 0);
  CHECK(answer.output == "Role ops\n modules.list\n info.get");
  CHECK(store.Value("/settings/WEB/server/roles", "ops") == "modules.list, info.get");
  CHECK(store.Run("add-role", {"--role", "client"}).output == "Role client\n public");
  answer = store.Run("add-role", {"--role", "x", "--grant", "legacy"});
  CHECK(answer.output.find("WARNING: role 'x' grants the 'legacy' permission") !=
        std::string::npos);
}

TEST_CASE("what cannot be done says why, with exit code 3, and writes nothing") {
  const struct {
    const char* command;
    std::vector<std::string> arguments;
    const char* output;  // its beginning
  } rows[] = {
      {"", {}, "Usage: nscp web [install|password|add-user|add-role|"},
      {"nosuch", {}, "Usage: nscp web ["},
      {"", {"nosuch"}, "Usage: nscp web ["},
      {"install",
       {"--nosuch"},
       "Invalid command line: unrecognised option '--nosuch'\nAllowed options:"},
      {"install", {"-x"}, "Invalid command line: unrecognised option '-x'\n"},
      {"install",
       {"--port"},
       "Invalid command line: the required argument for option '--port' is missing\n"},
      {"install",
       {"--disable-admin=yes"},
       "Invalid command line: option '--disable-admin' does not take any arguments\n"},
      {"password", {}, "Allowed options:"},
      {"password", {"--set", ""}, ""},
      {"add-user", {}, "No user specified"},
      {"add-user", {"--user", "  "}, "No user specified"},
      {"add-user", {"a/b"}, "The name of a user must not hold '/'"},
      {"add-user", {"Default"}, "'default' is the template of all users"},
      {"add-role", {}, "Allowed options:"},
      {"add-role", {"--role", "x"}, "No grants specified"},
      {"add-role", {"--role", "a=b", "--grant", "x"}, "The name of a role must not hold"},
  };
  for (const auto& row : rows) {
    Store store;
    CAPTURE(row.command);
    const auto answer = store.Run(row.command, row.arguments);
    CHECK(answer.code == 3);
    CAPTURE(answer.output);
    CHECK(StartsWith(answer.output, row.output));
    CHECK_FALSE(answer.output.empty());
    CHECK(store.writes == 0);
  }
}

TEST_CASE("help of each command is no failure") {
  for (const char* command : {"install", "password", "add-user", "add-role", "install-ui",
                              "uninstall-ui", "ui-status"}) {
    Store store;
    const auto answer = store.Run(command, {"--help"});
    CHECK(answer.code == 0);
    CHECK(StartsWith(answer.output, "Allowed options:\n  --help "));
    CHECK(store.kernel.calls == 0);
  }
}

TEST_CASE("a kernel that refuses the write is told to the user") {
  Store store;
  store.kernel.on_UpdateSettings = [](const auto&) -> Result<v1::UpdateSettingsResponse> {
    return Status::PermissionDenied("the file is read-only");
  };
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{"install"},
        {"password", "-s", "x"},
        {"add-user", "u"},
        {"add-role", "--role", "r", "--grant", "g"}}) {
    const auto answer = store.Run("", line);
    CHECK(answer.code == 3);
    CHECK(EndsWith(answer.output, "the file is read-only"));
    CHECK(answer.output.find("Login") == std::string::npos);
  }
}

}  // namespace
}  // namespace nscp::gateway
