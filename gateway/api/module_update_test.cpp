#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

TEST_CASE("an update loads or unloads, or says that there is nothing to do") {
  const struct {
    const char* line;
    const char* body;
    bool loaded_before;
    int status;
    const char* answer;
    const char* called;
  } rows[] = {
      {"PUT /api/v1/modules/X", R"({"loaded":true})", false, 200, "Success load X",
       "load X"},
      {"POST /api/v1/modules/X", R"({"loaded":false})", true, 200, "Success unload X",
       "unload X"},
      {"PUT /api/v1/modules/X", R"({"loaded":true,"name":"Y","x":1})", true, 200,
       "No change", ""},
      {"PUT /api/v2/modules/X", R"({"loaded":true})", false, 200,
       R"({"result":0,"message":"Success load X"})", "load X"},
      {"POST /api/v2/modules/X", R"({"loaded":false})", false, 200,
       R"({"result":0,"message":"No change"})", ""},
      {"PUT /api/v1/modules", R"({"loaded":true,"name":"X"})", false, 200,
       "Success load X", "load X"},
      {"POST /api/v2/modules", R"({"loaded":false,"name":"X"})", true, 200,
       R"({"result":0,"message":"Success unload X"})", "unload X"},
      {"PUT /api/v2/modules/X", "", false, 400, "Problems parsing JSON", ""},
      {"PUT /api/v2/modules/X", "{", false, 400, "Problems parsing JSON", ""},
      {"PUT /api/v2/modules/X", "loaded=true", false, 400, "Problems parsing JSON", ""},
      {"PUT /api/v2/modules/X", "[]", false, 422, "The body must be a JSON object", ""},
      {"PUT /api/v2/modules/X", "{}", false, 422, "The field \"loaded\" is required", ""},
      {"PUT /api/v2/modules/X", R"({"loaded":"true"})", false, 422,
       "The field \"loaded\" must be true or false", ""},
      {"POST /api/v1/modules", R"({"loaded":true})", false, 422,
       "The field \"name\" is required", ""},
      {"PUT /api/v2/modules", R"({"loaded":true,"name":7})", false, 422,
       "The field \"name\" must be a string", ""},
      {"PUT /api/v2/modules", R"({"loaded":true,"name":"../x"})", false, 400,
       "Invalid module name", ""},
      {"PUT /api/v2/modules", R"({"name":"X"})", false, 422,
       "The field \"loaded\" is required", ""},
      {"PUT /api/v2/modules/NoSuch", R"({"loaded":true})", false, 404,
       "Module not found: NoSuch", ""},
      {"PUT /api/v2/modules", R"({"loaded":true,"name":"NoSuch"})", false, 404,
       "Module not found: NoSuch", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CAPTURE(row.body);
    ApiFixture f;
    std::string called;
    f.kernel.on_GetModule =
        [&](const v1::GetModuleRequest& request) -> Result<v1::GetModuleResponse> {
      if (request.name() != "X") return Status::NotFound("none");
      v1::GetModuleResponse response;
      *response.mutable_module() = Module("X", "", row.loaded_before);
      return response;
    };
    f.kernel.on_LoadModule = [&](const v1::ModuleRequest& request) {
      called = "load " + request.name();
      return v1::ModuleResponse();
    };
    f.kernel.on_UnloadModule = [&](const v1::ModuleRequest& request) {
      called = "unload " + request.name();
      return v1::ModuleResponse();
    };
    // curl's default content type means nothing.
    const Response answer = f.AsAdmin(
        row.line, {{"Content-Type", "application/x-www-form-urlencoded"}}, row.body);
    CHECK(answer.status == row.status);
    CHECK(answer.body == row.answer);
    CHECK(called == row.called);
  }
}

TEST_CASE("an update needs modules.get or modules.put, and the command's own grant") {
  const struct {
    const char* grants;
    const char* body;
    int status;
  } rows[] = {
      {"modules.get,modules.load", R"({"loaded":true})", 200},
      {"modules.put,modules.load", R"({"loaded":true})", 200},
      {"modules.*", R"({"loaded":true})", 200},
      {"modules.get,modules.unload", R"({"loaded":true})", 403},
      {"modules.load", R"({"loaded":true})", 403},
      {"modules.load", "{", 403},
      {"modules.put", R"({"loaded":false})", 403},
      {"modules.put,modules.unload", R"({"loaded":false})", 200},
  };
  for (const auto& row : rows) {
    CAPTURE(row.grants);
    ApiFixture f;
    f.Configure({{"/settings/WEB/server/roles", "client", row.grants}});
    f.kernel.on_GetModule = [](const v1::GetModuleRequest&) {
      v1::GetModuleResponse response;
      *response.mutable_module() = Module("X", "", false);
      return response;
    };
    f.kernel.on_LoadModule = [](const auto&) { return v1::ModuleResponse(); };
    CHECK(f.As("client", "PUT /api/v2/modules/X", row.body).status == row.status);
  }
}

TEST_CASE("a package may be larger than other bodies") {
  for (const char* path : {"/api/v1/modules/X", "/api/v2/modules/CheckDisk/"}) {
    CHECK(Api::BodyLimit("POST", path) == Api::kMaxPackageBytes);
    CHECK(Api::BodyLimit("PUT", path) == Api::kMaxPackageBytes);
  }
  for (const char* path : {"/api/v2/modules", "/api/v2/modules/X/commands/load",
                           "/api/v2/modules/X/y", "/modules/X", "/api/v3/modules/X"}) {
    CAPTURE(path);
    CHECK(Api::BodyLimit("POST", path) == Api::kMaxBodyBytes);
  }
  CHECK(Api::BodyLimit("GET", "/api/v2/modules/X") == Api::kMaxBodyBytes);
}

TEST_CASE("a zip is an upload, which has a grant of its own") {
  ApiFixture f;
  std::string installed;
  bool fails = false;
  f.kernel.on_InstallModule =
      [&](const v1::InstallModuleRequest& request) -> Result<v1::InstallModuleResponse> {
    if (fails) return Status::InvalidArgument("not a zip file");
    installed = request.name() + ":" + request.package();
    return v1::InstallModuleResponse();
  };
  for (const char* type :
       {"application/zip", "Application/ZIP; x=y", "application/octet-stream"}) {
    installed.clear();
    const Response answer = f.AsAdmin("POST /api/v2/modules/X", {{"Content-Type", type}},
                                      std::string("PK\0\x01", 4));
    CHECK(answer.status == 200);
    CHECK(answer.body.empty());
    CHECK(installed == std::string("X:PK\0\x01", 6));
  }
  fails = true;
  const Response answer =
      f.AsAdmin("POST /api/v1/modules/X", {{"Content-Type", "application/zip"}}, "x");
  CHECK(answer.status == 400);
  CHECK(answer.body == "Failed to upload module: not a zip file");
  f.Configure(
      {{"/settings/WEB/server/roles", "full", "modules.get,modules.put,modules.load"}});
  CHECK(f.AsAdmin("POST /api/v1/modules/X", {{"Content-Type", "application/zip"}}, "x")
            .status == 403);
}

}  // namespace
}  // namespace nscp::gateway
