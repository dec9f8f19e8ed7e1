// The log.
#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"
#include "gateway/api/dates.h"

namespace nscp::gateway {
namespace {

constexpr int64_t kLogTime = 1795300706000;

v1::ListLogsResponse TwoLines() {
  v1::ListLogsResponse response;
  v1::LogEntry& first = *response.add_entries();
  first.set_index(7);
  first.set_level(v1::LOG_INFO);
  first.set_time_ms(kLogTime);
  first.set_file("a.cpp");
  first.set_line(12);
  first.set_message("caf\xe9");
  v1::LogEntry& second = *response.add_entries();
  second.set_index(9);
  second.set_level(v1::LOG_TRACE);
  second.set_time_ms(kLogTime);
  response.set_matching(45);
  return response;
}

TEST_CASE("a date has the month's English name and the local time") {
  const std::string date = FormatDate(kLogTime);
  const std::tm time = LocalTime(kLogTime / 1000);
  CHECK(date.size() == 20);
  CHECK(date.substr(0, 9) == "2026-Nov-");
  CHECK(date.substr(12, 2) ==
        (time.tm_hour < 10 ? "0" : "") + std::to_string(time.tm_hour));
  CHECK(FormatDate(86400000LL * 40).substr(5, 3) == "Feb");
}

TEST_CASE("a page of the log has its entries and its headers") {
  ApiFixture f;
  v1::ListLogsRequest asked;
  f.kernel.on_ListLogs = [&](const v1::ListLogsRequest& request) {
    asked = request;
    return TwoLines();
  };
  const std::string body =
      "[{\"file\":\"a.cpp\",\"line\":12,\"level\":\"info\",\"date\":\"" +
      FormatDate(kLogTime) +
      "\",\"message\":\"caf\xef\xbf\xbd\"},{\"file\":\"\",\"line\":0,\"level\":\"debug\","
      "\"date\":\"" +
      FormatDate(kLogTime) + "\",\"message\":\"\"}]";
  const std::string base = "<https://127.0.0.1:8443/api/";
  const struct {
    const char* query;
    uint32_t offset;
    uint32_t limit;
    const char* page;
    std::string link;  // without base and version
  } rows[] = {
      {"", 0, 10, "1",
       "$logs?page=2&per_page=10>; rel=\"next\", $logs?page=5&per_page=10>; "
       "rel=\"last\", "
       "$logs?page=1&per_page=10>; rel=\"first\""},
      {"?page=0&size=10", 0, 10, "1",
       "$logs?page=2&per_page=10>; rel=\"next\", $logs?page=5&per_page=10>; "
       "rel=\"last\", "
       "$logs?page=1&per_page=10>; rel=\"first\""},
      {"?page=3&per_page=15", 30, 15, "3",
       "$logs?page=3&per_page=15>; rel=\"last\", $logs?page=1&per_page=15>; "
       "rel=\"first\", "
       "$logs?page=2&per_page=15>; rel=\"prev\""},
      {"?page=x&per_page=y", 0, 10, "1",
       "$logs?page=2&per_page=10>; rel=\"next\", $logs?page=5&per_page=10>; "
       "rel=\"last\", "
       "$logs?page=1&per_page=10>; rel=\"first\""},
      {"?per_page=500&level=error,debug", 0, 500, "1",
       "$logs?page=1&per_page=500&level=error%2Cdebug>; rel=\"last\", "
       "$logs?page=1&per_page=500&level=error%2Cdebug>; rel=\"first\""},
  };
  for (const std::string version : {"v1", "v2"}) {
    for (const auto& row : rows) {
      CAPTURE(row.query);
      const Response answer = f.AsAdmin("GET /api/" + version + "/logs" + row.query);
      CHECK(answer.status == 200);
      CHECK(answer.body == body);
      CHECK(asked.offset() == row.offset);
      CHECK(asked.limit() == row.limit);
      CHECK(HeaderOf(answer, "Link") == ReplaceAll(row.link, "$", base + version + "/"));
      CHECK(HeaderOf(answer, "X-Pagination-Count") == "45");
      CHECK(HeaderOf(answer, "X-Pagination-Page") == row.page);
      CHECK(HeaderOf(answer, "X-Pagination-Limit") == std::to_string(row.limit));
    }
  }
  REQUIRE(asked.levels_size() == 3);
  CHECK(asked.levels(0) == v1::LOG_ERROR);
  CHECK(asked.levels(1) == v1::LOG_DEBUG);
  CHECK(asked.levels(2) == v1::LOG_TRACE);
  for (const char* bad : {"?per_page=1", "?per_page=501", "?per_page=0", "?per_page=-5",
                          "?per_page=99999999999999999999"}) {
    const Response answer = f.AsAdmin(std::string("GET /api/v2/logs") + bad);
    CHECK(answer.status == 400);
    CHECK(answer.body == "Invalid request");
  }
  // Nothing has this level, so that the list is empty.
  CHECK(f.AsAdmin("GET /api/v2/logs?level=nosuch").status == 200);
  REQUIRE(asked.levels_size() == 1);
  CHECK(asked.levels(0) == v1::LOG_UNSPECIFIED);
}

TEST_CASE("logs since an index name the index to go on from") {
  ApiFixture f;
  bool empty = false;
  v1::ListLogsRequest asked;
  f.kernel.on_ListLogs = [&](const v1::ListLogsRequest& request) {
    asked = request;
    return empty ? v1::ListLogsResponse() : TwoLines();
  };
  Response answer = f.AsAdmin("GET /api/v2/logs/since?since=6&per_page=50");
  CHECK(asked.after() == 6);
  CHECK(HeaderOf(answer, "X-Log-Index") == "9");
  CHECK(HeaderOf(answer, "Link") ==
        "<https://127.0.0.1:8443/api/v2/logs/since?page=1&per_page=50&since=6>; "
        "rel=\"last\", "
        "<https://127.0.0.1:8443/api/v2/logs/since?page=1&per_page=50&since=6>; "
        "rel=\"first\"");
  empty = true;
  answer = f.AsAdmin("GET /api/v1/logs/since?since=9");
  CHECK(answer.body == "[]");
  CHECK(HeaderOf(answer, "X-Log-Index") == "9");
}

TEST_CASE(
    "an entry is added with its fields or their defaults, and a broken one is refused") {
  ApiFixture f;
  v1::LogEntry got;
  int written = 0;
  f.kernel.on_WriteLogs = [&](const v1::WriteLogsRequest& request) {
    got = request.entries(0);
    ++written;
    return Status::Ok();
  };
  Response answer = f.AsAdmin(
      "POST /api/v2/logs", {},
      R"({"level":"Info","message":"hi","file":"rest.test.ts","line":123,"x":1})");
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/json");
  CHECK(answer.body.empty());
  CHECK(got.level() == v1::LOG_INFO);
  CHECK(got.message() == "hi");
  CHECK(got.file() == "rest.test.ts");
  CHECK(got.line() == 123);
  CHECK(f.AsAdmin("POST /api/v1/logs", {}, "{}").status == 200);
  CHECK(got.level() == v1::LOG_ERROR);
  CHECK(got.message() == "no message");
  CHECK(got.file() == "REST");
  CHECK(got.line() == 0);
  const std::pair<const char*, const char*> unknown[] = {{"bogus", "bog"},
                                                         {"unknown", "unk"},
                                                         {"no", "no"},
                                                         {"\xc3\xa4\xc3\xb6", "\xc3\xa4"},
                                                         {"", ""}};
  for (const auto& [level, shown] : unknown) {
    const auto& this_level = level;
    CAPTURE(this_level);
    answer =
        f.AsAdmin("POST /api/v2/logs", {},
                  std::string(R"({"file":"f","message":"hi","level":")") + level + "\"}");
    CHECK(answer.status == 200);
    CHECK(got.level() == v1::LOG_CRITICAL);
    CHECK(got.message() == std::string("Invalid log level for: ") + shown);
    CHECK(got.file() == "f");
  }
  written = 0;
  const struct {
    const char* body;
    int status;
  } rows[] = {{"", 400},
              {"{", 400},
              {"[]", 422},
              {R"({"level":1})", 422},
              {R"({"message":{}})", 422},
              {R"({"file":null})", 422},
              {R"({"line":"12"})", 422},
              {R"({"line":1.5})", 422},
              {R"({"line":-1})", 422}};
  for (const auto& row : rows) {
    CAPTURE(row.body);
    CHECK(f.AsAdmin("POST /api/v2/logs", {}, row.body).status == row.status);
  }
  CHECK(written == 0);
}

TEST_CASE(
    "the log's status is read and cleared in both ways, and over the legacy routes") {
  ApiFixture f;
  int cleared = 0;
  f.kernel.on_ClearLogs = [&](const auto&) {
    ++cleared;
    return v1::ClearLogsResponse();
  };
  f.kernel.on_GetLogStatus = [](const auto&) {
    v1::GetLogStatusResponse response;
    response.set_errors(2);
    response.set_last_error("bad");
    return response;
  };
  f.kernel.on_ListLogs = [](const v1::ListLogsRequest& request) {
    CHECK(request.offset() == 3);
    CHECK(request.limit() == 100000);
    return TwoLines();
  };
  CHECK(f.AsAdmin("GET /api/v2/logs/status").body ==
        R"({"errors":2,"last_error":"bad"})");
  Response answer = f.AsAdmin("DELETE /api/v2/logs/status");
  CHECK(answer.body.empty());
  CHECK(answer.content_type == "application/json");
  CHECK(f.AsAdmin("DELETE /api/v1/logs").body == R"({"count":0})");
  CHECK(f.AsAdmin("GET /log/status").body == R"({"status":{"count":2,"error":"bad"}})");
  CHECK(f.AsAdmin("POST /log/reset").body == R"({"status" : "ok"})");
  CHECK(cleared == 3);
  const std::string messages = f.AsAdmin("GET /log/messages?pos=3").body;
  CHECK(StartsWith(messages,
                   R"({"log":{"data":[{"file":"a.cpp","line":12,"type":"info",)"));
  CHECK(EndsWith(messages, R"("message":""}],"pos":5}})"));
  CHECK(f.As("legacy", "GET /log/status").status == 200);
  CHECK(f.As("client", "GET /log/status").status == 403);
}

}  // namespace
}  // namespace nscp::gateway
