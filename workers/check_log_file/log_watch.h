// The real-time filters of log files: reads what is written to the files of all filters,
// each file once, on a thread of its own, and hands the lines to the filters
// (modules.md C5, filter-engine.md 10). Owned by the module. AddMetrics: any thread;
// Start and Stop: one at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "workers/check_log_file/file_watcher.h"
#include "workers/check_log_file/log_row.h"
#include "workers/check_log_file/tail.h"
#include "workers/checks/realtime.h"

namespace nscp::check_log_file {

// Files of all filters; each is kept open. Those beyond are told in the log.
constexpr size_t kMaxWatchedFiles = 500;
// At the latest so long after a change that the system did not tell of.
constexpr std::chrono::milliseconds kLookInterval{500};
// Between two looks at least, so that a busy file does not cost a look for each line.
constexpr std::chrono::milliseconds kRest{50};

class LogWatch {
 public:
  // Filters as the settings describe them; what is wrong with them is told to the log,
  // and the others work. `host` outlives it.
  LogWatch(const sdk::Settings& settings, sdk::Host& host,
           std::unique_ptr<FileWatcher> watcher = MakeFileWatcher());
  ~LogWatch();
  LogWatch(const LogWatch&) = delete;
  LogWatch& operator=(const LogWatch&) = delete;

  // What stands in the files when it returns is old; waits kStartLimit at most for file
  // systems that do not answer.
  static constexpr std::chrono::seconds kStartLimit{2};
  void Start();
  void Stop();
  void AddMetrics(std::vector<sdk::Metric>& metrics) const;

 private:
  struct Filter {
    std::unique_ptr<checks::RealtimeFilter<LogRow>> filter;
    std::shared_ptr<const std::string> separator;
  };
  struct Source {
    Tail tail;
    std::shared_ptr<const std::string> file;
    std::vector<size_t> filters;
    std::string last_error;  // told once
  };

  void AddFilter(const sdk::SettingsObject& object);
  void AddSource(const std::string& path, bool entire, size_t filter);
  void SkipOld();
  void Run();
  void Look();
  bool Judge(const Source& source, const std::vector<std::string>& lines);
  checks::Environment MakeEnvironment();

  sdk::Host& host_;
  const checks::Keywords<LogRow> keywords_ = LogKeywords();
  std::unique_ptr<FileWatcher> watcher_;
  checks::RealtimeOutbox outbox_;
  std::vector<Filter> filters_;
  std::map<std::pair<std::string, bool>, size_t> places_;  // in sources_
  std::vector<Source> sources_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace nscp::check_log_file
