// Queries, aliases and /query in their three shapes.
#include <doctest/doctest.h>

#include <limits>

#include "gateway/api/api_fixture.h"
#include "gateway/api/execute.h"
#include "json/value.h"

namespace nscp::gateway {
namespace {

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
