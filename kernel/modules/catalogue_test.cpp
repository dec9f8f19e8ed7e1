#include "kernel/modules/catalogue.h"

#include <doctest/doctest.h>

#include "kernel/settings/settings.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using testing::TempFolder;

// A module that may be loaded: its manifest and its program.
void Install(const TempFolder& temp, const std::string& name, const std::string& more) {
  const std::string program = temp.Write(
      name + (std::filesystem::path::preferred_separator == '\\' ? ".exe" : ".bin"),
      "program");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string file = temp.Write(
      name + ".json", "{\"name\": \"" + name + "\", \"program\": \"" +
                          program.substr(program.rfind('/') + 1) +
                          "\", \"contractMin\": 1, \"contractMax\": 1" + more + "}");
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::unique_ptr<Catalogue> Open(const TempFolder& temp) {
  auto catalogue = Catalogue::Open({temp.path()});
  REQUIRE_MESSAGE(catalogue.ok(), catalogue.status().message());
  return std::move(catalogue).value();
}

std::string NamesOf(const Catalogue& catalogue) {
  std::string text;
  for (const NameClaim& claim : catalogue.Names()) {
    text += claim.info.name() + "@" + claim.info.modules(0) + ">" + claim.canonical + "|";
  }
  return text;
}

TEST_CASE("all modules on disk are listed, the refused ones with their reason") {
  const TempFolder temp;
  Install(temp, "CheckB", "");
  Install(temp, "checkA", "");
  temp.Write("Broken.json", "{");
  temp.Write("NoProgram.json",
             "{\"name\": \"NoProgram\", \"program\": \"gone\", \"contractMin\": 1, "
             "\"contractMax\": 1}");
  temp.Write("notes.txt", "");
  const auto catalogue = Open(temp);
  const auto list = catalogue->List();
  REQUIRE(list.size() == 4);
  CHECK(list[0]->name() == "Broken");
  CHECK(list[0]->refused.find("rule json: ") == 0);
  CHECK(list[1]->name() == "checkA");
  CHECK(list[1]->refused.empty());
  CHECK(list[3]->refused.find("rule trusted-file: ") == 0);
  CHECK(catalogue->Notes().size() == 2);
}

TEST_CASE("a module is found by name, else without case, and without .dll") {
  const TempFolder temp;
  Install(temp, "LUAScript", "");
  const auto catalogue = Open(temp);
  for (const char* name : {"LUAScript", "LuaScript", "luascript.dll", "LUAScript.DLL"}) {
    CAPTURE(name);
    REQUIRE(catalogue->Find(name));
    CHECK(catalogue->Find(name)->name() == "LUAScript");
  }
  CHECK(catalogue->Find("LUA") == nullptr);
  CHECK(catalogue->Find("") == nullptr);
}

TEST_CASE("ids are given at first sight and kept") {
  const TempFolder temp;
  Install(temp, "M", "");
  const auto catalogue = Open(temp);
  const uint64_t id = catalogue->Find("M")->plugin_id;
  CHECK(id > 0);
  const uint64_t other = catalogue->PluginId("elsewhere");
  CHECK(other != id);
  Install(temp, "A", "");
  REQUIRE(catalogue->Scan().ok());
  CHECK(catalogue->Find("M")->plugin_id == id);
  CHECK(catalogue->PluginId("Elsewhere") == other);
  CHECK(catalogue->Find("A")->plugin_id != id);
}

TEST_CASE("a folder that is not there is an error") {
  CHECK(Catalogue::Open({"/nscp-no-such-folder"})
            .status()
            .message()
            .find("Failed to find modules folder: /nscp-no-such-folder") == 0);
}

TEST_CASE("of two instances that claim a name the one configured later wins") {
  const TempFolder temp;
  Install(
      temp, "A",
      ", \"queries\": [{\"name\": \"check_x\", \"description\": \"d\", \"alternatives\": "
      "[\"CheckX\"]}, {\"name\": \"only_a\"}]");
  Install(temp, "B", ", \"queries\": [{\"name\": \"check_x\"}]");
  const auto catalogue = Open(temp);
  CHECK(NamesOf(*catalogue).empty());
  const auto notes =
      catalogue->Configure({{"A", "", true, "A"}, {"B", "two", true, "two"}});
  CHECK(NamesOf(*catalogue) == "check_x@two>check_x|checkx@A>check_x|only_a@A>only_a|");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0] ==
        "The query check_x of A is hidden by the one of two, which stands later in "
        "[/modules]");
  const auto alternative = catalogue->FindName("CHECKX");
  REQUIRE(alternative);
  CHECK(alternative->info.title() == "CheckX");
  CHECK(alternative->info.kind() == v1::NAME_ALIAS);
  CHECK(alternative->info.description() == "Alternative name for: check_x");
  CHECK_FALSE(catalogue->FindName("check_y"));
  catalogue->Configure(
      {{"B", "two", true, ""}, {"A", "", true, ""}, {"B", "", false, ""}});
  CHECK(NamesOf(*catalogue).find("check_x@A") == 0);
}

