#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

std::string Links(const std::string& version, const std::string& name,
                  const std::string& id) {
  const std::string base = "https://127.0.0.1:8443/api/";
  std::string text = "\"module_url\":\"" + base + "v1/modules/" + name + "/\"";
  for (const std::string command : {"load", "unload", "enable", "disable"}) {
    text += ",\"" + command + "_url\":\"" + base + version + "/modules/" + id +
            "/commands/" + command + "\"";
  }
  return text;
}

TEST_CASE("the list and the single module carry the same keys in both versions") {
  ApiFixture f;
  f.kernel.on_ListModules = [](const v1::ListModulesRequest& request) {
    v1::ListModulesResponse response;
    *response.add_modules() = Module("CheckNSCP", "", true);
    *response.add_modules() = Module("Scheduler", "cron", true);
    if (request.all()) *response.add_modules() = Module("LUAScript", "", false);
    return response;
  };
  f.kernel.on_GetModule = [](const v1::GetModuleRequest& request) {
    v1::GetModuleResponse response;
    *response.mutable_module() = Module(request.name().c_str(), "", true);
    return response;
  };
  for (const std::string version : {"v1", "v2"}) {
    const std::string first =
        R"({"name":"CheckNSCP","id":"CheckNSCP","title":"CheckNSCP","loaded":true,)"
        R"("enabled":false,"metadata":{"plugin_id":"7","alias":""},)"
        R"("description":"Checks things",)" +
        Links(version, "CheckNSCP", "CheckNSCP") + "}";
    const std::string second =
        R"({"name":"Scheduler","id":"cron","title":"Scheduler","loaded":true,)"
        R"("enabled":false,"metadata":{"plugin_id":"7","alias":"cron"},)"
        R"("description":"Checks things",)" +
        Links(version, "Scheduler", "cron") + "}";
    const std::string third =
        R"({"name":"LUAScript","id":"LUAScript","title":"","loaded":false,)"
        R"("enabled":false,"metadata":{"plugin_id":"7","alias":""},)"
        R"("description":"Checks things",)" +
        Links(version, "LUAScript", "LUAScript") + "}";
    const std::string path = "GET /api/" + version + "/modules";
    CHECK(f.AsAdmin(path).body == "[" + first + "," + second + "]");
    CHECK(f.AsAdmin(path + "?all=TRUE").body == "[" + first + "," + second + "]");
    CHECK(f.AsAdmin(path + "?all=true").body ==
          "[" + first + "," + second + "," + third + "]");
    CHECK(f.AsAdmin(path + "/CheckNSCP").body == first);
  }
}

TEST_CASE("details are further strings below metadata, and only on request") {
  ApiFixture f;
  f.kernel.on_GetModule = [](const v1::GetModuleRequest& request) {
    v1::GetModuleResponse response;
    v1::ModuleInfo& module = *response.mutable_module();
    module = Module("X", "", true);
    if (!request.details()) return response;
    module.set_state(v1::BACKOFF);
    module.set_pid(42);
    module.set_restarts(3);
    module.set_reason("bad \xff byte");
    v1::EndRecord& end = *module.add_ends();
    end.set_signal(9);
    end.set_uptime_ms(12345);
    end.set_reason("killed");
    return response;
  };
  CHECK(f.AsAdmin("GET /api/v2/modules/X").body.find("state") == std::string::npos);
  const std::string body = f.AsAdmin("GET /api/v2/modules/X?details=true").body;
  for (const char* part : {R"("state":"backoff")", R"("pid":"42")", R"("restarts":"3")",
                           R"("incarnation":"0")", "\"reason\":\"bad \xef\xbf\xbd byte\"",
                           R"("last_end":"signal 9 after 12 s: killed")"}) {
    CAPTURE(part);
    CHECK(body.find(part) != std::string::npos);
  }
}

