// The lists of names that a user interface offers.
#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

TEST_CASE("metadata links to its two lists") {
  ApiFixture f;
  for (const std::string version : {"v1", "v2"}) {
    const std::string base = "https://127.0.0.1:8443/api/" + version + "/metadata/";
    CHECK(f.AsAdmin("GET /api/" + version + "/metadata").body ==
          R"([{"name":"counters","title":"Performance counters","url":")" + base +
              R"(counters"},{"name":"channels","title":"Registered submission )" +
              R"(channels","url":")" + base + R"(channels"}])");
  }
  CHECK(f.Send("GET /api/v2/metadata").status == 403);
  CHECK(f.As("client", "GET /api/v2/metadata").status == 403);
}

TEST_CASE("performance counters are what the module prints, or the reason why none are") {
  ApiFixture f;
  const char* const line = "GET /api/v2/metadata/counters";
  Response answer = f.AsAdmin(line);  // the module is not there
  CHECK(answer.status == 500);
  CHECK(answer.content_type == "text/plain");
  CHECK(answer.body == "No response from module, is the CheckSystem module loaded?");
  const struct {
    int code;
    const char* output;
    int status;
    const char* body;
  } rows[] = {
      {0, R"(["\\\\System\\\\Threads"])", 200, R"(["\\\\System\\\\Threads"])"},
      {1, "Command not found: pdh", 200, "[]"},
      {0, "no list", 500, "Invalid response from module"},
      {3, "broken", 500, "Command returned errors: broken"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.output);
    v1::ExecRequest asked;
    f.kernel.on_Exec = [&](const v1::ExecRequest& request) {
      asked = request;
      v1::ExecResponse response;
      response.set_code(row.code);
      response.set_output(row.output);
      return response;
    };
    answer = f.AsAdmin(line);
    CHECK(answer.status == row.status);
    CHECK(answer.body == row.body);
    CHECK(asked.command() == "pdh");
    CHECK(asked.arguments_size() == 4);
    CHECK(asked.caller().principal() == "admin");
  }
  f.kernel.on_Exec = [](const auto&) -> Result<v1::ExecResponse> {
    return Status::PermissionDenied("Permission denied: exec is globally disabled");
  };
  answer = f.AsAdmin(line);
  CHECK(answer.status == 500);
  CHECK(answer.body ==
        "Command returned errors: Permission denied: exec is globally disabled");
}

}  // namespace
}  // namespace nscp::gateway
