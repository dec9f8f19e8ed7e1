// Scripts over the API, with a kernel that is a fake: which command of which module is
// run, and what becomes of its answer.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

namespace fs = std::filesystem;

using Arguments = std::vector<std::string>;

// Answers every command and keeps the last one.
struct Scripts : ApiFixture {
  v1::ExecRequest asked;
  int code = 0;
  std::string output;
  std::string upload;  // its contents while the command ran
  int commands = 0;

  Scripts() {
    kernel.on_Exec = [this](const v1::ExecRequest& request) -> Result<v1::ExecResponse> {
      asked = request;
      ++commands;
      if (const std::string file = Imported(); !file.empty()) Look(file);
      v1::ExecResponse response;
      response.set_code(code);
      response.set_output(output);
      return response;
    };
  }
  Arguments Given() const { return {asked.arguments().begin(), asked.arguments().end()}; }
  std::string Imported() const {
    for (int i = 0; i + 1 < asked.arguments_size(); ++i) {
      if (asked.arguments(i) == "--import") return asked.arguments(i + 1);
    }
    return {};
  }
  void Look(const std::string& file) {
    std::ifstream in(fs::u8path(file), std::ios::binary);
    upload.assign(std::istreambuf_iterator<char>(in), {});
  }
  bool NothingLeft() const {
    const fs::path uploads = fs::u8path(folder.File("data/uploads"));
    return !fs::exists(uploads) || fs::is_empty(uploads);
  }
};

TEST_CASE("runtimes are the loaded modules that run scripts") {
  ApiFixture f;
  f.kernel.on_ListModules = [](const auto&) {
    v1::ListModulesResponse response;
    const std::pair<const char*, bool> modules[] = {{"CheckHelpers", true},
                                                    {"CheckExternalScripts", true},
                                                    {"PythonScript", false},
                                                    {"LUAScript", true},
                                                    {"LUAScript", true}};
    for (const auto& [name, loaded] : modules) {
      v1::ModuleInfo& module = *response.add_modules();
      module.set_name(name);
      module.set_title(std::string("The ") + name);
      module.set_loaded(loaded);
    }
    return response;
  };
  for (const std::string version : {"v1", "v2"}) {
    const std::string base = "https://127.0.0.1:8443/api/" + version + "/scripts/";
    const Response answer = f.AsAdmin("GET /api/" + version + "/scripts");
    CHECK(answer.content_type == "application/json");
    CHECK(answer.body == R"([{"name":"ext","module":"CheckExternalScripts",)"
                         R"("title":"The CheckExternalScripts","runtime_url":")" +
                             base + R"(ext"},{"name":"lua","module":"LUAScript",)" +
                             R"("title":"The LUAScript","runtime_url":")" + base +
                             R"(lua"}])");
  }
  CHECK(f.As("client", "GET /api/v2/scripts").status == 403);
}

TEST_CASE("a list of scripts is what the module prints, once it is a list of names") {
  Scripts f;
  f.output = R"([ "check_a", "caf\u00e9" ])";
  const std::pair<const char*, const char*> modules[] = {
      {"ext", "CheckExternalScripts"},
      {"py", "PythonScript"},
      {"lua", "LUAScript"},
      {"CheckExternalScripts", "CheckExternalScripts"},
      {"luascript", "LUAScript"},
      {"Other.Module", "Other.Module"}};
  for (const auto& [word, module] : modules) {
    const auto& this_word = word;
    CAPTURE(this_word);
    const Response answer = f.AsAdmin("GET /api/v2/scripts/" + std::string(word));
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "application/json");
    CHECK(answer.body == "[\"check_a\",\"caf\xc3\xa9\"]");
    CHECK(f.asked.module() == module);
    CHECK(f.asked.command() == "list");
    CHECK(f.Given() == Arguments{"--json", "--query"});
    CHECK(f.asked.caller().principal() == "admin");
  }
  f.AsAdmin("GET /api/v1/scripts/ext/?all=true");
  CHECK(f.Given() == Arguments{"--json"});
  f.AsAdmin("GET /api/v1/scripts/ext?all=TRUE");
  CHECK(f.Given() == Arguments{"--json", "--query"});
  for (const char* bad : {"", "no list", "{}", R"(["a",1])"}) {
    CAPTURE(bad);
    f.output = bad;
    const Response answer = f.AsAdmin("GET /api/v2/scripts/ext");
    CHECK(answer.status == 500);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == "Invalid response from module");
  }
}

