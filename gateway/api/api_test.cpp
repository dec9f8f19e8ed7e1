// Routing, discovery, info, health and the page.
#include "gateway/api/api.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

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

TEST_CASE("what no route has is the page where older servers gave it, else 404") {
  ApiFixture f;
  const std::pair<const char*, const char*> pages[] = {
      {"//", "text/html"},
      {"/settings/", "text/html"},
      {"/deep/x.html", "text/html"},
      {"/modules/x", "text/html"},
      {"/modulesx", "text/html"},
      {"/settings.old", "text/html"},
      {"/logs", "text/html"},
      {"/assets/nosuch.js", "application/javascript"},
      {"/x.css", "text/css"},
      {"/settings/x.png", "image/png"},
      {"/core/x.js", "application/javascript"}};
  const std::string page = f.Send("GET /").body;
  for (const auto& [path, type] : pages) {
    const auto& this_path = path;
    CAPTURE(this_path);
    const Response answer = f.Send(std::string("GET ") + path);
    CHECK(answer.status == 200);
    CHECK(answer.content_type == type);
    CHECK(answer.body == page);
    CHECK(f.Send(std::string("POST ") + path).status == 404);
  }
  for (const char* path :
       {"/invalid", "/x", "/x/", "/invalid/", "/x.json", "/x.js.map", "/mod", "/.."}) {
    CAPTURE(path);
    CHECK(f.Send(std::string("GET ") + path).body == "Document not found");
  }
  for (const char* path : {"/api/x/", "/api/v2/x/", "/api/v3/x.js", "/api/v2/x.html"}) {
    CAPTURE(path);
    const Response answer = f.Send(std::string("GET ") + path);
    CHECK(answer.status == 404);
    CHECK(StartsWith(answer.body, "[500] Document not found: invalid handler for"));
  }
}

TEST_CASE("an address that could lead out of the folder is an error") {
  ApiFixture f;
  f.folder.Write("secret.js", "secret");
  for (const std::string path : {"/../secret.js", "/assets/../../secret.js",
                                 "/%2e%2e/secret.js", "/modules/../x"}) {
    CAPTURE(path);
    const Response answer = f.Send("GET " + path);
    CHECK(answer.status == 500);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == "Invalid path: " + path);
  }
}

TEST_CASE("a user interface is served from the first folder that has its files") {
  ApiFixture f;
  const std::string script("var a;\0\xff", 8);
  f.folder.Write("other web/index.html", "other page");
  f.folder.Write("other web/nscp.png", "picture");
  CHECK(f.Send("GET /").body == "other page");
  f.folder.Write("web/index.html", "own page");
  f.folder.Write("web/assets/index.js", script);
  f.folder.Write("web/secret.js", "secret");
  for (const char* path : {"/", "/index.html", "/modules/x", "/secret.js"}) {
    CAPTURE(path);
    const Response answer = f.Send(std::string("GET ") + path);
    CHECK(answer.body == "own page");
    CHECK(HeaderOf(answer, "Cache-Control") == "no-cache");
  }
  Response answer = f.Send("GET /assets/index.js");
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/javascript");
  CHECK(HeaderOf(answer, "Cache-Control") == "max-age=3600");
  CHECK(answer.body == script);
  answer = f.Send("GET //nscp.png/");
  CHECK(answer.content_type == "image/png");
  CHECK(answer.body == "picture");
  answer = f.Send("GET /assets/index.css");
  CHECK(answer.status == 404);
  CHECK(answer.content_type == "text/plain");
  CHECK(answer.body == "Not found: /assets/index.css");
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

TEST_CASE("the files of a user interface that is not installed are named as missing") {
  ApiFixture f;
  CHECK(f.Send("GET /index.html").body == f.Send("GET /").body);
  for (const char* file : {"/nscp.png", "/assets/index.js", "/assets/index.css"}) {
    const Response answer = f.Send(std::string("GET ") + file);
    CHECK(answer.status == 404);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == std::string("Not found: ") + file);
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
