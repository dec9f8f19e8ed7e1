#include "kernel/settings/snapshot.h"

#include <doctest/doctest.h>

#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using testing::TempFolder;

v1::Manifest WebServer() {
  v1::Manifest manifest;
  manifest.set_name("WEBServer");
  manifest.set_settings_root("/settings/WEB/server");
  manifest.set_alias_root("/settings/WEB/${alias}");
  auto* server = manifest.add_settings();
  server->set_path("/settings/WEB/server");
  const auto key = [&](const char* name, const char* otherwise, const char* parent,
                       v1::SettingType type) {
    auto* added = server->add_keys();
    added->set_key(name);
    added->set_default_value(otherwise);
    added->set_parent(parent);
    added->set_type(type);
  };
  key("port", "8443", "", v1::STRING);
  key("allowed hosts", "127.0.0.1", "/settings/default", v1::STRING);
  key("certificate", "${certificate-path}/c.pem", "", v1::FILE);
  key("unset", "", "", v1::STRING);
  auto* users = manifest.add_settings();
  users->set_path("/settings/WEB/server/users");
  users->set_object(true);
  users->add_object_keys()->set_key("role");
  return manifest;
}

std::string Seen(const std::string& ini, const v1::Manifest& manifest,
                 const std::string& alias) {
  const TempFolder temp;
  const PathTokens tokens("/x", {{"certificate-path", "/certs"}});
  const NoDescriptions nobody;
  const auto settings =
      Settings::Open({temp.Write("x.ini", ini), tokens, {}, {}, {}}, nobody);
  REQUIRE(settings.ok());
  std::string text;
  for (const auto& s : EffectiveSettings(manifest, alias, **settings, tokens)) {
    text += s.path() + ":" + s.key() + "=" + s.value() + "|";
  }
  return text;
}

TEST_CASE(
    "a worker sees values, parents, defaults and expanded files under its own paths") {
  CHECK(Seen("", WebServer(), "") ==
        "/settings/WEB/server:port=8443|/settings/WEB/server:allowed hosts=127.0.0.1|"
        "/settings/WEB/server:certificate=/certs/c.pem|");
  CHECK(Seen("[/settings/web/SERVER]\nPort = 1\nodd = 2\n[/settings/default]\n"
             "allowed hosts = ::1\nother = no\n[/settings/WEB/server/users/bob]\nrole = "
             "full\n"
             "[/settings/WEB/server/users]\neve = x\n[/settings/other]\nk = v\n",
             WebServer(), "") ==
        "/settings/WEB/server:port=1|/settings/default:allowed hosts=::1|"
        "/settings/WEB/server:allowed "
        "hosts=::1|/settings/WEB/server:certificate=/certs/c.pem|"
        "/settings/WEB/server:odd=2|/settings/WEB/server/users:eve=x|"
        "/settings/WEB/server/users/bob:role=full|");
}

TEST_CASE(
    "an instance with an alias reads its own root and is handed the manifest's paths") {
  const std::string ini =
      "[/settings/WEB/server]\nport = 1\n[/settings/WEB/two]\nport = 2\n"
      "[/settings/WEB/two/users/bob]\nrole = full\n";
  const std::string seen = Seen(ini, WebServer(), "two");
  CHECK(seen.find("/settings/WEB/server:port=2|") == 0);
  CHECK(seen.find("/settings/WEB/server/users/bob:role=full|") != std::string::npos);
}

TEST_CASE("the root of an alias replaces the module's word") {
  v1::Manifest plain;
  CHECK(PathOfInstance(plain, "", "/settings/NRPE/server") == "/settings/NRPE/server");
  CHECK(PathOfInstance(plain, "foo", "/settings/NRPE/server") == "/settings/foo/server");
  CHECK(PathOfInstance(plain, "foo", "/settings/disk") == "/settings/foo");
  CHECK(PathOfInstance(plain, "foo", "/settings/default") == "/settings/default");
  CHECK(PathOfInstance(plain, "foo", "/modules") == "/modules");
  CHECK(PathOfInstance(WebServer(), "x", "/settings/WEB/server/users") ==
        "/settings/WEB/x/users");
}

TEST_CASE("a module owns its paths and what lies below its objects") {
  const v1::Manifest web = WebServer();
  CHECK(OwnsPath(web, "", "/settings/web/server/"));
  CHECK(OwnsPath(web, "", "/settings/WEB/server/users/bob"));
  CHECK_FALSE(OwnsPath(web, "", "/settings/WEB/server/other"));
  CHECK_FALSE(OwnsPath(web, "", "/settings/default"));
  CHECK_FALSE(OwnsPath(web, "", ""));
  CHECK_FALSE(OwnsPath(web, "two", "/settings/WEB/server"));
  CHECK(OwnsPath(web, "two", "/settings/WEB/two"));
}

}  // namespace
}  // namespace nscp::kernel
