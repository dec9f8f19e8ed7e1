#include "workers/check_net/status_pages.h"

#include <charconv>
#include <map>

#include "proto/cpp/text.h"
#include "workers/check_net/xml_tags.h"

namespace nscp::check_net {
namespace {

// The number at the start of a text; 0 where there is none.
int64_t WholeIn(std::string_view text) {
  int64_t number = 0;
  text = Trim(text);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? number : 0;
}

double RealIn(std::string_view text) {
  double number = 0;
  text = Trim(text);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc() && number >= 0 && number < 1e18;
  return is_number ? number : 0;
}

// Lines such as "BusyWorkers: 3", by what stands before the colon.
class ColonLines {
 public:
  explicit ColonLines(std::string_view page) {
    while (!page.empty()) {
      const std::string_view line = page.substr(0, page.find('\n'));
      page.remove_prefix(std::min(page.size(), line.size() + 1));
      const size_t colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      values_[Trim(line.substr(0, colon))] = Trim(line.substr(colon + 1));
    }
  }

  bool Has(std::string_view name) const { return values_.count(name) > 0; }
  std::string_view Text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string_view() : found->second;
  }
  int64_t Whole(std::string_view name) const { return WholeIn(Text(name)); }
  double Real(std::string_view name) const { return RealIn(Text(name)); }

 private:
  std::map<std::string_view, std::string_view> values_;
};

// The whole numbers in a text, in their order.
std::vector<int64_t> WholesIn(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr size_t kMost = 16;
  std::vector<int64_t> numbers;
  while (numbers.size() < kMost) {
    const size_t start = text.find_first_of(kDigits);
    if (start == std::string_view::npos) break;
    text.remove_prefix(start);
    numbers.push_back(WholeIn(text));
    text.remove_prefix(std::min(text.find_first_not_of(kDigits), text.size()));
  }
  return numbers;
}

std::string_view NextLine(std::string_view* text) {
  const std::string_view line = text->substr(0, text->find('\n'));
  text->remove_prefix(std::min(text->size(), line.size() + 1));
  return Trim(line);
}

void TakeConnector(const XmlTag& tag, TomcatStatus* status) {
  if (status->connectors.size() == kMaxConnectors) return;
  TomcatConnector connector;
  // Tomcat puts quotes around the name inside of the attribute's.
  connector.name = ReplaceAll(tag.Attribute("name"), "\"", "");
  status->connectors.push_back(std::move(connector));
}

void TakeThreads(const XmlTag& tag, TomcatConnector* connector) {
  connector->threads_max = WholeIn(tag.Attribute("maxThreads"));
  connector->threads_current = WholeIn(tag.Attribute("currentThreadCount"));
  connector->threads_busy = WholeIn(tag.Attribute("currentThreadsBusy"));
}

void TakeRequests(const XmlTag& tag, TomcatConnector* connector) {
  connector->max_time = WholeIn(tag.Attribute("maxTime"));
  connector->processing_time = WholeIn(tag.Attribute("processingTime"));
  connector->request_count = WholeIn(tag.Attribute("requestCount"));
  connector->error_count = WholeIn(tag.Attribute("errorCount"));
  connector->bytes_received = WholeIn(tag.Attribute("bytesReceived"));
  connector->bytes_sent = WholeIn(tag.Attribute("bytesSent"));
}

}  // namespace

std::optional<ApacheStatus> ParseApacheStatus(std::string_view page) {
  const ColonLines lines(page);
  if (!lines.Has("BusyWorkers") || !lines.Has("IdleWorkers")) return std::nullopt;
  ApacheStatus status;
  status.busy_workers = lines.Whole("BusyWorkers");
  status.idle_workers = lines.Whole("IdleWorkers");
  status.uptime = lines.Whole("Uptime");
  status.total_accesses = lines.Whole("Total Accesses");
  status.total_kbytes = lines.Whole("Total kBytes");
  status.requests_per_sec = lines.Real("ReqPerSec");
  status.bytes_per_sec = lines.Real("BytesPerSec");
  status.scoreboard = lines.Text("Scoreboard");
  return status;
}

std::optional<NginxStatus> ParseNginxStatus(std::string_view page) {
  constexpr std::string_view kActive = "Active connections:";
  NginxStatus status;
  bool has_active = false;
  bool has_counters = false;
  bool has_states = false;
  while (!page.empty()) {
    const std::string_view line = NextLine(&page);
    if (StartsWith(line, kActive)) {
      const auto numbers = WholesIn(line);
      has_active = numbers.size() == 1;
      if (has_active) status.active = numbers[0];
    } else if (StartsWith(line, "server accepts handled requests")) {
      const auto numbers = WholesIn(NextLine(&page));
      has_counters = numbers.size() >= 3;
      if (!has_counters) continue;
      status.accepts = numbers[0];
      status.handled = numbers[1];
      status.requests = numbers[2];
    } else if (StartsWith(line, "Reading:")) {
      const auto numbers = WholesIn(line);
      has_states = numbers.size() == 3;
      if (!has_states) continue;
      status.reading = numbers[0];
      status.writing = numbers[1];
      status.waiting = numbers[2];
    }
  }
  if (!has_active || !has_counters || !has_states) return std::nullopt;
  return status;
}

std::optional<PhpFpmStatus> ParsePhpFpmStatus(std::string_view page) {
  const ColonLines lines(page);
  if (!lines.Has("pool") || !lines.Has("accepted conn")) return std::nullopt;
  PhpFpmStatus status;
  status.pool = lines.Text("pool");
  status.process_manager = lines.Text("process manager");
  status.accepted_conn = lines.Whole("accepted conn");
  status.listen_queue = lines.Whole("listen queue");
  status.max_listen_queue = lines.Whole("max listen queue");
  status.listen_queue_len = lines.Whole("listen queue len");
  status.idle_processes = lines.Whole("idle processes");
  status.active_processes = lines.Whole("active processes");
  status.total_processes = lines.Whole("total processes");
  status.max_active_processes = lines.Whole("max active processes");
  status.max_children_reached = lines.Whole("max children reached");
  status.slow_requests = lines.Whole("slow requests");
  return status;
}

std::optional<TomcatStatus> ParseTomcatStatus(std::string_view page) {
  TomcatStatus status;
  bool is_status = false;
  bool has_memory = false;
  bool in_connector = false;
  XmlTags tags(page);
  while (const auto tag = tags.Next()) {
    if (tag->name == "status") {
      is_status = true;
    } else if (tag->name == "memory") {
      has_memory = true;
      status.memory_free = WholeIn(tag->Attribute("free"));
      status.memory_total = WholeIn(tag->Attribute("total"));
      status.memory_max = WholeIn(tag->Attribute("max"));
    } else if (tag->name == "connector") {
      in_connector = true;
      TakeConnector(*tag, &status);
    } else if (tag->name == "/connector") {
      in_connector = false;
    } else if (in_connector && tag->name == "threadInfo") {
      TakeThreads(*tag, &status.connectors.back());
    } else if (in_connector && tag->name == "requestInfo") {
      TakeRequests(*tag, &status.connectors.back());
    }
  }
  if (!is_status || (status.connectors.empty() && !has_memory)) return std::nullopt;
  return status;
}

}  // namespace nscp::check_net