TEST_CASE("the kernel's own sections are described") {
  const TempFolder temp;
  const auto catalogue = Open(temp);
  CHECK(KernelManifest().settings_size() > 5);
  CHECK(catalogue->KnowsPath("/Modules"));
  CHECK(catalogue->KnowsPath("/settings/permissions/policies"));
  CHECK_FALSE(catalogue->KnowsPath("/settings/typo"));
  CHECK(catalogue->FindKey("/settings/log", "LEVEL")->default_value() == "info");
  CHECK(catalogue->FindKey("/settings/default", "password")->sensitive());
}

TEST_CASE("the common sections have the keys and defaults that NSClient++ has") {
  struct Row {
    const char* path;
    const char* key;
    const char* value;
    v1::SettingType type;
  };
  const Row rows[] = {
      {"/settings", "use credential manager", "false", v1::BOOL},
      {"/settings/default", "allowed hosts", "127.0.0.1", v1::STRING},
      {"/settings/default", "cache allowed hosts", "true", v1::BOOL},
      {"/settings/default", "password", "", v1::PASSWORD},
      {"/settings/default", "bind to", "", v1::STRING},
      {"/settings/default", "socket queue size", "0", v1::INT},
      {"/settings/default", "thread pool", "10", v1::INT},
      {"/settings/default", "timeout", "30", v1::INT},
      {"/settings/default", "encoding", "", v1::STRING},
      {"/settings/core", "settings maintenance interval", "5m", v1::STRING},
      {"/settings/core", "metrics interval", "10s", v1::STRING},
      {"/settings/core", "settings maintenance threads", "1", v1::INT},
      {"/settings/log", "level", "info", v1::STRING},
      {"/settings/log", "file name", "${log-path}/nsclient.log", v1::FILE},
      {"/settings/log", "date format", "%Y-%m-%d %H:%M:%S", v1::STRING},
      {"/settings/log/file", "max size", "0", v1::INT},
      {"/settings/crash", "archive", "true", v1::BOOL},
      {"/settings/crash", "archive folder", "${crash-folder}", v1::FILE},
      {"/settings/fleet", "timeout", "60s", v1::STRING},
  };
  const TempFolder temp;
  const auto catalogue = Open(temp);
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.key);
    const auto known = catalogue->FindKey(row.path, row.key);
    REQUIRE(known);
    CHECK(known->default_value() == row.value);
    CHECK(known->type() == row.type);
  }
  for (const auto& item : catalogue->All()) {
    CAPTURE(item.path());
    CAPTURE(item.key());
    CHECK_FALSE(item.description().title().empty());
    CHECK_FALSE(item.description().description().empty());
    const bool is_include = item.path() == "/includes" && item.key().empty();
    if (is_include) CHECK(item.description().title() == "INCLUDED FILES");
  }
  // What NSClient++ registers by mistake.
  CHECK_FALSE(catalogue->FindKey("/settings/core", "string"));
  CHECK_FALSE(catalogue->FindKey("/settings/core", "int"));
}

constexpr const char* kWeb =
    ", \"title\": \"WEB server\", \"settingsRoot\": \"/settings/WEB/server\", "
    "\"aliasRoot\": "
    "\"/settings/WEB/${alias}\", \"commandLineAliases\": [\"web\"], \"settings\": ["
    "{\"path\": \"/settings/WEB/server\", \"keys\": ["
    "{\"key\": \"port\", \"defaultValue\": \"8443\"},"
    "{\"key\": \"allowed hosts\", \"parent\": \"/settings/default\"},"
    "{\"key\": \"bind\", \"parent\": \"/settings/default\", \"defaultValue\": \"x\"}]},"
    "{\"path\": \"/settings/WEB/server/users\", \"object\": true, \"objectKeys\": ["
    "{\"key\": \"password\", \"type\": \"PASSWORD\", \"hashed\": true}, {\"key\": "
    "\"pin\", "
    "\"sensitive\": true}]}]";

