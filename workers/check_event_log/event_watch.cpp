#include "workers/check_event_log/event_watch.h"

#include "proto/cpp/text.h"
#include "workers/check_event_log/position.h"
#include "workers/checks/formats.h"

namespace nscp::check_event_log {
namespace {

constexpr char kRealTimePath[] = "/settings/eventlog/real-time";
constexpr char kFiltersPath[] = "/settings/eventlog/real-time/filters";
constexpr int64_t kDefaultAge = 30 * 60;
constexpr char kAllLogs[] = "all";

checks::RealtimeDefaults WatchDefaults() {
  checks::RealtimeDefaults defaults;
  defaults.top_syntax = "${status}: ${list}";
  defaults.detail_syntax = "${file} ${source} (${message})";
  defaults.perf_syntax = "${file}_${source}";
  defaults.event = "eventlog";
  return defaults;
}

size_t MessageLimit(const sdk::SettingsObject& object) {
  const auto bytes = checks::ParseBytes(object.Get("truncate"));
  return bytes ? static_cast<size_t>(*bytes) : 0;
}

}  // namespace

EventWatch::EventWatch(const sdk::Settings& settings, sdk::Host& host, EventLogs& logs,
                       Clock now)
    : host_(host), logs_(logs), now_(std::move(now)), outbox_(host) {
  const std::string age = settings.Get(kRealTimePath, "startup age", "30m");
  const auto seconds = checks::ParseDuration(age);
  startup_age_ = seconds.value_or(kDefaultAge);
  if (!seconds) {
    Tell("startup age: " + age + " is no time such as 30m; 30 minutes are taken");
  }
  debug_ = settings.GetBool(kRealTimePath, "debug", false);
  const auto all = SplitList(settings.Get(kRealTimePath, "log", "application,system"));
  const sdk::ObjectList list = sdk::ReadObjects(settings, kFiltersPath);
  for (const std::string& problem : list.problems) Tell(problem);
  for (const sdk::SettingsObject& object : list.objects) AddFilter(object, all);
}

EventWatch::~EventWatch() { Stop(); }

void EventWatch::Tell(const std::string& problem) {
  host_.Log(sdk::LogLevel::kError, std::string(kFiltersPath) + ": " + problem);
}

checks::Environment EventWatch::MakeEnvironment() {
  checks::Environment environment;
  environment.now = now_();
  environment.log = [this](sdk::LogLevel level, std::string_view text) {
    host_.Log(level, text);
  };
  environment.cancelled = [this] { return stopping_.load(); };
  return environment;
}

void EventWatch::AddFilter(const sdk::SettingsObject& object,
                           const std::vector<std::string>& all) {
  std::vector<std::string> problems;
  auto options = checks::ReadRealtimeOptions(object, WatchDefaults(), problems);
  auto logs = checks::RealtimeList(object, "log", "logs", all);
  if (logs.size() == 1 && EqualsIgnoreCase(logs[0], kAllLogs)) logs = all;
  Filter filter;
  filter.message_limit = MessageLimit(object);
  filter.filter = std::make_unique<checks::RealtimeFilter<EventRow>>(
      std::move(options), keywords_, outbox_, MakeEnvironment());
  if (!filter.filter->problem().empty()) problems.push_back(filter.filter->problem());
  filters_.push_back(std::move(filter));
  for (const std::string& log : logs) AddSource(log, filters_.size() - 1);
  for (const std::string& problem : problems) {
    Tell("filter " + object.name + ": " + problem);
  }
}

void EventWatch::AddSource(const std::string& log, size_t filter) {
  for (Source& source : sources_) {
    if (!EqualsIgnoreCase(source.log, log)) continue;
    if (source.filters.back() != filter) source.filters.push_back(filter);
    return;
  }
  if (sources_.size() >= kMaxWatchedLogs) {
    return Tell("the log " + log + " is not watched: there are more than " +
                std::to_string(kMaxWatchedLogs));
  }
  sources_.push_back({log, {filter}, std::nullopt, "", 0});
}

void EventWatch::Start() {
  if (thread_.joinable() || sources_.empty()) return;
  std::vector<std::string> logs;
  for (const Source& source : sources_) logs.push_back(source.log);
  signal_ = logs_.Follow(logs);
  thread_ = std::thread([this] { Run(); });
}

void EventWatch::Stop() {
  stopping_ = true;
  if (signal_ != nullptr) signal_->Wake();
  if (thread_.joinable()) thread_.join();
  outbox_.Stop();
}

void EventWatch::AddMetrics(std::vector<sdk::Metric>& metrics) const {
  for (const Filter& filter : filters_) {
    filter.filter->AddMetrics("eventlog.real-time", metrics);
  }
}

void EventWatch::Run() {
  using Monotonic = std::chrono::steady_clock;
  // Filters are to be told of the time about once a second.
  constexpr std::chrono::milliseconds kTick{1000};
  const auto look_at_latest = signal_->TellsAll() ? kQuietLook : kLook;
  Monotonic::time_point looked{};
  bool told = true;
  while (!stopping_) {
    if (told || Monotonic::now() - looked >= look_at_latest) {
      looked = Monotonic::now();
      Look();
    }
    for (const Filter& filter : filters_) filter.filter->Tick(now_());
    told = signal_->Wait(std::min(look_at_latest, kTick));
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(Monotonic::now() - looked);
    if (passed < kRest && !stopping_) std::this_thread::sleep_for(kRest - passed);
  }
}

void EventWatch::Look() {
  for (Source& source : sources_) {
    if (stopping_) return;
    if (source.left_alone > 0) {
      --source.left_alone;
      continue;
    }
    const Status read = ReadNew(source);
    if (!read.ok()) source.left_alone = kLooksAfterFailure;
    if (!read.ok() && !stopping_ && read.message() != source.last_error) {
      Tell(read.message());
    }
    source.last_error = read.message();
  }
}

Result<ReadRequest> EventWatch::RequestFor(const Source& source, const LogEnds& ends) {
  ReadRequest request;
  request.log = source.log;
  request.newest_first = false;
  request.up_to = ends.newest.record;
  if (!source.read_to) {
    request.since = now_() - startup_age_;
    return request;
  }
  std::optional<Position> there;
  if (MayBeThere(*source.read_to, ends)) {
    ASSIGN_OR_RETURN(there, logs_.Find(source.log, source.read_to->record));
  }
  const ReadOn read_on = FindReadOn(*source.read_to, ends, there);
  if (read_on.lost_records) {
    Tell("the event log " + source.log +
         " has overwritten records that the filters have not seen");
  }
  request.after = read_on.after;
  return request;
}

Status EventWatch::ReadNew(Source& source) {
  ASSIGN_OR_RETURN(const LogEnds ends, logs_.Ends(source.log));
  if (source.read_to && *source.read_to == ends.newest) return Status::Ok();
  if (ends.newest.record == 0) {
    source.read_to = Position{};
    return Status::Ok();
  }
  ASSIGN_OR_RETURN(const ReadRequest request, RequestFor(source, ends));
  std::vector<EventRow> rows;
  const Status read = logs_.Read(
      request, [this] { return stopping_.load(); },
      [&](const Event& event) {
        rows.push_back({event, 0});
        if (rows.size() >= kMaxBatch) Judge(source, rows);
        source.read_to = Position{event.record, event.time};
        return !stopping_.load();
      });
  if (!rows.empty()) Judge(source, rows);
  RETURN_IF_ERROR(read);
  if (!stopping_) source.read_to = ends.newest;
  return Status::Ok();
}

void EventWatch::Judge(const Source& source, std::vector<EventRow>& rows) {
  const checks::Environment environment = MakeEnvironment();
  for (const size_t place : source.filters) {
    for (EventRow& row : rows) row.message_limit = filters_[place].message_limit;
    const uint64_t fired = filters_[place].filter->fired();
    filters_[place].filter->Judge(rows, environment);
    if (debug_ && filters_[place].filter->fired() == fired) {
      host_.Log(sdk::LogLevel::kDebug, filters_[place].filter->alias() + ": none of " +
                                           std::to_string(rows.size()) +
                                           " new records of " + source.log + " match");
    }
  }
  rows.clear();
}

}  // namespace nscp::check_event_log
