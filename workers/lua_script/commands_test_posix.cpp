#include "workers/lua_script/commands.h"

#include "proto/cpp/text.h"
#include "workers/lua_script/definitions.h"
#include "workers/scripts/test_folder_posix.h"

namespace nscp::lua_script {
namespace {

struct Bench {
  Bench() {
    workshop.scripts = folder.path + "/scripts";
    workshop.save = [this](const auto& entries) {
      for (const auto& entry : entries) saved.push_back(entry.key + "=" + entry.value);
      return save_answer;
    };
    workshop.keep = workshop.save;
    workshop.execute = [](const std::string& file, const auto& words) {
      return sdk::ExecAnswer{0, file + "(" + Join(words, ",") + ")"};
    };
  }
  sdk::ExecAnswer Run(std::vector<std::string> words) {
    saved.clear();
    return RunCommand({"", std::move(words)}, workshop);
  }

  scripts::TestFolder folder;
  Workshop workshop;
  std::vector<std::string> saved;
  Status save_answer;
};

TEST_CASE(
    "a file is found as given, in the scripts' own folder, and without its ending") {
  Bench b;
  const std::string own = b.folder.Write("scripts/lua/own.lua", "");
  const std::string other = b.folder.Write("scripts/other.lua", "");
  const std::string far = b.folder.Write("far", "");
  const std::pair<std::string, std::string> rows[] = {
      {"own", own},     {"own.lua", own}, {"scripts/lua/own.lua", own},
      {"lua/own", own}, {"other", other}, {far, far},
      {"nosuch", ""},   {"", ""},         {"lua", ""},
  };
  for (const auto& [name, path] : rows) {
    const auto& this_name = name;
    CAPTURE(this_name);
    const auto found = FindScript(b.workshop.scripts, name);
    CHECK(found.ok() == !path.empty());
    if (found.ok()) CHECK(found->path == path);
    if (found.ok()) CHECK(found->shown == name);
    if (!found.ok()) CHECK(found.status().message() == "Script not found: " + name);
  }
}

TEST_CASE("the settings' lines are scripts") {
  const auto found = ReadDefinitions(sdk::Settings({{kScriptsSection, "a", "x.lua"},
                                                    {kScriptsSection, "alone", ""},
                                                    {"/x", "b", "y"}}));
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "x.lua");
  CHECK(found[1].name == "alone");
}

TEST_CASE("scripts are added, imported, installed and run by name") {
  Bench b;
  const std::string file = b.folder.Write("scripts/lua/own.lua", "-- text");
  CHECK(b.Run({"add", "--script", "own"}).output == "Added own as own");
  CHECK(b.saved == std::vector<std::string>{"own=own", "LUAScript=enabled"});
  CHECK(b.Run({"add", "--script", "own", "--alias", "x", "--no-config"}).output ==
        "Added x as own");
  CHECK(b.saved.empty());
  const std::string upload = b.folder.Write("upload", "-- new");
  CHECK(b.Run({"add", "--script", "new.lua", "--import", upload}).output ==
        "Added new as scripts/lua/new.lua");
  CHECK(b.saved[0] == "new=scripts/lua/new.lua");
  CHECK(FindScript(b.workshop.scripts, "scripts/lua/new.lua").ok());
  CHECK(b.Run({"list"}).output == "scripts/lua/new.lua\nscripts/lua/own.lua\n");
  CHECK(b.Run({"show", "--script", "scripts/lua/own.lua"}).output == "-- text");
  CHECK(b.Run({"show", "--script", upload}).output ==
        "Not allowed outside: " + b.workshop.scripts + "/lua");

  b.workshop.definitions = {{"own", "own.lua"}};
  CHECK(b.Run({"show", "--script", "OWN"}).output == "own.lua");
  CHECK(b.Run({"list", "--query", "--json"}).output == R"(["own"])");
  CHECK(b.Run({"install"}).output == "LUAScript is enabled.");
  CHECK(b.Run({"install", "--add", "own, new", "--remove", "own"}).code == 0);
  CHECK(b.saved ==
        std::vector<std::string>{"LUAScript=enabled", "own=own", "new=new", "own="});
  CHECK(b.Run({"install", "--add", "nosuch"}).output == "Script not found: nosuch");
  CHECK(b.Run({"install", "--remove", "nosuch"}).code == 3);
  CHECK(b.Run({"delete", "--script", "own"}).code == 0);
  CHECK(b.saved == std::vector<std::string>{"own="});

  CHECK(b.Run({"execute", "--script", "own", "--x", "y"}).output == file + "(--x,y)");
  CHECK(b.Run({"execute", "--file=own"}).output == file + "()");
  CHECK(b.Run({"execute", "--help"}).code == 0);
  for (const auto& words : {std::vector<std::string>{"execute"},
                            {"execute", "own"},
                            {"execute", "--script", "nosuch"},
                            {"nosuch"},
                            {}}) {
    CHECK(b.Run(words).code == 3);
  }
  CHECK(RunCommand({"nosuch", {}}, b.workshop).code == 1);
  CHECK(b.Run({"lua-script", "--script", "own"}).output == "took own");
  CHECK(b.saved == std::vector<std::string>{"unit=" + file});
  b.save_answer = Status::PermissionDenied("read-only");
  CHECK(b.Run({"add", "--script", "own"}).output == "read-only");
}

}  // namespace
}  // namespace nscp::lua_script
