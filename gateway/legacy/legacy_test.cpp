// /auth/token, /auth/logout, /core/reload, /console/exec.
#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"
#include "json/value.h"

namespace nscp::gateway {
namespace {

const std::pair<std::string, std::string> kIcinga{"User-Agent",
                                                  "Icinga/check_nscp_api/2.14.0"};

TEST_CASE("credentials in a query string are gone for all but the named agents") {
  ApiFixture f;
  for (const char* agent : {"", "curl/8.0", "Mozilla/5.0", "MyIcingaProbe/1.0"}) {
    for (const char* line : {"GET /auth/token?password=secret", "POST /auth/token",
                             "GET /auth/logout?token=x", "POST /auth/logout"}) {
      CAPTURE(agent);
      CAPTURE(line);
      const Response answer = f.Send(line, {{"User-Agent", agent}});
      CHECK(answer.status == 410);
      CHECK(answer.content_type == "application/json");
      const auto body = json::Parse(answer.body);
      REQUIRE(body.ok());
      CHECK(body->Find("status")->AsString() == "error");
      CHECK(body->Find("message")->AsString().find("removed") != std::string::npos);
      CHECK(HeaderOf(answer, "__TOKEN").empty());
    }
  }
}

TEST_CASE("a named agent gets a token for the password and can give it back") {
  ApiFixture f;
  f.kernel.on_Execute = [](const auto&) { return v1::ExecuteResponse(); };
  for (const std::string method : {"GET", "POST"}) {
    const Response answer = f.Send(method + " /auth/token?password=secret", {kIcinga});
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "application/json");
    const std::string token = HeaderOf(answer, "__TOKEN");
    CHECK(token.size() == 32);
    CHECK(answer.body == R"({ "status" : "ok", "auth token": ")" + token + R"(" })");
    for (const char* name : {"TOKEN", "__TOKEN"}) {
      const std::string query = std::string("GET /query/c?") + name + "=" + token;
      CHECK(f.Send(query, {kIcinga}).status == 200);
      CHECK(f.Send(query, {{"User-Agent", "curl/8.0"}}).status == 403);
    }
    const Response out = f.Send(method + " /auth/logout?token=" + token, {kIcinga});
    CHECK(out.status == 200);
    CHECK(out.body == R"({ "status" : "ok", "auth token": "" })");
    CHECK(out.headers ==
          std::vector<std::pair<std::string, std::string>>{{"__TOKEN", ""}});
    CHECK(f.Send("GET /query/c?TOKEN=" + token, {kIcinga}).status == 403);
  }
}

TEST_CASE("a wrong password for a token is the common 403 and counts for the throttle") {
  ApiFixture f;
  for (const char* line : {"GET /auth/token?password=wrong",
                           "GET /auth/token?password=", "GET /auth/token"}) {
    const Response answer = f.Send(line, {kIcinga});
    CHECK(answer.status == 403);
    CHECK(answer.body == "403 You're not allowed");
    CHECK(answer.headers.empty());
  }
  for (int i = 0; i < 7; ++i) f.Send("GET /auth/token?password=wrong", {kIcinga});
  f.log.clear();
  CHECK(f.Send("GET /auth/token?password=secret", {kIcinga}).status == 403);
  CHECK(f.log[0].find("gate 'throttle'") != std::string::npos);
  f.now += std::chrono::seconds(60);
  CHECK(f.Send("GET /auth/token?password=secret", {kIcinga}).status == 200);
}

TEST_CASE("a token is refused to an admin whose role may not log in") {
  ApiFixture f;
  f.Configure({{"/settings/WEB/server/roles", "full", "public"}});
  CHECK(f.Send("GET /auth/token?password=secret", {kIcinga}).status == 403);
}

TEST_CASE("a reload is asked for without waiting, and isalive tells until it has come") {
  ApiFixture f;
  v1::ReloadHostRequest asked;
  f.kernel.on_ReloadHost = [&](const v1::ReloadHostRequest& request) {
    asked = request;
    return v1::ReloadHostResponse();
  };
  const Response answer = f.AsAdmin("POST /core/reload");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"status" : "reload"})");
  CHECK(asked.target() == "service");
  CHECK(asked.delayed());
  CHECK(asked.caller().principal() == "admin");
  CHECK(f.Send("GET /core/isalive").body == R"({"status" : "reload"})");
  f.Configure();
  CHECK(f.Send("GET /core/isalive").body == R"({"status" : "ok"})");

  // One that comes before the kernel's answer is over as well.
  f.kernel.on_ReloadHost = [&](const auto&) {
    f.Configure();
    return v1::ReloadHostResponse();
  };
  for (const char* body : {"", R"({"command":"reload"})"}) {
    const std::string line =
        *body == 0 ? "POST /core/reload" : "POST /api/v2/settings/command";
    CHECK(f.AsAdmin(line, {}, body).status == 200);
    CHECK(f.Send("GET /core/isalive").body == R"({"status" : "ok"})");
  }
  // One that never comes is not waited for without end.
  f.kernel.on_ReloadHost = [](const auto&) { return v1::ReloadHostResponse(); };
  CHECK(
      f.AsAdmin("POST /api/v2/settings/command", {}, R"({"command":"reload"})").status ==
      200);
  CHECK(f.Send("GET /core/isalive").body == R"({"status" : "reload"})");
  f.now += PendingReload::kLongest;
  CHECK(f.Send("GET /core/isalive").body == R"({"status" : "ok"})");

  f.kernel.on_ReloadHost = nullptr;
  const Response failed = f.AsAdmin("POST /core/reload");
  CHECK(failed.status == 500);
  CHECK(failed.body == "500 Query failed");
  CHECK(f.Send("GET /core/isalive").body == R"({"status" : "ok"})");
}

TEST_CASE(
    "a console line runs for its user, and the kernel tells the answer to the log") {
  ApiFixture f;
  std::string line;
  f.kernel.on_Console = [&](const v1::ConsoleRequest& request) {
    line = request.line();
    CHECK(request.caller().principal() == "admin");
    v1::ConsoleResponse response;
    response.set_output("one\ntwo\n");
    return response;
  };
  CHECK(f.AsAdmin("POST /console/exec?command=check_ok").body == R"({"status" : "ok"})");
  CHECK(line == "check_ok");
  CHECK(f.log.empty());
  f.AsAdmin("POST /console/exec");
  CHECK(line == "help");
  f.kernel.on_Console = [](const auto&) -> Result<v1::ConsoleResponse> {
    return Status::Unimplemented("");
  };
  const Response unknown = f.AsAdmin("POST /console/exec");
  CHECK(unknown.status == 500);
  CHECK(unknown.body == "This version of the agent does not serve this request");
}

}  // namespace
}  // namespace nscp::gateway
