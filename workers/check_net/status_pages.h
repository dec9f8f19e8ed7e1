// The status pages of web servers as figures. Pure; any thread. What a page does not say
// is 0. Nothing when it is another page. Sources: Apache's mod_status (?auto), nginx'
// stub_status, the status page of PHP-FPM, Tomcat's manager (XML=true).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::check_net {

struct ApacheStatus {
  int64_t busy_workers = 0;
  int64_t idle_workers = 0;
  int64_t uptime = 0;  // s
  int64_t total_accesses = 0;
  int64_t total_kbytes = 0;
  double requests_per_sec = 0;
  double bytes_per_sec = 0;
  std::string scoreboard;  // bytes of the server
};
std::optional<ApacheStatus> ParseApacheStatus(std::string_view page);

struct NginxStatus {
  int64_t active = 0;
  int64_t reading = 0;
  int64_t writing = 0;
  int64_t waiting = 0;
  int64_t accepts = 0;
  int64_t handled = 0;
  int64_t requests = 0;
};
std::optional<NginxStatus> ParseNginxStatus(std::string_view page);

struct PhpFpmStatus {
  std::string pool;  // bytes of the server, as is the next
  std::string process_manager;
  int64_t accepted_conn = 0;
  int64_t listen_queue = 0;
  int64_t max_listen_queue = 0;
  int64_t listen_queue_len = 0;
  int64_t idle_processes = 0;
  int64_t active_processes = 0;
  int64_t total_processes = 0;
  int64_t max_active_processes = 0;
  int64_t max_children_reached = 0;
  int64_t slow_requests = 0;
};
std::optional<PhpFpmStatus> ParsePhpFpmStatus(std::string_view page);

constexpr size_t kMaxConnectors = 1000;

struct TomcatConnector {
  std::string name;  // bytes of the server
  int64_t threads_max = 0;
  int64_t threads_current = 0;
  int64_t threads_busy = 0;
  int64_t max_time = 0;         // ms
  int64_t processing_time = 0;  // ms
  int64_t request_count = 0;
  int64_t error_count = 0;
  int64_t bytes_received = 0;
  int64_t bytes_sent = 0;
};
struct TomcatStatus {
  int64_t memory_free = 0;  // bytes, as the next two
  int64_t memory_total = 0;
  int64_t memory_max = 0;
  std::vector<TomcatConnector> connectors;
};
std::optional<TomcatStatus> ParseTomcatStatus(std::string_view page);

}  // namespace nscp::check_net