TEST_CASE(
    "descriptions are found under paths, objects, parents and aliases, in any case") {
  const TempFolder temp;
  Install(temp, "WEBServer", kWeb);
  const auto catalogue = Open(temp);
  catalogue->Configure({{"WEBServer", "second", true, "second"}});
  CHECK(catalogue->FindKey("/settings/web/SERVER/", " Port ")->default_value() == "8443");
  CHECK(catalogue->FindKey("/settings/WEB/second", "port")->default_value() == "8443");
  CHECK(catalogue->FindKey("/settings/WEB/server/users/bob", "PASSWORD")->hashed());
  CHECK(catalogue->FindKey("/settings/WEB/second/users/bob", "password")->hashed());
  // A login password of an instance that nobody configured yet.
  CHECK(catalogue->FindKey("/Settings/web/Third/USERS/bob", "password")->hashed());
  CHECK_FALSE(catalogue->KnowsPath("/settings/WEB/third/users/bob"));
  for (const char* path : {"/settings/WEB/third/users", "/settings/WEB/third/roles/bob",
                           "/settings/WEB/third", "/settings/third/users/bob"}) {
    CAPTURE(path);
    CHECK_FALSE(catalogue->FindKey(path, "password"));
  }
  CHECK(catalogue->ObjectKeys("/settings/web/server/Users/").size() == 2);
  CHECK(catalogue->ObjectKeys("/settings/WEB/server").empty());
  CHECK(catalogue->FindKey("/settings/default", "bind")->default_value() == "x");
  CHECK_FALSE(catalogue->FindKey("/settings/WEB/server/users", "password"));
  CHECK_FALSE(catalogue->FindKey("/settings/WEB/server", ""));
  CHECK(catalogue->KnowsPath("/settings/WEB/server/users/bob"));
  CHECK_FALSE(catalogue->KnowsPath("/settings/WEB/server/user"));
  CHECK(catalogue->FindKey("/modules", "webserver")->title() == "WEB server");
  CHECK(catalogue->FindCommandLineAlias("web")->name() == "WEBServer");
  CHECK(catalogue->FindCommandLineAlias("nrpe") == nullptr);
}

TEST_CASE("a key that several register is one description naming all of them") {
  const TempFolder temp;
  Install(temp, "WEBServer", kWeb);
  const auto catalogue = Open(temp);
  size_t found = 0;
  for (const auto& item : catalogue->All()) {
    if (item.path() != "/settings/default" || item.key() != "allowed hosts") continue;
    ++found;
    CHECK(item.modules_size() == 2);
    CHECK(item.description().default_value() == "127.0.0.1");
    CHECK(item.registered());
  }
  CHECK(found == 1);
}

TEST_CASE("the settings mask and hash what the manifests say") {
  const TempFolder temp;
  Install(temp, "WEBServer", kWeb);
  const auto catalogue = Open(temp);
  SettingsOptions options{"dummy", PathTokens("/x", {}), {}, {}, {}};
  options.hash_password = [](std::string_view) {
    return Result<std::string>("pbkdf2-sha256$hashed");
  };
  const auto settings = Settings::Open(options, *catalogue);
  REQUIRE(settings.ok());
  v1::UpdateSettingsRequest request;
  for (const char* key : {"password", "PIN"}) {
    auto* entry = request.add_entries();
    entry->set_path("/settings/web/server/users/bob");
    entry->set_key(key);
    entry->set_value("s3cret");
  }
  REQUIRE((*settings)->Update(request).ok());
  CHECK((*settings)->Value("/settings/WEB/server/users/bob", "password") ==
        std::optional<std::string>("pbkdf2-sha256$hashed"));
  v1::GetSettingsRequest get;
  get.set_recursive(true);
  const auto answer = (*settings)->Get(get);
  REQUIRE(answer.entries_size() == 2);
  for (const auto& entry : answer.entries()) CHECK(entry.value() == "***");
}

}  // namespace
}  // namespace nscp::kernel
