// The configured counters: read once a second on a thread of their own, whatever the
// number of checks, with a buffer of one value a second for those that are averaged over.
// Owned by the module. Configure and Stop: one at a time; all else: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "workers/check_system/counter_reader.h"
#include "workers/check_system/ticker.h"

namespace nscp::check_system {

struct CounterConfig {
  std::string name;  // as spelled in the settings
  CounterWish wish;  // its alias is that of the answers
  // Seconds that are kept to average over; 1 for a counter whose last value counts alone.
  int64_t buffer = 3600;
};

class CounterWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kInterval{1000};
  // Values older than this are not given out as if they were of now.
  static constexpr std::chrono::seconds kMaxAge{10};
  // What could not be added is tried again so often; a path with '*' is expanded anew, so
  // that new instances appear.
  static constexpr std::chrono::seconds kRetry{60};
  // Counters in the settings, and all values in all buffers (16 MB).
  static constexpr size_t kMaxConfigured = 256;
  static constexpr int64_t kMaxValues = 2000000;
  static constexpr int64_t kMaxBuffer = 24 * 3600;
  // A first value that is on its way is waited for so long.
  static constexpr std::chrono::seconds kFirstWait{2};

  using Log = std::function<void(const std::string&)>;

  // The source outlives it. `now` tells how old values are.
  explicit CounterWatch(CounterSource& source,
                        std::function<Clock::time_point()> now = &Clock::now);
  ~CounterWatch();

  // Takes these counters over; reads them when `watch` is true. Errors that come and go
  // are told to `log` once.
  void Configure(std::vector<CounterConfig> counters, bool watch, Log log);
  void Stop();

  bool watching() const;
  // In any case; nothing where there is no such counter.
  std::optional<CounterConfig> Find(const std::string& name) const;
  std::vector<CounterConfig> All() const;

  // The last value of each instance, or the average over so many seconds. Waits for the
  // first one, but not beyond `until`. Errors: not configured, none yet, too old.
  Result<std::vector<CounterReading>> Values(const std::string& name,
                                             std::optional<int64_t> seconds,
                                             Clock::time_point until);
  // What could not be added is tried again in the next second.
  void Retry(const std::string& name);

  // One reading of all; the thread does it every second.
  void Step();

 private:
  // The values of one instance, newest last.
  struct Series {
    CounterReading last;
    Clock::time_point at;
    int64_t capacity = 1;
    std::deque<double> values;  // NaN: nothing in that second
  };
  // What is known of a counter, by instance. Under the lock.
  struct Known {
    CounterConfig config;
    Status error;  // why there are no values
    bool has_tried = false;
    bool wants_retry = false;
    std::map<std::string, Series> series;
  };
  // Its place in the query. Belongs to who steps.
  struct Live {
    CounterWish wish;
    std::vector<AddedCounter> added;
    std::optional<Clock::time_point> next_add;
    Status error;
  };

  Status StepAll();
  void AddDue();
  void Remember(const Status& step);
  void Push(Known& known, const AddedCounter& added, const Result<double>& value);
  void DropGone(Known& known, const Live& live);
  Result<CounterReading> Average(const Series& series,
                                 std::optional<int64_t> seconds) const;

  CounterSource& source_;
  const std::function<Clock::time_point()> now_;
  Log log_;
  std::unique_ptr<CounterQuery> query_;
  std::map<std::string, Live> live_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool watching_ = false;
  int64_t room_ = kMaxValues;
  std::map<std::string, Known> known_;            // by name in lower case, as live_
  Ticker ticker_{kInterval, [this] { Step(); }};  // the last member: its thread uses them
};

}  // namespace nscp::check_system