TEST_CASE("one script is shown and removed as text, whatever it holds") {
  Scripts f;
  f.output = "#!/bin/sh\n\xff\n";
  const std::pair<const char*, const char*> methods[] = {{"GET", "show"},
                                                         {"DELETE", "delete"}};
  for (const auto& [method, command] : methods) {
    const Response answer =
        f.AsAdmin(method + std::string(" /api/v2/scripts/ext/scripts/sub%2Fa.sh/"));
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == f.output);
    CHECK(f.asked.command() == command);
    CHECK(f.Given() == Arguments{"--script", "scripts/sub/a.sh"});
  }
}

TEST_CASE("an upload is a file of its own that only the agent reads, and it goes") {
  Scripts f;
  f.output = "Added a as scripts/a.sh";
  const std::string script("#!/bin/sh\0\r\n\xff", 13);
  for (const char* path : {"scripts/a.sh", "a.sh", "scripts%5Ca.sh"}) {
    CAPTURE(path);
    const Response answer =
        f.AsAdmin(std::string("PUT /api/v2/scripts/ext/") + path, {}, script);
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == f.output);
    CHECK(f.asked.command() == "add");
    const std::string file = f.Imported();
    CHECK(f.Given() ==
          Arguments{"--script", PercentDecode(path), "--import", file, "--replace"});
    CHECK(EndsWith(file, "a.sh"));
    CHECK(f.upload == script);
    CHECK(f.NothingLeft());
  }
  f.AsAdmin("PUT /api/v1/scripts/ext/empty", {}, "");
  CHECK(f.upload.empty());
  const std::string first = f.Imported();
  f.code = 3;
  f.output = "Failed to import script";
  CHECK(f.AsAdmin("PUT /api/v1/scripts/ext/empty", {}, "x").status == 500);
  CHECK(f.Imported() != first);
  CHECK(f.NothingLeft());
  f.kernel.on_Exec = nullptr;
  CHECK(f.AsAdmin("PUT /api/v1/scripts/ext/empty", {}, "x").status == 500);
  CHECK(f.NothingLeft());
}

TEST_CASE("an upload that cannot be kept is an error and no command") {
  Scripts f;
  f.folder.Write("data", "in the way");
  const Response answer = f.AsAdmin("PUT /api/v2/scripts/ext/a.sh", {}, "x");
  CHECK(answer.status == 503);
  CHECK(f.commands == 0);
}

TEST_CASE("names that could leave the folder never reach a module") {
  Scripts f;
  const std::string longest(256, 'a');
  for (const std::string& good :
       {std::string("a"), std::string("A-b_c.9"), std::string("x/y.z"),
        std::string("x%5Cy"), "b/" + longest.substr(0, 128)}) {
    CAPTURE(good);
    CHECK(f.AsAdmin("GET /api/v2/scripts/ext/" + good).status == 200);
  }
  f.commands = 0;
  for (const std::string& bad :
       {std::string("../a"), std::string("a/.."), std::string("./a"),
        std::string("a%2F..%2Fb"), std::string("..%5Ca"), std::string("C:%5Ca"),
        std::string("c:a"), std::string("%2Fetc%2Fpasswd"), std::string("%5C%5Chost%5Ca"),
        std::string("a%2F%2Fb"), std::string("a%2F"), std::string("a%5C"),
        std::string("a%20b"), std::string("a;b"), std::string("$(x)"),
        std::string("%C3%A4"), longest, "a/" + longest.substr(0, 129),
        Join(std::vector<std::string>(129, "a"), "/")}) {
    CAPTURE(bad);
    for (const char* method : {"GET", "PUT", "DELETE"}) {
      const Response answer =
          f.AsAdmin(method + std::string(" /api/v1/scripts/ext/") + bad, {}, "");
      CHECK(answer.status == 400);
      CHECK(answer.content_type == "text/plain");
      CHECK(answer.body == "Invalid script name");
    }
  }
  for (const char* bad : {"a%20b", "..", "a%2Fb", "e%3At"}) {
    const Response answer = f.AsAdmin(std::string("GET /api/v2/scripts/") + bad);
    CHECK(answer.status == 400);
    CHECK(answer.body == "Invalid module name");
  }
  CHECK(f.AsAdmin("GET /api/v2/scripts/ext/a%00b").status == 400);
  CHECK(f.commands == 0);
  CHECK(f.NothingLeft());
  for (const char* line : {"PUT /api/v2/scripts/ext", "DELETE /api/v2/scripts/ext/",
                           "PUT /api/v2/scripts", "POST /api/v2/scripts/ext/a.sh"}) {
    CHECK(f.AsAdmin(line).status == 404);
  }
}

