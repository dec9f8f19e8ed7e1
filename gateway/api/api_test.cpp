// Routing, the gates in front of the routes, discovery, login, info and health.
#include "gateway/api/api.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

constexpr char kForbidden[] = "403 You're not allowed";
constexpr char kAdminBasic[] = "Basic YWRtaW46c2VjcmV0";  // admin:secret

TEST_CASE("a path is cut into decoded segments, and odd slashes do not count") {
  const struct {
    const char* path;
    std::vector<std::string> segments;
  } rows[] = {
      {"", {}},
      {"/", {}},
      {"//", {}},
      {"/api/v2", {"api", "v2"}},
      {"//api///v2//", {"api", "v2"}},
      {"/a%20b/%41", {"a b", "A"}},
      {"/a%2Fb", {"a/b"}},
      {"/100%/%zz", {"100%", "%zz"}},
      {"/a+b", {"a+b"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    REQUIRE(SplitPath(row.path));
    CHECK(*SplitPath(row.path) == row.segments);
  }
  for (const char* bad : {"/a%00", "/%0d", "/x/%0A/y"}) {
    CAPTURE(bad);
    CHECK_FALSE(SplitPath(bad));
  }
}

TEST_CASE("links carry the version that was asked") {
  ApiFixture f;
  Response answer = f.AsAdmin("GET /api");
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/json");
  CHECK(answer.body == R"({"current_api":"https://127.0.0.1:8443/api/v2",)"
                       R"("legacy_api":"https://127.0.0.1:8443/api/v1",)"
                       R"("beta_api":"https://127.0.0.1:8443/api/v2"})");
  for (const std::string version : {"v1", "v2"}) {
    std::string expected = "{";
    for (const char* name : {"scripts", "modules", "queries", "aliases", "settings",
                             "logs", "info", "tags"}) {
      if (expected.size() > 1) expected += ",";
      expected += "\"" + std::string(name) + "_url\":\"https://127.0.0.1:8443/api/" +
                  version + "/" + name + "\"";
    }
    for (const std::string& path : {"/api/" + version, "//api//" + version + "/"}) {
      CHECK(f.AsAdmin("GET " + path).body == expected + "}");
    }
  }
}

TEST_CASE("the base of links comes from the Host header, or is empty") {
  ApiFixture f;
  const auto current = [&](std::vector<std::pair<std::string, std::string>> headers,
                           bool tls) {
    Request request;
    request.method = "GET";
    request.path = "/api/v2/info";
    request.headers = std::move(headers);
    request.headers.emplace_back("password", "secret");
    request.remote_address = "127.0.0.1";
    request.tls = tls;
    request.deadline = f.now + std::chrono::seconds(60);
    const std::string body = f.api->Handle(request).body;
    const size_t at = body.find("version_url");
    return body.substr(at + 14, body.size() - at - 16);
  };
  CHECK(current({{"Host", "h:8443"}}, true) == "https://h:8443/api/v1/info/version");
  CHECK(current({{"host", "[::1]:80"}}, false) == "http://[::1]:80/api/v1/info/version");
  CHECK(current({}, true) == "/api/v1/info/version");
  CHECK(current({{"Host", "evil/<script>"}}, true) == "/api/v1/info/version");
  CHECK(current({{"Host", "h\"x"}}, true) == "/api/v1/info/version");
}

TEST_CASE("login answers user and key, sets cookies, and the key works everywhere") {
  ApiFixture f;
  for (const std::string version : {"v1", "v2"}) {
    const Response answer =
        f.Send("GET /api/" + version + "/login", {{"Authorization", kAdminBasic}});
    REQUIRE(answer.status == 200);
    CHECK(answer.content_type == "application/json");
    CHECK(StartsWith(answer.body, R"({"user":"admin","key":")"));
    const std::string key = answer.body.substr(23, 32);
    CHECK(answer.body == R"({"user":"admin","key":")" + key + "\"}");
    REQUIRE(answer.headers.size() == 2);
    CHECK(answer.headers[0].second ==
          "token=" + key + "; Path=/; HttpOnly; Secure; SameSite=Strict");
    CHECK(answer.headers[1].second ==
          "uid=admin; Path=/; HttpOnly; Secure; SameSite=Strict");

    const std::string login = "GET /api/" + version + "/login";
    CHECK(f.Send(login, {{"Authorization", "Bearer " + key}}).body == answer.body);
    CHECK(f.Send(login, {{"X-Auth-Token", key}}).body == answer.body);
    CHECK(f.Send(login + "?TOKEN=" + key).body == kForbidden);
    CHECK(f.Send(login + "?TOKEN=" + key, {{"User-Agent", "Icinga/check_nscp_api/2"}})
              .body == answer.body);

    const Response out =
        f.Send("DELETE /api/" + version + "/login", {{"Authorization", "Bearer " + key}});
    CHECK(out.status == 200);
    CHECK(out.body == R"({"status":"ok"})");
    CHECK(f.Send(login, {{"Authorization", "Bearer " + key}}).status == 403);
  }
}

TEST_CASE("the logout of one login leaves polling and other logins alone") {
  ApiFixture f;
  const auto login = [&] {
    return f.Send("GET /api/v2/login", {{"Authorization", kAdminBasic}})
        .body.substr(23, 32);
  };
  const std::string one = login();
  const std::string two = login();
  f.Send("DELETE /api/v2/login", {{"Authorization", "Bearer " + one}});
  f.Send("DELETE /api/v2/login", {{"Authorization", kAdminBasic}});
  CHECK(f.Send("GET /api/v2/info", {{"TOKEN", one}}).status == 403);
  CHECK(f.Send("GET /api/v2/info", {{"TOKEN", two}}).status == 200);
}

TEST_CASE("cookies are Secure over TLS only, and never read") {
  ApiFixture f;
  Request request;
  request.method = "GET";
  request.path = "/api/v2/info";
  request.headers = {{"password", "secret"}};
  request.remote_address = "127.0.0.1";
  request.tls = false;
  request.deadline = f.now + std::chrono::seconds(60);
  const Response answer = f.api->Handle(request);
  REQUIRE(answer.headers.size() == 2);
  const std::string cookie = answer.headers[0].second;
  CHECK(EndsWith(cookie, "; Path=/; HttpOnly; SameSite=Strict"));
  request.headers = {{"Cookie", cookie.substr(0, cookie.find(';'))}};
  CHECK(f.api->Handle(request).status == 403);
}

TEST_CASE(
    "every refusal looks the same to the client and says to the log what would open") {
  ApiFixture f;
  const struct {
    std::vector<std::pair<std::string, std::string>> headers;
    const char* logged;
  } rows[] = {
      {{}, "refused at the gate 'no credentials': GET /api/v2/modules: send credentials"},
      {{{"password", "wrong"}},
       "refused at the gate 'password': GET /api/v2/modules: wrong"},
      {{{"TOKEN", "wrong"}},
       "refused at the gate 'token': GET /api/v2/modules: the token"},
      {{{"Authorization", "Basic bGVnYWN5OnA="}},  // legacy:p
       "refused at the gate 'grant': user 'legacy' has the role 'legacy', which lacks "
       "the grant "
       "'modules.list'"},
  };
  for (const auto& row : rows) {
    f.log.clear();
    const Response answer = f.Send("GET /api/v2/modules", row.headers);
    CHECK(answer.status == 403);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == kForbidden);
    CHECK(answer.headers.empty());
    REQUIRE(f.log.size() == 1);
    CHECK(StartsWith(f.log[0], "request req-1 from 127.0.0.1 "));
    CHECK(f.log[0].find(row.logged) != std::string::npos);
  }
  CHECK(f.kernel.calls == 0);
}

TEST_CASE("what no route knows is 404, whoever asks, and so is a wrong method") {
  ApiFixture f;
  const std::string start = "[500] Document not found: invalid handler for ";
  const struct {
    const char* line;
    std::string body;
  } rows[] = {
      {"GET /invalid", "Document not found"},
      {"POST /", "Document not found"},
      {"GET /api/v2/nosuch", start + "\"GET:/nosuch\" in /api/v2"},
      {"GET /api/v1/modules/a/b", start + "\"GET:/modules/a/b\" in /api/v1"},
      {"POST /api/v2/login", start + "\"POST:/login\" in /api/v2"},
      {"OPTIONS /api/v2/modules", start + "\"OPTIONS:/modules\" in /api/v2"},
      {"GET /api/v3/info", start + "\"GET:/v3/info\" in /api"},
      {"PUT /api", start + "\"PUT:\" in /api"},
      {"GET /core/reload", "Document not found"},
      {"POST /query/check_ok", "Document not found"},
      {"GET /query", "Document not found"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    for (const bool admin : {false, true}) {
      const Response answer = admin ? f.AsAdmin(row.line) : f.Send(row.line);
      CHECK(answer.status == 404);
      CHECK(answer.content_type == "text/plain");
      CHECK(answer.body == row.body);
    }
  }
  CHECK(f.Send("GET /api/v2/%00").status == 400);
}

TEST_CASE("one full and non-empty override header replaces the method") {
  const struct {
    std::vector<std::pair<std::string, std::string>> headers;
    bool replaced;
  } rows[] = {
      {{{"X-HTTP-Method-Override", "DELETE"}}, true},
      {{{"x-http-method-override", "DELETE"}}, true},
      {{{"X-HTTP-Method-Override", ""}, {"X-HTTP-Method-Override", "DELETE"}}, true},
      {{{"X-HTTP-Method-Override", "DELETE"}, {"X-HTTP-Method-Override", "DELETE"}},
       false},
      {{{"X-HTTP-Method-Override", "DELETE"}, {"x-http-method-override", "GET"}}, false},
      {{{"X-HTTP-Method-Override", ""}}, false},
      {{{"X", "DELETE"}}, false},
      {{{"X-H", "DELETE"}}, false},
      {{{"X-HTTP", "DELETE"}}, false},
      {{{"X-HTTP-Method", "DELETE"}}, false},
      {{{"X-HTTP-Method-Override-Extra", "DELETE"}}, false},
  };
  for (const auto& row : rows) {
    ApiFixture f;
    const std::string token =
        f.Send("GET /api/v2/login", {{"Authorization", kAdminBasic}}).body.substr(23, 32);
    auto headers = row.headers;
    headers.emplace_back("TOKEN", token);
    CHECK(f.Send("GET /api/v2/login", headers).status == 200);
    CAPTURE(row.headers[0].first);
    CHECK((f.Send("GET /api/v2/info", {{"TOKEN", token}}).status == 403) == row.replaced);
  }
}

TEST_CASE("info has exactly its keys, with a link to v1 in both versions") {
  ApiFixture f;
  for (const std::string version : {"v1", "v2"}) {
    CHECK(f.AsAdmin("GET /api/" + version + "/info").body ==
          R"({"name":"NSClient++","version":"0.1.0 2026-11-21",)"
          R"("version_url":"https://127.0.0.1:8443/api/v1/info/version"})");
    CHECK(f.AsAdmin("GET /api/" + version + "/info/version").body ==
          R"({"version":"0.1.0 2026-11-21"})");
  }
}

TEST_CASE("each default role may do what the table says and nothing else") {
  ApiFixture f;
  f.kernel.on_ListModules = [](const auto&) { return v1::ListModulesResponse(); };
  f.kernel.on_GetModule = [](const auto&) { return v1::GetModuleResponse(); };
  f.kernel.on_LoadModule = [](const auto&) { return v1::ModuleResponse(); };
  f.kernel.on_ListQueries = [](const auto&) {
    v1::ListQueriesResponse response;
    response.add_names()->set_name("q");
    return response;
  };
  f.kernel.on_Execute = [](const auto&) { return v1::ExecuteResponse(); };
  f.kernel.on_ReloadHost = [](const auto&) { return v1::ReloadHostResponse(); };
  f.kernel.on_Console = [](const auto&) { return v1::ConsoleResponse(); };
  const struct {
    const char* line;
    bool client;
    bool monitoring;
    bool legacy;
  } rows[] = {
      {"GET /api", true, true, false},
      {"GET /api/v2", true, true, false},
      {"GET /api/v2/login", true, true, true},
      {"GET /api/v2/info", true, false, false},
      {"GET /api/v2/info/version", true, false, false},
      {"GET /api/v2/modules", true, false, false},
      {"GET /api/v2/modules/X", false, false, false},
      {"GET /api/v2/modules/X/commands/load", false, false, false},
      {"GET /api/v2/modules/X/commands/foo", false, false, false},
      {"PUT /api/v2/modules/X", false, false, false},
      {"POST /api/v1/modules", false, false, false},
      {"GET /api/v2/queries", true, false, false},
      {"GET /api/v2/queries/q", true, false, false},
      {"GET /api/v2/queries/q/commands/execute", true, true, false},
      {"GET /api/v1/queries/q/commands/execute_nagios", true, true, false},
      {"GET /api/v2/aliases", true, true, false},
      {"GET /query/q", false, false, true},
      {"POST /core/reload", false, false, true},
      {"POST /console/exec", false, false, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK((f.As("client", row.line).status != 403) == row.client);
    CHECK((f.As("monitoring", row.line).status != 403) == row.monitoring);
    CHECK((f.As("legacy", row.line).status != 403) == row.legacy);
    CHECK(f.AsAdmin(row.line).status != 403);
    CHECK(f.Send(row.line).status == 403);
  }
}

TEST_CASE("isalive and health need no credentials, and only ready asks the kernel") {
  ApiFixture f;
  Response answer = f.Send("GET /core/isalive");
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/json");
  CHECK(answer.body == R"({"status" : "ok"})");
  CHECK(f.Send("GET /health/live").body == R"({"status":"ok"})");
  CHECK(f.kernel.calls == 0);

  answer = f.Send("GET /health/ready");
  CHECK(answer.status == 503);
  CHECK(answer.body == R"({"status":"not ready","reason":"the kernel does not answer"})");
  bool ready = false;
  f.kernel.on_GetHostStatus = [&](const auto&) {
    v1::GetHostStatusResponse response;
    response.set_ready(ready);
    return response;
  };
  answer = f.Send("GET /health/ready");
  CHECK(answer.status == 503);
  CHECK(answer.body == R"({"status":"not ready","reason":"modules are still starting"})");
  ready = true;
  answer = f.Send("GET /health/ready");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"status":"ready"})");
}

TEST_CASE("the page at / is plain HTML that fetches nothing") {
  ApiFixture f;
  const Response answer = f.Send("GET /");
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "text/html");
  CHECK(answer.body.size() < 8192);
  for (const char* part :
       {"<!DOCTYPE html>", "<title>", "nscp web install-ui", "--from", "</html>"}) {
    CAPTURE(part);
    CHECK(answer.body.find(part) != std::string::npos);
  }
  for (const char* part : {"<script", "<link", "<img", "<iframe"}) {
    CAPTURE(part);
    CHECK(answer.body.find(part) == std::string::npos);
  }
  for (const char* place :
       {"GET /modules/X/", "GET /queries", "GET /login", "GET /about"}) {
    CAPTURE(place);
    CHECK(f.Send(place).body == answer.body);
  }
}

TEST_CASE("only requests that run a check are long") {
  const struct {
    const char* path;
    bool is_long;
  } rows[] = {
      {"/api/v2/queries/check_cpu/commands/execute", true},
      {"//api/v1//queries/a%20b/commands/execute_nagios/", true},
      {"/query/check_ok", true},
      {"/query/check_ok/", true},
      {"/api/v2/queries", false},
      {"/api/v2/queries/check_cpu", false},
      {"/api/v2/modules/X/commands/load", false},
      {"/core/isalive", false},
      {"/api/v3/queries/x/commands/execute", false},
      {"/", false},
      {"", false},
      {"/%00", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(Api::IsLong("GET", row.path) == row.is_long);
  }
}

TEST_CASE("the table of routes in the README has every row of the router") {
  ApiFixture f;
  std::ifstream file(NSCP_GATEWAY_README);
  std::stringstream text;
  text << file.rdbuf();
  const std::string readme = text.str();
  for (const Route& route : f.api->router().routes()) {
    std::string path(route.pattern);
    if (route.versions == kBothVersions) path = "/api/{v}" + (path == "/" ? "" : path);
    if (route.versions == kV2) path = "/api/v2" + path;
    // The page's places stand in one row.
    path = EndsWith(path, "/{rest...}")
               ? "`" + path.substr(0, path.find("/{")) + "`"
               : "`" + std::string(route.method) + " " + path + "`";
    CAPTURE(path);
    const size_t at = readme.find(path);
    REQUIRE(at != std::string::npos);
    if (route.grant == kOpen || route.grant == kHandlerAsks) continue;
    const std::string row = readme.substr(at, readme.find('\n', at) - at);
    CHECK(row.find("| `" + std::string(route.grant) + "`") != std::string::npos);
  }
}

TEST_CASE("what is odd about the settings goes to the log at each configuration") {
  ApiFixture f;
  f.api->Configure(sdk::Settings({{"/settings/WEB/server/roles", "old", "legacy"}}),
                   "/settings/WEB/server");
  REQUIRE(f.log.size() == 2);
  CHECK(StartsWith(f.log[0], "allowed_hosts is empty"));
  CHECK(StartsWith(f.log[1], "SECURITY: WEB role 'old'"));
  CHECK(f.AsAdmin("GET /api").status == 403);
}

}  // namespace
}  // namespace nscp::gateway
