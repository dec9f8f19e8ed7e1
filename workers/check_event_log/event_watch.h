// The real-time filters of event logs: reads what is written to the logs of all filters,
// each log once, on a thread of its own, and hands the records to the filters
// (filter-engine.md 10). Owned by the module. AddMetrics: any thread; Start and Stop: one
// at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "workers/check_event_log/event_keywords.h"
#include "workers/check_event_log/event_logs.h"
#include "workers/checks/realtime.h"

namespace nscp::check_event_log {

// Logs of all filters. Those beyond are told in the log.
constexpr size_t kMaxWatchedLogs = 100;
// Records that filters get at once.
constexpr size_t kMaxBatch = 500;
// At the latest so long after a change that the system did not tell of: where it tells of
// all, and where it does not.
constexpr std::chrono::milliseconds kQuietLook{10000};
constexpr std::chrono::milliseconds kLook{500};
// After a failure a log is left alone for so many looks: one that is not there costs a
// search for its name.
constexpr int kLooksAfterFailure = 20;
// Between two looks at least, so that a busy log does not cost a look for each record.
constexpr std::chrono::milliseconds kRest{50};

class EventWatch {
 public:
  using Clock = std::function<int64_t()>;  // seconds since 1970

  // Filters as the settings describe them; what is wrong with them is told to the log,
  // and the others work. `host` and `logs` outlive it.
  EventWatch(const sdk::Settings& settings, sdk::Host& host, EventLogs& logs, Clock now);
  ~EventWatch();
  EventWatch(const EventWatch&) = delete;
  EventWatch& operator=(const EventWatch&) = delete;

  void Start();
  void Stop();
  void AddMetrics(std::vector<sdk::Metric>& metrics) const;
  // One look at all logs; what the thread does when it wakes. For tests, without Start.
  void Look();

 private:
  struct Filter {
    std::unique_ptr<checks::RealtimeFilter<EventRow>> filter;
    size_t message_limit = 0;
  };
  struct Source {
    std::string log;
    std::vector<size_t> filters;
    std::optional<Position> read_to;  // nothing: never looked at
    std::string last_error;           // told once
    int left_alone = 0;               // looks
  };

  void AddFilter(const sdk::SettingsObject& object, const std::vector<std::string>& all);
  void AddSource(const std::string& log, size_t filter);
  void Tell(const std::string& problem);
  void Run();
  Status ReadNew(Source& source);
  Result<ReadRequest> RequestFor(const Source& source, const LogEnds& ends);
  void Judge(const Source& source, std::vector<EventRow>& rows);
  checks::Environment MakeEnvironment();

  sdk::Host& host_;
  EventLogs& logs_;
  const Clock now_;
  const checks::Keywords<EventRow> keywords_ = EventKeywords();
  checks::RealtimeOutbox outbox_;
  int64_t startup_age_ = 0;
  bool debug_ = false;
  std::vector<Filter> filters_;
  std::vector<Source> sources_;
  std::unique_ptr<LogSignal> signal_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace nscp::check_event_log
