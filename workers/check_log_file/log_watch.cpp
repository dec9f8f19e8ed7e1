#include "workers/check_log_file/log_watch.h"

#include <future>

#include "proto/cpp/text.h"
#include "workers/check_log_file/lines.h"

namespace nscp::check_log_file {
namespace {

constexpr char kFilters[] = "/settings/logfile/real-time/checks";

checks::RealtimeDefaults Defaults() {
  checks::RealtimeDefaults defaults;
  defaults.top_syntax = "${status}: ${list}";
  defaults.detail_syntax = "${file}: ${line}";
  defaults.perf_syntax = "${column1}";
  defaults.event = "logfile";
  return defaults;
}

// Of the settings, where a blank at an end needs quotes.
std::string Separator(const sdk::SettingsObject& object) {
  std::string text = object.Get("column split");
  if (text.empty()) text = object.Get("column-split");
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  text = ReplaceAll(ReplaceAll(text, "\\t", "\t"), "\\n", "\n");
  return text.empty() ? "\t" : text.substr(0, kMaxSeparator);
}

int64_t Now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

LogWatch::LogWatch(const sdk::Settings& settings, sdk::Host& host,
                   std::unique_ptr<FileWatcher> watcher)
    : host_(host), watcher_(std::move(watcher)), outbox_(host) {
  const sdk::ObjectList list = sdk::ReadObjects(settings, kFilters);
  for (const std::string& problem : list.problems) {
    host_.Log(sdk::LogLevel::kError, std::string(kFilters) + ": " + problem);
  }
  for (const sdk::SettingsObject& object : list.objects) AddFilter(object);
}

LogWatch::~LogWatch() { Stop(); }

checks::Environment LogWatch::MakeEnvironment() {
  checks::Environment environment;
  environment.now = Now();
  environment.log = [this](sdk::LogLevel level, std::string_view text) {
    host_.Log(level, text);
  };
  environment.cancelled = [this] { return stopping_.load(); };
  return environment;
}

void LogWatch::AddFilter(const sdk::SettingsObject& object) {
  std::vector<std::string> problems;
  auto options = checks::ReadRealtimeOptions(object, Defaults(), problems);
  auto files = checks::RealtimeList(object, "file", "files", {});
  if (files.empty()) {
    problems.push_back("filter " + object.name + ": it names no file (file = ...)");
  }
  Filter filter;
  filter.separator = std::make_shared<const std::string>(Separator(object));
  filter.filter = std::make_unique<checks::RealtimeFilter<LogRow>>(
      std::move(options), keywords_, outbox_, MakeEnvironment());
  if (!filter.filter->problem().empty()) {
    problems.push_back("filter " + object.name + ": " + filter.filter->problem());
  }
  filters_.push_back(std::move(filter));
  const bool entire = sdk::ParseBool(object.Get("read entire file"), false);
  for (const std::string& file : files) AddSource(file, entire, filters_.size() - 1);
  for (const std::string& problem : problems) {
    host_.Log(sdk::LogLevel::kError, std::string(kFilters) + ": " + problem);
  }
}

void LogWatch::AddSource(const std::string& path, bool entire, size_t filter) {
  const auto key = std::make_pair(path, entire);
  auto place = places_.find(key);
  if (place == places_.end()) {
    if (sources_.size() >= kMaxWatchedFiles) {
      host_.Log(sdk::LogLevel::kError, std::string(kFilters) + ": " + path +
                                           " is not watched: there are more than " +
                                           std::to_string(kMaxWatchedFiles) + " files");
      return;
    }
    place = places_.emplace(key, sources_.size()).first;
    sources_.push_back(
        {Tail(path, entire), std::make_shared<const std::string>(path), {}, ""});
  }
  std::vector<size_t>& filters = sources_[place->second].filters;
  if (filters.empty() || filters.back() != filter) filters.push_back(filter);
}

void LogWatch::Start() {
  if (thread_.joinable() || filters_.empty()) return;
  auto skipped = std::make_shared<std::promise<void>>();
  const std::future<void> is_skipped = skipped->get_future();
  thread_ = std::thread([this, skipped] {
    SkipOld();
    skipped->set_value();
    Run();
  });
  is_skipped.wait_for(kStartLimit);
}

void LogWatch::SkipOld() {
  for (Source& source : sources_) {
    if (stopping_) return;
    const Status skipped = source.tail.SkipToEnd();
    if (skipped.ok()) continue;
    source.last_error = skipped.message();
    host_.Log(sdk::LogLevel::kError, skipped.message());
  }
}

void LogWatch::Stop() {
  stopping_ = true;
  watcher_->Wake();
  if (thread_.joinable()) thread_.join();
  outbox_.Stop();
}

void LogWatch::AddMetrics(std::vector<sdk::Metric>& metrics) const {
  for (const Filter& filter : filters_) {
    filter.filter->AddMetrics("logfile.real-time", metrics);
  }
}

void LogWatch::Run() {
  using Clock = std::chrono::steady_clock;
  std::vector<std::string> files;
  for (const Source& source : sources_) files.push_back(source.tail.path());
  while (!stopping_) {
    // First told to wake, then looked at: nothing falls in between.
    watcher_->Watch(files);
    const Clock::time_point looked = Clock::now();
    Look();
    for (const Filter& filter : filters_) filter.filter->Tick(Now());
    watcher_->Wait(kLookInterval);
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - looked);
    if (passed < kRest && !stopping_) std::this_thread::sleep_for(kRest - passed);
  }
}

void LogWatch::Look() {
  for (Source& source : sources_) {
    if (stopping_) return;
    const Status read = source.tail.Read(
        [&](const std::vector<std::string>& lines) { return Judge(source, lines); });
    if (!read.ok() && read.message() != source.last_error) {
      host_.Log(sdk::LogLevel::kError, read.message());
    }
    source.last_error = read.message();
  }
}

bool LogWatch::Judge(const Source& source, const std::vector<std::string>& lines) {
  const checks::Environment environment = MakeEnvironment();
  std::vector<LogRow> rows(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    rows[i].line = lines[i];
    rows[i].file = source.file;
  }
  for (const size_t place : source.filters) {
    for (LogRow& row : rows) row.separator = filters_[place].separator;
    filters_[place].filter->Judge(rows, environment);
  }
  return !stopping_;
}

}  // namespace nscp::check_log_file
