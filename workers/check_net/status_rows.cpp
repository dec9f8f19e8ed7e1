#include "workers/check_net/status_rows.h"

namespace nscp::check_net {
namespace {

template <class Row>
void AddPageKeywords(checks::Keywords<Row>& k) {
  k.Text("url", "The URL of the page, without user and password",
         [](const Row& row) -> std::string_view { return row.url; });
  k.Text("host", "The host of the URL",
         [](const Row& row) -> std::string_view { return row.host; });
  k.Integer("port", "The port of the URL", [](const Row& row) { return row.port; });
  k.Integer("code", "The HTTP status of the answer; 0 without an answer",
            [](const Row& row) { return row.code; });
  k.Text("result",
         "How it ended: ok, parse_error (another page), http_ with the status, timeout, "
         "refused, resolve_failed, invalid_url or error: with the reason",
         [](const Row& row) -> std::string_view { return row.result; });
}

// A number of the page, with its unit in performance data.
template <class Row, class Get>
void Figure(checks::Keywords<Row>& k, const std::string& name, std::string description,
            std::string unit, Get get) {
  k.Integer(name, std::move(description), get).Perf(std::move(unit), "_" + name);
}

double ThreadUsage(const TomcatRow& row) {
  const TomcatConnector& c = row.connector;
  if (c.threads_max <= 0) return 0;
  return 100 * static_cast<double>(c.threads_busy) / static_cast<double>(c.threads_max);
}

}  // namespace

checks::Keywords<ApacheRow> ApacheKeywords() {
  checks::Keywords<ApacheRow> k;
  AddPageKeywords(k);
  const auto add = [&k](const char* name, const char* description, const char* unit,
                        int64_t ApacheStatus::*part) {
    Figure(k, name, description, unit,
           [part](const ApacheRow& row) { return row.status.*part; });
  };
  add("busy_workers", "Workers that serve a request", "", &ApacheStatus::busy_workers);
  add("idle_workers", "Workers that wait for one", "", &ApacheStatus::idle_workers);
  Figure(k, "total_workers", "Busy and idle workers together", "",
         [](const ApacheRow& row) {
           return row.status.busy_workers + row.status.idle_workers;
         });
  add("uptime", "Seconds since the server started", "s", &ApacheStatus::uptime);
  add("total_accesses", "Requests since the server started", "c",
      &ApacheStatus::total_accesses);
  add("total_kbytes", "Kilobytes served since the server started", "KB",
      &ApacheStatus::total_kbytes);
  k.Real("requests_per_sec", "Requests a second, on average since the start",
         [](const ApacheRow& row) { return row.status.requests_per_sec; })
      .Perf("", "_requests_per_sec");
  k.Real("bytes_per_sec", "Bytes a second, on average since the start",
         [](const ApacheRow& row) { return row.status.bytes_per_sec; })
      .Perf("B", "_bytes_per_sec");
  k.Text("scoreboard",
         "What each worker does, a letter for each, as mod_status writes it",
         [](const ApacheRow& row) -> std::string_view { return row.status.scoreboard; });
  return k;
}

checks::Keywords<NginxRow> NginxKeywords() {
  checks::Keywords<NginxRow> k;
  AddPageKeywords(k);
  const auto add = [&k](const char* name, const char* description, const char* unit,
                        int64_t NginxStatus::*part) {
    Figure(k, name, description, unit,
           [part](const NginxRow& row) { return row.status.*part; });
  };
  add("active", "Connections, idle ones included", "", &NginxStatus::active);
  add("reading", "Connections whose request is being read", "", &NginxStatus::reading);
  add("writing", "Connections whose answer is being written", "", &NginxStatus::writing);
  add("waiting", "Idle connections that are kept open", "", &NginxStatus::waiting);
  add("accepts", "Connections taken since the server started", "c",
      &NginxStatus::accepts);
  add("handled", "Connections served since the server started", "c",
      &NginxStatus::handled);
  add("requests", "Requests since the server started", "c", &NginxStatus::requests);
  Figure(k, "dropped", "Connections taken and not served since the server started", "c",
         [](const NginxRow& row) { return row.status.accepts - row.status.handled; });
  return k;
}

checks::Keywords<PhpFpmRow> PhpFpmKeywords() {
  checks::Keywords<PhpFpmRow> k;
  AddPageKeywords(k);
  k.Text("pool", "The name of the pool",
         [](const PhpFpmRow& row) -> std::string_view { return row.status.pool; });
  k.Text("process_manager", "How the pool grows: static, dynamic or ondemand",
         [](const PhpFpmRow& row) -> std::string_view {
           return row.status.process_manager;
         });
  const auto add = [&k](const char* name, const char* description, const char* unit,
                        int64_t PhpFpmStatus::*part) {
    Figure(k, name, description, unit,
           [part](const PhpFpmRow& row) { return row.status.*part; });
  };
  add("active_processes", "Processes that serve a request", "",
      &PhpFpmStatus::active_processes);
  add("idle_processes", "Processes that wait for one", "", &PhpFpmStatus::idle_processes);
  add("total_processes", "Processes of the pool", "", &PhpFpmStatus::total_processes);
  add("max_active_processes", "Most processes that were active at once since the start",
      "", &PhpFpmStatus::max_active_processes);
  add("listen_queue", "Requests that wait for a process", "",
      &PhpFpmStatus::listen_queue);
  add("max_listen_queue", "Most requests that waited at once since the start", "",
      &PhpFpmStatus::max_listen_queue);
  add("listen_queue_len", "How many requests may wait", "",
      &PhpFpmStatus::listen_queue_len);
  add("max_children_reached", "How often pm.max_children was reached since the start",
      "c", &PhpFpmStatus::max_children_reached);
  add("slow_requests", "Requests since the start that were logged as slow", "c",
      &PhpFpmStatus::slow_requests);
  add("accepted_conn", "Connections taken since the start", "c",
      &PhpFpmStatus::accepted_conn);
  return k;
}

checks::Keywords<TomcatRow> TomcatKeywords() {
  checks::Keywords<TomcatRow> k;
  AddPageKeywords(k);
  k.Text("connector", "The name of the connector, such as http-nio-8080",
         [](const TomcatRow& row) -> std::string_view { return row.connector.name; });
  const auto add = [&k](const char* name, const char* description, const char* unit,
                        int64_t TomcatConnector::*part) {
    Figure(k, name, description, unit,
           [part](const TomcatRow& row) { return row.connector.*part; });
  };
  add("threads_busy", "Threads that serve a request", "", &TomcatConnector::threads_busy);
  add("threads_current", "Threads that there are", "", &TomcatConnector::threads_current);
  add("threads_max", "Threads that there may be", "", &TomcatConnector::threads_max);
  k.Percent("thread_usage",
            "Busy threads in percent of those that there may be; 0 where that is unknown",
            ThreadUsage)
      .Perf("%", "_thread_usage");
  add("request_count", "Requests since the start", "c", &TomcatConnector::request_count);
  add("error_count", "Requests since the start that failed", "c",
      &TomcatConnector::error_count);
  add("processing_time", "Milliseconds spent on requests since the start", "ms",
      &TomcatConnector::processing_time);
  add("max_time", "Milliseconds of the longest request since the start", "ms",
      &TomcatConnector::max_time);
  add("bytes_received", "Bytes received since the start", "B",
      &TomcatConnector::bytes_received);
  add("bytes_sent", "Bytes sent since the start", "B", &TomcatConnector::bytes_sent);
  const auto memory = [&k](const char* name, const char* description,
                           int64_t TomcatRow::*part) {
    k.Size(name, description, [part](const TomcatRow& row) {
       return row.*part;
     }).Perf("B", std::string("_") + name);
  };
  memory("memory_free", "Bytes of the Java heap that are free", &TomcatRow::memory_free);
  memory("memory_total", "Bytes that the Java heap has now", &TomcatRow::memory_total);
  memory("memory_max", "Bytes that the Java heap may have", &TomcatRow::memory_max);
  return k;
}

}  // namespace nscp::check_net
