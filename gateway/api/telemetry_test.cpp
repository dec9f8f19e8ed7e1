// Metrics, events, tags and channels.
#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"
#include "gateway/api/dates.h"

namespace nscp::gateway {
namespace {

constexpr int64_t kEventTime = 1795300706000;

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
  CHECK(open.body ==
        "# TYPE _9_x gauge\n_9_x 0.0000001\n"
        "# TYPE system_cpu_total_user gauge\nsystem_cpu_total_user 12\n"
        "# TYPE system_mem_physical_total gauge\nsystem_mem_physical_total 252765000000\n"
        "# TYPE system_mem_ratio gauge\nsystem_mem_ratio 0.25\n"
        "# TYPE workers_jobs_total counter\nworkers_jobs_total 3\n");
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

v1::Metric& AddOf(v1::MetricsSnapshotResponse& response, const char* key,
                  const char* worker) {
  v1::Metric& metric = *response.add_metrics();
  metric.set_bundle("workers");
  metric.set_key(key);
  auto& label = *metric.add_labels();
  label.set_name("worker");
  label.set_value(worker);
  return metric;
}

v1::MetricsSnapshotResponse Labelled(const v1::MetricsSnapshotRequest&) {
  v1::MetricsSnapshotResponse response;
  v1::Metric& cpu = AddOf(response, "cpu_seconds", "a");
  cpu.set_counter(0.5);
  cpu.set_unit("seconds");
  cpu.set_description("Time \"used\"\nin \\ all");
  AddOf(response, "cpu_seconds", "b\"\\\n\xff").set_counter(2);
  v1::Metric& took = AddOf(response, "took_seconds", "a");
  took.set_unit("seconds");
  for (const double bound : {0.5, 1.0}) took.mutable_histogram()->add_bounds(bound);
  for (const uint64_t count : {3, 0, 1}) took.mutable_histogram()->add_counts(count);
  took.mutable_histogram()->set_sum(9.25);
  return response;
}

TEST_CASE("labels, counters and histograms have the notation that is asked for") {
  ApiFixture f;
  f.kernel.on_MetricsSnapshot = Labelled;
  const std::string cpu =
      "workers_cpu_seconds_total{worker=\"a\"} 0.5\n"
      "workers_cpu_seconds_total{worker=\"b\\\"\\\\\\n\xef\xbf\xbd\"} 2\n";
  const std::string took =
      "workers_took_seconds_bucket{worker=\"a\",le=\"0.5\"} 3\n"
      "workers_took_seconds_bucket{worker=\"a\",le=\"1.0\"} 3\n"
      "workers_took_seconds_bucket{worker=\"a\",le=\"+Inf\"} 4\n"
      "workers_took_seconds_sum{worker=\"a\"} 9.25\n"
      "workers_took_seconds_count{worker=\"a\"} 4\n";
  CHECK(f.AsAdmin("GET /api/v2/openmetrics").body ==
        "# TYPE workers_cpu_seconds_total counter\n"
        "# HELP workers_cpu_seconds_total Time \"used\"\\nin \\\\ all\n" +
            cpu + "# TYPE workers_took_seconds histogram\n" + took);
  const Response open =
      f.AsAdmin("GET /api/v2/openmetrics",
                {{"Accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1"}});
  CHECK(open.content_type ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8");
  CHECK(
      open.body ==
      "# TYPE workers_cpu_seconds counter\n# UNIT workers_cpu_seconds seconds\n"
      "# HELP workers_cpu_seconds Time \\\"used\\\"\\nin \\\\ all\n" +
          cpu +
          "# TYPE workers_took_seconds histogram\n# UNIT workers_took_seconds seconds\n" +
          took + "# EOF\n");
  CHECK(f.AsAdmin("GET /api/v2/metrics").body ==
        "{\"workers.a.cpu_seconds\":0.5,\"workers.a.took_seconds.count\":4,"
        "\"workers.a.took_seconds.le_0.5\":3,\"workers.a.took_seconds.le_1\":3,"
        "\"workers.a.took_seconds.sum\":9.25,"
        "\"workers.b\\\"\\\\\\n\xef\xbf\xbd.cpu_seconds\":2}");
  CHECK(f.AsAdmin("GET /metrics").body ==
        "{\"workers\":{\"a\":{\"cpu_seconds\":0.5,\"took_seconds\":{\"count\":4,"
        "\"le_0.5\":3,\"le_1\":3,\"sum\":9.25}},"
        "\"b\\\"\\\\\\n\xef\xbf\xbd\":{\"cpu_seconds\":2}}}");
}

TEST_CASE("names that would clash cost the later figure and not the answer") {
  ApiFixture f;
  f.kernel.on_MetricsSnapshot = [](const auto&) {
    v1::MetricsSnapshotResponse response;
    AddOf(response, "took", "a").mutable_histogram()->add_counts(1);
    AddOf(response, "took_count", "a").set_gauge(1);
    AddOf(response, "took", "b").set_gauge(2);
    AddOf(response, "broken", "a").mutable_histogram()->add_bounds(1);
    return response;
  };
  CHECK(f.AsAdmin("GET /api/v2/openmetrics").body ==
        "# TYPE workers_took histogram\nworkers_took_bucket{worker=\"a\",le=\"+Inf\"} 1\n"
        "workers_took_sum{worker=\"a\"} 0\nworkers_took_count{worker=\"a\"} 1\n");
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
  event.set_time_ms(kEventTime);
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
                           FormatDate(kEventTime) +
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
