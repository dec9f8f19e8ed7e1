// Logs, events, metrics, tags and channels.
#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"
#include "gateway/api/dates.h"

namespace nscp::gateway {
namespace {

constexpr int64_t kTime = 1795300706000;

v1::ListLogsResponse TwoLines() {
  v1::ListLogsResponse response;
  v1::LogEntry& first = *response.add_entries();
  first.set_index(7);
  first.set_level(v1::LOG_INFO);
  first.set_time_ms(kTime);
  first.set_file("a.cpp");
  first.set_line(12);
  first.set_message("caf\xe9");
  v1::LogEntry& second = *response.add_entries();
  second.set_index(9);
  second.set_level(v1::LOG_TRACE);
  second.set_time_ms(kTime);
  response.set_matching(45);
  return response;
}

TEST_CASE("a date has the month's English name and the local time") {
  const std::string date = FormatDate(kTime);
  const std::tm time = LocalTime(kTime / 1000);
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
      FormatDate(kTime) +
      "\",\"message\":\"caf\xef\xbf\xbd\"},{\"file\":\"\",\"line\":0,\"level\":\"debug\","
      "\"date\":\"" +
      FormatDate(kTime) + "\",\"message\":\"\"}]";
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
  for (const char* bad : {"?per_page=1", "?per_page=501", "?per_page=0"}) {
    const Response answer = f.AsAdmin(std::string("GET /api/v2/logs") + bad);
    CHECK(answer.status == 400);
    CHECK(answer.body == "Invalid request");
  }
  CHECK(f.AsAdmin("GET /api/v2/logs?level=nosuch").body == "[]");
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
  written = 0;
  const struct {
    const char* body;
    int status;
  } rows[] = {{"", 400},
              {"{", 400},
              {"[]", 422},
              {R"({"level":"bogus"})", 422},
              {R"({"level":"unknown"})", 422},
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

v1::MetricsSnapshotResponse Snapshot(const v1::MetricsSnapshotRequest&) {
  v1::MetricsSnapshotResponse response;
  const auto add = [&](const char* bundle, const char* key) -> v1::Metric& {
    v1::Metric& metric = *response.add_metrics();
    metric.set_bundle(bundle);
    metric.set_key(key);
    return metric;
  };
  add("system.cpu", "total.user").set_gauge(12);
  add("system.mem", "physical total").set_gauge(252765000000.0);
  add("system.mem", "ratio").set_gauge(0.25);
  add("workers", "jobs").set_counter(3);
  add("system", "name").set_text("h\xe9");
  add("9", "x").set_gauge(1e-7);
  return response;
}

TEST_CASE("metrics come flat, as open metrics and nested") {
  ApiFixture f;
  f.kernel.on_MetricsSnapshot = Snapshot;
  CHECK(
      f.AsAdmin("GET /api/v2/metrics").body ==
      "{\"9.x\":1e-07,\"system.cpu.total.user\":12,\"system.mem.physical "
      "total\":252765000000,"
      "\"system.mem.ratio\":0.25,\"system.name\":\"h\xef\xbf\xbd\",\"workers.jobs\":3}");
  const Response open = f.AsAdmin("GET /api/v2/openmetrics");
  CHECK(open.content_type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(
      open.body ==
      "_9_x 0.0000001\nsystem_cpu_total_user 12\nsystem_mem_physical_total 252765000000\n"
      "system_mem_ratio 0.25\nworkers_jobs 3\n");
  CHECK(f.AsAdmin("GET /metrics").body ==
        "{\"9\":{\"x\":1e-07},\"system\":{\"cpu\":{\"total.user\":12},\"mem\":{"
        "\"physical total\""
        ":252765000000,\"ratio\":0.25},\"name\":\"h\xef\xbf\xbd\"},\"workers\":{\"jobs\":"
        "3}}");
  CHECK(f.Send("GET /metrics").status == 403);
  CHECK(f.As("client", "GET /metrics").status == 403);
  const Response page = f.Send("GET /metrics", {{"Accept", "text/html,*/*"}});
  CHECK(page.status == 200);
  CHECK(page.content_type == "text/html");
  CHECK(f.AsAdmin("GET /api/v1/metrics").status == 404);
  CHECK(f.As("monitoring", "GET /api/v2/metrics").status == 200);
  CHECK(f.As("monitoring", "GET /api/v2/openmetrics").status == 200);
}

TEST_CASE("before the first collection metrics are an empty object") {
  ApiFixture f;
  f.kernel.on_MetricsSnapshot = [](const auto&) { return v1::MetricsSnapshotResponse(); };
  CHECK(f.AsAdmin("GET /api/v2/metrics").body == "{}");
  CHECK(f.AsAdmin("GET /metrics").body == "{}");
  CHECK(f.AsAdmin("GET /api/v2/openmetrics").body.empty());
}

TEST_CASE("events are listed, or taken away by DELETE") {
  ApiFixture f;
  v1::Event event;
  event.set_index(4);
  event.set_name("system.cpu:t1");
  event.set_time_ms(kTime);
  (*event.mutable_data())["load"] = "9\xff";
  (*event.mutable_data())["core"] = "total";
  f.kernel.on_ListEvents = [&](const auto&) {
    v1::ListEventsResponse response;
    *response.add_events() = event;
    return response;
  };
  f.kernel.on_TakeEvents = [&](const auto&) {
    v1::TakeEventsResponse response;
    *response.add_events() = event;
    *response.add_events() = event;
    return response;
  };
  const std::string item = "{\"index\":4,\"event\":\"system.cpu:t1\",\"date\":\"" +
                           FormatDate(kTime) +
                           "\",\"data\":{\"core\":\"total\",\"load\":\"9\xef\xbf\xbd\"}}";
  for (const std::string version : {"v1", "v2"}) {
    CHECK(f.AsAdmin("GET /api/" + version + "/events").body == "[" + item + "]");
    CHECK(f.AsAdmin("DELETE /api/" + version + "/events").body ==
          "[" + item + "," + item + "]");
  }
  CHECK(f.As("client", "GET /api/v2/events").status == 403);
}

TEST_CASE("tags are a flat object and exist in v2 only") {
  ApiFixture f;
  f.kernel.on_ListTags = [](const auto&) {
    v1::ListTagsResponse response;
    auto& tag = *response.add_tags();
    tag.set_name("drives");
    tag.set_value("c:,d:");
    return response;
  };
  CHECK(f.AsAdmin("GET /api/v2/tags").body == R"({"drives":"c:,d:"})");
  CHECK(f.AsAdmin("GET /api/v1/tags").status == 404);
  CHECK(f.Send("GET /api/v2/tags").status == 403);
}

TEST_CASE("channels are listed with the modules that listen, without the built-in ones") {
  ApiFixture f;
  f.kernel.on_ListQueries = [](const v1::ListQueriesRequest& request) {
    CHECK(request.kind() == v1::NAME_CHANNEL);
    v1::ListQueriesResponse response;
    response.add_names()->set_name("noop");
    response.add_names()->set_name("log");
    v1::NameInfo& info = *response.add_names();
    info.set_name("nsca");
    info.set_title("NSCA");
    info.add_modules("NSCAClient");
    return response;
  };
  CHECK(f.AsAdmin("GET /api/v2/metadata/channels").body ==
        R"([{"name":"NSCA","plugins":["NSCAClient"]}])");
}

}  // namespace
}  // namespace nscp::gateway
