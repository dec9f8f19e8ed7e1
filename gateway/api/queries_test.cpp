// Queries, aliases and /query in their three shapes.
#include <doctest/doctest.h>

#include <limits>

#include "gateway/api/api_fixture.h"
#include "gateway/api/execute.h"
#include "gateway/json/value.h"

namespace nscp::gateway {
namespace {

v1::Perf* AddNumber(v1::Line& line, const char* label, double value, const char* unit) {
  v1::Perf* perf = line.add_perf();
  perf->set_label(label);
  perf->mutable_number()->set_value(value);
  perf->mutable_number()->set_unit(unit);
  return perf;
}

// The suite's mock: "mock_query::<arguments>" and two items of performance data.
v1::ExecuteResponse Mock(const v1::ExecuteRequest& request) {
  v1::ExecuteResponse response;
  v1::CheckResult& result = *response.mutable_result();
  result.set_command("mock_query");
  v1::Line& line = *result.add_lines();
  std::string message = "mock_query::";
  for (const std::string& argument : request.arguments()) {
    if (message.back() != ':') message += ",";
    message += argument;
  }
  line.set_message(message);
  v1::Number& first = *AddNumber(line, "a label", 30, "Z")->mutable_number();
  first.mutable_warning()->set_value(20);
  first.mutable_critical()->set_value(30);
  first.set_minimum(10);
  first.set_maximum(50);
  v1::Number& second = *AddNumber(line, "another label", 33, "Z")->mutable_number();
  second.mutable_warning()->set_value(20);
  second.mutable_critical()->set_value(30);
  return response;
}

std::string Execute(const std::string& version, const std::string& command = "execute") {
  return "GET /api/" + version + "/queries/mock_query/commands/" + command +
         "?a=b&c=d&e=f";
}

TEST_CASE("execute answers numbers by label in both versions") {
  ApiFixture f;
  f.kernel.on_Execute = Mock;
  for (const char* version : {"v1", "v2"}) {
    const Response answer = f.AsAdmin(Execute(version));
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "application/json");
    CHECK(
        answer.body ==
        R"({"command":"mock_query","result":0,"lines":[{"message":"mock_query::a=b,c=d,e=f",)"
        R"("perf":{"a label":{"value":30,"minimum":10,"maximum":50,"warning":20,)"
        R"("critical":30,"unit":"Z"},"another label":{"value":33,"warning":20,)"
        R"("critical":30,"unit":"Z"}}}]})");
  }
}

TEST_CASE("execute_nagios answers the state's word and one string of performance data") {
  ApiFixture f;
  f.kernel.on_Execute = Mock;
  for (const char* version : {"v1", "v2"}) {
    CHECK(f.AsAdmin(Execute(version, "execute_nagios")).body ==
          R"({"command":"mock_query","result":"OK","lines":[{"message":)"
          R"("mock_query::a=b,c=d,e=f","perf":"'a label'=30Z;20;30;10;50 )"
          R"('another label'=33Z;20;30"}]})");
  }
}

TEST_CASE("/query answers one payload with a list of performance data") {
  ApiFixture f;
  f.kernel.on_Execute = Mock;
  for (const char* line :
       {"GET /query/mock_query?a=b&c=d&e=f", "GET //query/mock_query/?a=b&c=d&e=f"}) {
    const Response answer = f.AsAdmin(line);
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "application/json");
    CHECK(
        answer.body ==
        R"({"payload":[{"command":"mock_query","result":"OK","lines":[{"message":)"
        R"("mock_query::a=b,c=d,e=f","perf":[{"alias":"a label","float_value":{"value":30,)"
        R"("minimum":10,"maximum":50,"warning":20,"critical":30,"unit":"Z"}},)"
        R"({"alias":"another label","float_value":{"value":33,"warning":20,"critical":30,)"
        R"("unit":"Z"}}]}]}]})");
  }
}

TEST_CASE("each state has its number, its word and its status in text mode") {
  const struct {
    v1::ResultCode code;
    const char* word;
    int text_status;
  } rows[] = {{v1::OK, "OK", 200},
              {v1::WARNING, "WARNING", 202},
              {v1::CRITICAL, "CRITICAL", 500},
              {v1::UNKNOWN, "UNKNOWN", 503}};
  for (const auto& row : rows) {
    CAPTURE(row.word);
    ApiFixture f;
    f.kernel.on_Execute = [&](const v1::ExecuteRequest&) {
      v1::ExecuteResponse response;
      response.mutable_result()->set_code(row.code);
      response.mutable_result()->set_command("c");
      response.mutable_result()->add_lines()->set_message("one");
      v1::Line& second = *response.mutable_result()->add_lines();
      second.set_message("two");
      AddNumber(second, "x", 1.5, "");
      return response;
    };
    for (const std::string version : {"v1", "v2"}) {
      const std::string path = "GET /api/" + version + "/queries/c/commands/";
      Response answer = f.AsAdmin(path + "execute");
      CHECK(answer.status == 200);
      CHECK(answer.body ==
            R"({"command":"c","result":)" + std::to_string(row.code) +
                R"(,"lines":[{"message":"one","perf":{}},{"message":"two",)"
                R"("perf":{"x":{"value":1.5,"unit":""}}}]})");
      answer = f.AsAdmin(path + "execute_nagios");
      CHECK(answer.status == 200);
      CHECK(answer.body ==
            R"({"command":"c","result":")" + std::string(row.word) +
                R"(","lines":[{"message":"one","perf":""},{"message":"two",)"
                R"("perf":"'x'=1.5"}]})");
      for (const std::string command : {"execute", "execute_nagios"}) {
        answer = f.AsAdmin(path + command, {{"Accept", "text/plain"}});
        CHECK(answer.status == row.text_status);
        CHECK(answer.content_type == "text/plain");
        CHECK(answer.body == "one\ntwo|'x'=1.5\n");
        answer = f.AsAdmin(path + command, {{"Accept", "text/plain, */*"}});
        CHECK(answer.content_type == "application/json");
      }
    }
    const Response legacy = f.AsAdmin("GET /query/c");
    CHECK(legacy.status == 200);
    CHECK(legacy.body ==
          R"({"payload":[{"command":"c","result":")" + std::string(row.word) +
              R"(","lines":[{"message":"one","perf":[]},{"message":"two","perf":)"
              R"([{"alias":"x","float_value":{"value":1.5,"unit":""}}]}]}]})");
  }
}

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

