#include "workers/check_system/counter_watch.h"

#include <algorithm>
#include <cmath>

#include "proto/cpp/text.h"

namespace nscp::check_system {

CounterWatch::CounterWatch(CounterSource& source, std::function<Clock::time_point()> now)
    : source_(source), now_(std::move(now)) {}

CounterWatch::~CounterWatch() { Stop(); }

void CounterWatch::Stop() { ticker_.Stop(); }

void CounterWatch::Configure(std::vector<CounterConfig> counters, bool watch, Log log) {
  ticker_.Stop();
  log_ = std::move(log);
  query_.reset();
  live_.clear();
  const std::lock_guard<std::mutex> lock(mutex_);
  known_.clear();
  room_ = kMaxValues;
  for (CounterConfig& config : counters) {
    if (known_.size() == kMaxConfigured) {
      log_("There are more than " + std::to_string(kMaxConfigured) + " counters; " +
           config.name + " and those behind it are left out");
      break;
    }
    const std::string key = ToLowerAscii(config.name);
    live_[key].wish = config.wish;
    known_[key].config = std::move(config);
  }
  watching_ = watch && !known_.empty();
  if (watching_) ticker_.Start();
}

bool CounterWatch::watching() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return watching_;
}

std::optional<CounterConfig> CounterWatch::Find(const std::string& name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = known_.find(ToLowerAscii(name));
  if (found == known_.end()) return std::nullopt;
  return found->second.config;
}

std::vector<CounterConfig> CounterWatch::All() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<CounterConfig> all;
  for (const auto& [key, known] : known_) all.push_back(known.config);
  return all;
}

void CounterWatch::Retry(const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = known_.find(ToLowerAscii(name));
  if (found != known_.end()) found->second.wants_retry = true;
}

void CounterWatch::Step() {
  const Status step = StepAll();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Remember(step);
  }
  changed_.notify_all();
}

Status CounterWatch::StepAll() {
  if (!query_) {
    ASSIGN_OR_RETURN(query_, source_.Open());
  }
  AddDue();
  const bool is_empty = std::all_of(live_.begin(), live_.end(), [](const auto& entry) {
    return entry.second.added.empty();
  });
  return is_empty ? Status::Ok() : query_->Collect();
}

void CounterWatch::AddDue() {
  const Clock::time_point now = now_();
  for (auto& [key, live] : live_) {
    if (ticker_.stopping() && watching()) return;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (std::exchange(known_[key].wants_retry, false)) live.next_add.reset();
    }
    const bool is_wild = live.wish.path.find('*') != std::string::npos;
    const bool is_due = !live.next_add || *live.next_add <= now;
    if (!is_due || (!live.added.empty() && !is_wild)) continue;
    live.next_add = now + kRetry;
    auto added = AddCounters(source_, *query_, live.wish, live.added);
    if (added.status().ToString() != live.error.ToString() && !added.ok()) {
      log_("Counter " + key + ": " + added.status().message());
    }
    live.error = added.status();
    if (!added.ok()) continue;  // what was there gives what it has
    for (const AddedCounter& old : live.added) {
      const bool is_kept =
          std::any_of(added->begin(), added->end(),
                      [&](const AddedCounter& one) { return one.id == old.id; });
      if (!is_kept) query_->Remove(old.id);
    }
    live.added = std::move(*added);
  }
}

// Under the lock.
void CounterWatch::Remember(const Status& step) {
  for (const auto& [key, live] : live_) {
    Known& known = known_[key];
    known.has_tried = true;
    known.error = step.ok() ? live.error : step;
    if (!step.ok()) continue;
    DropGone(known, live);
    for (const AddedCounter& added : live.added) {
      const auto value = query_->Value(added.id, added.format);
      if (!value.ok()) {
        Push(known, added, value.status());
      } else if (*value) {
        Push(known, added, **value);
      } else {
        Push(known, added, NAN);
      }
    }
  }
}

void CounterWatch::DropGone(Known& known, const Live& live) {
  for (auto series = known.series.begin(); series != known.series.end();) {
    const bool is_there = std::any_of(
        live.added.begin(), live.added.end(),
        [&](const AddedCounter& added) { return added.counter == series->first; });
    if (is_there) {
      ++series;
    } else {
      room_ += series->second.capacity;
      series = known.series.erase(series);
    }
  }
}

void CounterWatch::Push(Known& known, const AddedCounter& added,
                        const Result<double>& value) {
  auto [entry, is_new] = known.series.try_emplace(added.counter);
  Series& series = entry->second;
  if (is_new) {
    series.capacity =
        std::clamp<int64_t>(known.config.buffer, 1, std::max<int64_t>(room_, 1));
    room_ -= series.capacity;
    series.last = {added.alias, added.counter, added.instance,
                   Status::Unavailable("Counter " + known.config.name +
                                       " has no value yet: try again in a second")};
    if (series.capacity < known.config.buffer) {
      log_("Counter " + added.alias + " keeps " + std::to_string(series.capacity) +
           " values alone: all counters together have room for " +
           std::to_string(kMaxValues));
    }
  }
  const bool has_value = value.ok() && !std::isnan(*value);
  if (has_value || !value.ok()) {
    series.last.value = value;
    series.at = now_();
  }
  series.values.push_back(has_value ? *value : NAN);
  while (static_cast<int64_t>(series.values.size()) > series.capacity) {
    series.values.pop_front();
  }
}

Result<std::vector<CounterReading>> CounterWatch::Values(const std::string& name,
                                                         std::optional<int64_t> seconds,
                                                         Clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  const std::string key = ToLowerAscii(name);
  const auto is_settled = [&] {
    const auto found = known_.find(key);
    if (found == known_.end() || !watching_) return true;
    const Known& known = found->second;
    if (known.has_tried && known.series.empty()) return true;
    return known.has_tried &&
           std::all_of(known.series.begin(), known.series.end(), [](const auto& entry) {
             return entry.second.at != Clock::time_point();
           });
  };
  changed_.wait_until(lock, until, is_settled);
  const auto found = known_.find(key);
  if (found == known_.end()) {
    return Status::NotFound("There is no counter " + name +
                            " in /settings/system/windows/counters");
  }
  const Known& known = found->second;
  if (known.series.empty()) {
    if (!known.error.ok()) return known.error;
    return Status::Unavailable("Counter " + name +
                               " has no value yet: the collector still begins");
  }
  std::vector<CounterReading> readings;
  for (const auto& [path, series] : known.series) {
    ASSIGN_OR_RETURN(CounterReading reading, Average(series, seconds));
    readings.push_back(std::move(reading));
  }
  return readings;
}

Result<CounterReading> CounterWatch::Average(const Series& series,
                                             std::optional<int64_t> seconds) const {
  CounterReading reading = series.last;
  const auto age = now_() - series.at;
  if (series.at != Clock::time_point() && age > kMaxAge) {
    const auto old = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    reading.value = Status::Unavailable("The last value of counter " + reading.alias +
                                        " is " + std::to_string(old) + " seconds old");
  }
  if (!seconds || !reading.value.ok()) return reading;
  double sum = 0;
  int64_t count = 0;
  int64_t left = std::max<int64_t>(*seconds, 1);
  for (auto value = series.values.rbegin(); value != series.values.rend() && left > 0;
       ++value, --left) {
    if (std::isnan(*value)) continue;
    sum += *value;
    ++count;
  }
  if (count == 0) {
    reading.value =
        Status::Unavailable("Counter " + reading.alias + " gave no value in this time");
  } else {
    reading.value = sum / static_cast<double>(count);
  }
  return reading;
}

}  // namespace nscp::check_system