TEST_CASE("an illegal name is 400, an unknown one 404, and a lost kernel 503") {
  ApiFixture f;
  f.kernel.on_GetModule = [](const auto&) -> Result<v1::GetModuleResponse> {
    return Status::NotFound("no such module");
  };
  const std::string longest(128, 'a');
  const struct {
    std::string name;
    int status;
    std::string body;
  } rows[] = {
      {"NoSuch", 404, "Module not found: NoSuch"},
      {longest, 404, "Module not found: " + longest},
      {longest + "a", 400, "Invalid module name"},
      {"a%20b", 400, "Invalid module name"},
      {"..", 400, "Invalid module name"},
      {".", 400, "Invalid module name"},
      {"a%2Fb", 400, "Invalid module name"},
      {"%C3%A4", 400, "Invalid module name"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const Response answer = f.AsAdmin("GET /api/v2/modules/" + row.name);
    CHECK(answer.status == row.status);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == row.body);
    if (row.status == 404) continue;
    for (const std::string& line : {"GET /api/v2/modules/" + row.name + "/commands/load",
                                    "PUT /api/v1/modules/" + row.name}) {
      CHECK(f.AsAdmin(line).body == row.body);
    }
  }
  f.kernel.on_GetModule = nullptr;
  CHECK(f.AsAdmin("GET /api/v2/modules/X").status == 503);
  CHECK(f.AsAdmin("GET /api/v2/modules").status == 503);
}

TEST_CASE("a module command answers text in v1 and in v2 what the client accepts") {
  ApiFixture f;
  enum { kFine, kWarned, kFailed } outcome = kFine;
  std::string asked;
  const auto handler =
      [&](const v1::ModuleRequest& request) -> Result<v1::ModuleResponse> {
    asked = request.name() + " " + request.caller().principal() + " " +
            request.caller().client();
    if (outcome == kFailed) return Status::FailedPrecondition("it does not want to");
    v1::ModuleResponse response;
    response.set_warning(outcome == kWarned);
    return response;
  };
  f.kernel.on_LoadModule = f.kernel.on_UnloadModule = handler;
  f.kernel.on_EnableModule = f.kernel.on_DisableModule = handler;

  const struct {
    const char* version;
    const char* accept;  // nullptr = none
    bool json;
  } shapes[] = {
      {"v1", nullptr, false},
      {"v1", "application/json", false},
      {"v2", nullptr, true},
      {"v2", "application/json", true},
      {"v2", "text/html, application/json;q=0.9", true},
      {"v2", "*/*", false},
      {"v2", "text/plain", false},
      {"v2", "", false},
  };
  for (const auto& shape : shapes) {
    for (const std::string command : {"load", "unload", "enable", "disable"}) {
      const auto ask = [&] {
        std::vector<std::pair<std::string, std::string>> headers;
        if (shape.accept != nullptr) headers.emplace_back("Accept", shape.accept);
        return f.AsAdmin(
            std::string("GET /api/") + shape.version + "/modules/X/commands/" + command,
            headers);
      };
      CAPTURE(shape.version);
      CAPTURE(command);
      const std::string type = shape.json ? "application/json" : "text/plain";
      outcome = kFine;
      Response answer = ask();
      CHECK(answer.status == 200);
      CHECK(answer.content_type == type);
      CHECK(answer.body == (shape.json
                                ? R"({"result":0,"message":"Success )" + command + " X\"}"
                                : "Success " + command + " X"));
      CHECK(asked == "X admin 127.0.0.1");
      CHECK(f.kernel.last.request_id == "req-1");

      outcome = kWarned;
      answer = ask();
      CHECK(answer.status == 200);
      CHECK(answer.content_type == type);
      CHECK(answer.body ==
            (shape.json ? R"({"result":1,"message":"Warning in )" + command + " X\"}"
                        : "Warning in " + command + " X"));

      outcome = kFailed;
      f.log.clear();
      answer = ask();
      CHECK(answer.status == 500);
      CHECK(answer.content_type == "text/plain");
      CHECK(answer.body ==
            (shape.json ? R"({"result":2,"message":"Failed to )" + command + " X\"}"
                        : "Failed to " + command + " X"));
      REQUIRE(f.log.size() == 1);
      CHECK(EndsWith(f.log[0], ": it does not want to"));
    }
  }
  const Response unknown = f.AsAdmin("GET /api/v2/modules/X/commands/restart");
  CHECK(unknown.status == 404);
  CHECK(unknown.body == "unknown command: restart");
}

TEST_CASE("a module command needs its own grant alone") {
  ApiFixture f;
  f.kernel.on_LoadModule =
      f.kernel.on_UnloadModule = [](const auto&) { return v1::ModuleResponse(); };
  f.Configure({{"/settings/WEB/server/roles", "client", "modules.load"}});
  CHECK(f.As("client", "GET /api/v2/modules/X/commands/load").status == 200);
  CHECK(f.As("client", "GET /api/v2/modules/X/commands/unload").status == 403);
  CHECK(f.As("client", "GET /api/v2/modules/X/commands/*").status == 403);
}

}  // namespace
}  // namespace nscp::gateway