TEST_CASE("another command of a query is 404 and runs nothing") {
  ApiFixture f;
  const Response answer = f.AsAdmin("GET /api/v2/queries/c/commands/run");
  CHECK(answer.status == 404);
  CHECK(answer.body == "unknown command: run");
  CHECK(f.kernel.calls == 0);
}

void AnswerNames(ApiFixture& f) {
  f.kernel.on_ListQueries = [](const v1::ListQueriesRequest& request) {
    v1::ListQueriesResponse response;
    v1::NameInfo& info = *response.add_names();
    if (request.kind() == v1::NAME_QUERY) {
      info.set_name("check_ok");
      info.set_title("check_ok");
      info.set_description("Just return OK");
      info.add_modules("CheckHelpers");
      response.add_names()->set_name("stray");
    } else {
      info.set_name("checkalwaysok");
      info.set_title("CheckAlwaysOK");
      info.set_description("Alternative name for: check_ok");
      info.add_modules("CheckHelpers");
    }
    return response;
  };
}

TEST_CASE("queries and aliases are listed with exactly their keys") {
  ApiFixture f;
  AnswerNames(f);
  for (const std::string version : {"v1", "v2"}) {
    const std::string base = "https://127.0.0.1:8443/api/" + version + "/queries/";
    for (const char* tail : {"", "?all=true", "?all=false"}) {
      CHECK(
          f.AsAdmin("GET /api/" + version + "/queries" + tail).body ==
          R"([{"name":"check_ok","plugin":"CheckHelpers","query_url":")" + base +
              R"(check_ok/","title":"check_ok","metadata":{},"description":"Just return OK"},)"
              R"({"name":"stray","query_url":")" +
              base + R"(stray/","title":"stray","metadata":{},"description":""}])");
      CHECK(f.AsAdmin("GET /api/" + version + "/aliases" + tail).body ==
            R"([{"name":"checkalwaysok","plugin":"CheckHelpers","query_url":")" + base +
                R"(checkalwaysok/","title":"CheckAlwaysOK","metadata":{},)"
                R"("description":"Alternative name for: check_ok"}])");
    }
  }
}

TEST_CASE("a single query keeps the name as typed, and works for aliases") {
  ApiFixture f;
  AnswerNames(f);
  const std::string base = "https://127.0.0.1:8443/api/v2/queries/";
  CHECK(
      f.AsAdmin("GET /api/v2/queries/CHECK_OK").body ==
      R"({"name":"CHECK_OK","plugin":"CheckHelpers","title":"check_ok","execute_url":")" +
          base + R"(CHECK_OK/commands/execute","execute_nagios_url":")" + base +
          R"(CHECK_OK/commands/execute_nagios","metadata":{},"description":"Just return OK"})");
  CHECK(f.AsAdmin("GET /api/v2/queries/checkalwaysok/")
            .body.find(R"("description":"Alternative name for: check_ok")") !=
        std::string::npos);
  const Response unknown = f.AsAdmin("GET /api/v1/queries/nosuch");
  CHECK(unknown.status == 404);
  CHECK(unknown.content_type == "text/plain");
  CHECK(unknown.body == "Query not found: nosuch");
  f.kernel.on_ListQueries = nullptr;
  CHECK(f.AsAdmin("GET /api/v1/queries/nosuch").status == 503);
  CHECK(f.AsAdmin("GET /api/v1/queries").status == 503);
}

TEST_CASE("what is not fit for a path is escaped in links") {
  ApiFixture f;
  f.kernel.on_ListQueries = [](const auto&) {
    v1::ListQueriesResponse response;
    response.add_names()->set_name("a b/\xc3\xa4?");
    return response;
  };
  const std::string body = f.AsAdmin("GET /api/v2/aliases").body;
  CHECK(body.find("/queries/a%20b%2F%C3%A4%3F/") != std::string::npos);
  CHECK(json::Parse(body).ok());
}

}  // namespace
}  // namespace nscp::gateway
