// Login, cookies, refusals, roles and the method override.
#include "gateway/api/api.h"

#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

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
       "refused at the gate 'grant': GET /api/v2/modules: user 'legacy' has the role "
       "'legacy', which lacks "
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

}  // namespace
}  // namespace nscp::gateway