TEST_CASE("errors of the module, and that there is none, are told apart") {
  Scripts f;
  f.code = 3;
  f.output = "Script not found: x\xff";
  for (const char* line : {"GET /api/v2/scripts/ext", "GET /api/v1/scripts/ext/x",
                           "PUT /api/v2/scripts/py/x", "DELETE /api/v2/scripts/lua/x"}) {
    CAPTURE(line);
    const Response answer = f.AsAdmin(line);
    CHECK(answer.status == 500);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == "Command returned errors: Script not found: x\xef\xbf\xbd");
  }
  for (const Status& status : {Status::NotFound("no such module"),
                               Status::Unavailable("module X is not running"),
                               Status::DeadlineExceeded("too late")}) {
    f.kernel.on_Exec = [&](const auto&) -> Result<v1::ExecResponse> { return status; };
    f.log.clear();
    const Response answer = f.AsAdmin("GET /api/v2/scripts/ext");
    CHECK(answer.status == 500);
    CHECK(answer.body == "No response from module, is the module loaded?");
    REQUIRE(f.log.size() == 1);
    CHECK(f.log[0].find(status.message()) != std::string::npos);
  }
  f.kernel.on_Exec = [&](const auto&) -> Result<v1::ExecResponse> {
    return Status::PermissionDenied("Permission denied: exec is globally disabled");
  };
  CHECK(f.AsAdmin("GET /api/v2/scripts/ext").body ==
        "Command returned errors: Permission denied: exec is globally disabled");
}

TEST_CASE("a grant names the module or the word for it, and one thing to do") {
  Scripts f;
  f.output = "[]";
  const std::tuple<const char*, const char*, const char*> verbs[] = {
      {"lists", "GET", ""},
      {"get", "GET", "/a"},
      {"add", "PUT", "/a"},
      {"delete", "DELETE", "/a"}};
  for (const auto& [verb, method, rest] : verbs) {
    for (const std::string name : {"ext", "CheckExternalScripts"}) {
      const auto& this_verb = verb;
      CAPTURE(this_verb);
      f.Configure({{std::string(kDefaultRoot) + "/roles", "client",
                    "scripts." + std::string(verb) + "." + name}});
      for (const auto& [other, other_method, other_rest] : verbs) {
        for (const std::string word : {"ext", "CheckExternalScripts", "py", "Other"}) {
          const auto& this_other = other;
          CAPTURE(this_other);
          CAPTURE(word);
          const bool may = verb == other && (word == "ext" || word.size() > 5);
          const Response answer =
              f.As("client",
                   std::string(other_method) + " /api/v2/scripts/" + word + other_rest);
          CHECK(answer.status == (may ? 200 : 403));
        }
      }
    }
  }
  f.Configure({{std::string(kDefaultRoot) + "/roles", "client", "scripts.lists.*"}});
  CHECK(f.As("client", "GET /api/v2/scripts/py").status == 200);
  CHECK(f.As("client", "GET /api/v2/scripts").status == 403);
  f.Configure({{std::string(kDefaultRoot) + "/roles", "client", "scripts"}});
  f.log.clear();
  CHECK(f.As("client", "GET /api/v2/scripts/..").status == 403);
  REQUIRE(f.log.size() == 1);
  f.log.clear();
  CHECK(f.As("client", "GET /api/v2/scripts/py").status == 403);
  REQUIRE(f.log.size() == 1);
  CHECK(f.log[0].find("lacks the grant 'scripts.lists.PythonScript'") !=
        std::string::npos);
  CHECK(f.Send("GET /api/v2/scripts/ext").status == 403);
}

TEST_CASE("a body may be large where it is a script, and nowhere else") {
  for (const char* path : {"/api/v2/scripts/ext/a.sh", "/api/v1/scripts/ext/a/b",
                           "//api/v1/scripts/py/a/"}) {
    CHECK(Api::BodyLimit("PUT", path) == Api::kMaxScriptBytes);
  }
  for (const char* path :
       {"/api/v2/scripts/ext", "/api/v2/scripts", "/api/v3/scripts/a/b", "/scripts/a/b",
        "/", "", "/api/v2/scripts/ext/%00"}) {
    CHECK(Api::BodyLimit("PUT", path) == Api::kMaxBodyBytes);
  }
}

}  // namespace
}  // namespace nscp::gateway
