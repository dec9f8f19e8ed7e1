// What goes into a check and what comes back when things are odd.
#include <doctest/doctest.h>

#include <limits>

#include "gateway/api/api_fixture.h"
#include "gateway/api/execute.h"
#include "json/value.h"

namespace nscp::gateway {
namespace {

TEST_CASE("odd performance data still makes valid JSON that clients can read") {
  ApiFixture f;
  f.kernel.on_Execute = [](const v1::ExecuteRequest&) {
    v1::ExecuteResponse response;
    v1::Line& line = *response.mutable_result()->add_lines();
    line.set_message("caf\xe9");
    v1::Number& ranged = *AddNumber(line, "ranged", 5.859375, "%")->mutable_number();
    ranged.mutable_warning()->set_range("4:5");
    ranged.mutable_critical()->set_range("@0:90");
    AddNumber(line, "twice", 1, "");
    AddNumber(line, "twice", 2, "");
    v1::Number& odd =
        *AddNumber(line, "odd", std::numeric_limits<double>::quiet_NaN(), "")
             ->mutable_number();
    odd.set_minimum(std::numeric_limits<double>::infinity());
    odd.mutable_warning()->set_value(std::numeric_limits<double>::infinity());
    v1::Perf& text = *line.add_perf();
    text.set_label("text");
    text.set_text("U");
    return response;
  };
  const std::string ranged =
      R"({"value":5.859375,"warning":"4:5","critical":"@0:90","unit":"%"})";
  CHECK(f.AsAdmin("GET /api/v2/queries/ODD/commands/execute").body ==
        "{\"command\":\"odd\",\"result\":0,\"lines\":[{\"message\":\"caf\xef\xbf\xbd\","
        "\"perf\":{\"ranged\":" +
            ranged +
            R"(,"twice":{"value":2,"unit":""},"odd":{"value":"U","unit":""},)"
            R"("text":{"value":"U"}}}]})");
  const std::string start =
      "{\"payload\":[{\"command\":\"odd\",\"result\":\"OK\",\"lines\":[{\"message\":\"caf"
      "\xef\xbf\xbd\",\"perf\":[{\"alias\":\"ranged\",\"float_value\":" +
      ranged +
      R"(},{"alias":"twice","float_value":{"value":1,"unit":""}},)"
      R"({"alias":"twice","float_value":{"value":2,"unit":""}},)"
      R"({"alias":"odd","float_value":{"value":"U","unit":""}},)"
      R"({"alias":"text","string_value":{"value":"U"})";
  CHECK(f.AsAdmin("GET /query/ODD").body == start + "}]}]}]}");
  // Icinga's plugin needs a number's object for each item.
  CHECK(
      f.AsAdmin("GET /query/ODD", {{"User-Agent", "Icinga/check_nscp_api/2.14"}}).body ==
      start + R"(,"float_value":{"value":"U","unit":""}}]}]}]})");
}

TEST_CASE("arguments keep their order, their repeats and their bytes") {
  ApiFixture f;
  std::string got;
  f.kernel.on_Execute = [&](const v1::ExecuteRequest& request) {
    got = request.command() + "(";
    for (const std::string& argument : request.arguments()) got += "[" + argument + "]";
    got += ")" + request.caller().principal() + "@" + request.caller().client();
    return v1::ExecuteResponse();
  };
  const struct {
    const char* query;
    const char* arguments;
  } rows[] = {
      {"", ""},
      {"?time=1m&time=5m", "[time=1m][time=5m]"},
      {"?k&k=&a=1&&b", "[k][k][a=1][b]"},
      {"?warn=load+%3E+80&x=a=b", "[warn=load > 80][x=a=b]"},
      {"?x=%E4%zz", "[x=\xe4%zz]"},
      {"?TOKEN=x", "[TOKEN=x]"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.query);
    const std::string query = row.query;
    f.AsAdmin("GET /api/v2/queries/Check_CPU/commands/execute" + query);
    CHECK(got == "Check_CPU(" + std::string(row.arguments) + ")admin@127.0.0.1");
    f.AsAdmin("GET /query/Check_CPU" + query);
    CHECK(got == "Check_CPU(" + std::string(row.arguments) + ")admin@127.0.0.1");
  }
  // A token among the parameters is no argument.
  const std::string token =
      f.auth->IdentifyPassword(f.From(), "admin", "secret", false).token;
  f.Send("GET /query/c?a=1&__TOKEN=" + token + "&b=2",
         {{"User-Agent", "Icinga/check_nscp_api/2"}});
  CHECK(got == "c([a=1][b=2])admin@127.0.0.1");
}

TEST_CASE("the client's own timeout limits the kernel call, with time to answer") {
  const struct {
    const char* header;  // nullptr = none
    int milliseconds;
  } rows[] = {
      {nullptr, 72000},  {"10.00", 9500}, {"35.00", 34500}, {" 2 ", 1800},
      {"1.00", 900},     {"0.10", 90},    {"10s", 9500},    {"600", 599500},
      {"99999", 599500}, {"", 72000},     {"0", 72000},     {"-5", 72000},
      {"ten", 72000},    {"nan", 72000},  {"inf", 72000},   {"10 minutes", 72000},
  };
  for (const auto& row : rows) {
    ApiFixture f;
    CAPTURE(row.milliseconds);
    std::vector<std::pair<std::string, std::string>> headers;
    if (row.header != nullptr) headers.emplace_back("X-Nsc-Web-Timeout", row.header);
    f.AsAdmin("GET /query/c", headers);
    CHECK(f.kernel.last.timeout.count() == row.milliseconds);
    CHECK(f.kernel.last.request_id == "req-1");
  }
}

TEST_CASE("a request's own deadline wins over every other limit") {
  ApiFixture f;
  Request request;
  request.method = "GET";
  request.path = "/query/c";
  request.headers = {{"password", "secret"}, {"X-Nsc-Web-Timeout", "30"}};
  request.remote_address = "127.0.0.1";
  request.deadline = f.now + std::chrono::seconds(5);
  f.api->Handle(request);
  CHECK(f.kernel.last.timeout.count() == 4500);
  request.deadline = f.now - std::chrono::seconds(5);
  f.api->Handle(request);
  CHECK(f.kernel.last.timeout.count() == 1);
}

TEST_CASE("a kernel call that fails is an UNKNOWN result with the reason, and HTTP 200") {
  ApiFixture f;
  f.kernel.on_Execute = [](const auto&) -> Result<v1::ExecuteResponse> {
    return Status::Unavailable("the kernel is gone");
  };
  const std::string message = "Failed to execute command: Check_X (the kernel is gone)";
  Response answer = f.AsAdmin("GET /api/v1/queries/Check_X/commands/execute");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"command":"check_x","result":3,"lines":[{"message":")" +
                           message + R"(","perf":{}}]})");
  answer = f.AsAdmin("GET /api/v1/queries/Check_X/commands/execute_nagios");
  CHECK(answer.body ==
        R"({"command":"check_x","result":"UNKNOWN","lines":[{"message":")" + message +
            R"(","perf":""}]})");
  answer = f.AsAdmin("GET /api/v2/queries/Check_X/commands/execute",
                     {{"Accept", "text/plain"}});
  CHECK(answer.status == 503);
  CHECK(answer.body == message + "\n");
  answer = f.AsAdmin("GET /query/Check_X");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"payload":[{"command":"check_x","result":"UNKNOWN","lines":)"
                       R"([{"message":")" +
                           message + R"(","perf":[]}]}]})");
}

}  // namespace
}  // namespace nscp::gateway
