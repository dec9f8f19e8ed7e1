#include "workers/check_event_log/eventlog_check.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/check_event_log/event_query.h"
#include "workers/check_event_log/position.h"
#include "workers/checks/formats.h"

namespace nscp::check_event_log {
namespace {

using checks::Arguments;
using checks::Sink;

constexpr char kAutomatic[] = "auto";
constexpr char kUniqueIndex[] = "${log}-${source}-${id}";
constexpr char kDefaultRange[] = "-24h";
constexpr char kDefaultDetail[] = "${file} ${source} (${message})";

checks::OptionTable EventlogOptions() {
  checks::OptionTable options;
  options.List("file", {},
               "Log to read; may be given several times (Application and System without "
               "one).\nThe records of all of them are one set.");
  options.List("log", {}, "The same as file");
  options.Text("scan-range", kDefaultRange,
               "How far to look back: records are read from the newest one to the one "
               "that was written so long ago (-24h, -30m, -2w).\nWithout the minus all "
               "are read that were written until so long from now, the oldest first.");
  options.Integer("truncate-message", 0,
                  "Longest message that is shown, in bytes; 0 shows all of it");
  options.Bool("unique", "Show one record of each kind: the same as unique-index=" +
                             std::string(kUniqueIndex));
  options
      .Text(
          "bookmark", kAutomatic,
          "Look only at what is new since the last check with this bookmark; at the "
          "first one scan-range holds.\nWithout a name each way of calling the check has "
          "one of its own.")
      .BareIsDefault();
  return options;
}

void PrepareUnique(const Arguments& arguments, checks::FilterRequest& request) {
  if (arguments.Flag("unique") && request.unique_index.empty()) {
    request.unique_index = kUniqueIndex;
  }
}

checks::Check<EventRow> MakeEventlogCheck(const std::string& syntax) {
  checks::FilterDefaults defaults;
  defaults.filter = {"level in ('warning', 'error', 'critical')"};
  defaults.warning = {"level = 'warning'", "problem_count > 0"};
  defaults.critical = {"level in ('error', 'critical')"};
  defaults.empty_state = "ok";
  defaults.perf_config = "level(ignored:true)";
  defaults.top_syntax = "${status}: ${count} message(s) ${problem_list}";
  defaults.ok_syntax = "%(status): Event log seems fine";
  defaults.empty_syntax = "%(status): No entries found";
  defaults.detail_syntax = syntax.empty() ? kDefaultDetail : syntax;
  defaults.perf_syntax = "${file}_${source}";
  defaults.has_unique_index = true;
  return {EventlogOptions(), defaults, EventKeywords(), PrepareUnique};
}

struct Wish {
  std::vector<std::string> logs;
  int64_t range = 0;
  size_t message_limit = 0;
  std::string bookmark;  // empty without one
  Wanted wanted;
};

// Calls that differ in anything but their logs have bookmarks of their own.
std::string AutomaticName(const std::vector<std::string>& arguments) {
  std::string text = kAutomatic;
  for (const std::string& argument : arguments) {
    const std::string_view plain =
        StartsWith(argument, "--") ? std::string_view(argument).substr(2) : argument;
    if (StartsWith(plain, "file") || StartsWith(plain, "log=")) continue;
    text += "\n" + argument;
  }
  if (text.size() <= checks::kMaxBookmarkName) return text;
  // FNV-1a (draft-eastlake-fnv) tells long ones apart.
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return std::string(kAutomatic) + "-" + std::to_string(hash);
}

// Whether the call tells of records that the filter drops, which must be read then.
bool TellsOfDropped(const Arguments& parsed, const std::vector<std::string>& arguments) {
  return parsed.Flag("debug") ||
         std::any_of(arguments.begin(), arguments.end(), [](const std::string& text) {
           return text.find("total") != std::string::npos;
         });
}

Result<Wish> ReadWish(const Arguments& parsed,
                      const std::vector<std::string>& arguments) {
  Wish wish;
  wish.logs = parsed.List("file");
  for (const std::string& log : parsed.List("log")) wish.logs.push_back(log);
  if (wish.logs.empty()) wish.logs = {"Application", "System"};
  ASSIGN_OR_RETURN(wish.range, ParseScanRange(parsed.Text("scan-range")));
  wish.message_limit =
      static_cast<size_t>(std::max<int64_t>(parsed.Integer("truncate-message"), 0));
  if (parsed.Given("bookmark")) {
    const std::string& name = parsed.Text("bookmark");
    const bool automatic = name.empty() || name == kAutomatic;
    wish.bookmark = automatic ? AutomaticName(arguments) : name;
    if (wish.bookmark.size() > checks::kMaxBookmarkName) {
      return Status::InvalidArgument("The name of the bookmark is longer than " +
                                     std::to_string(checks::kMaxBookmarkName) +
                                     " characters");
    }
  }
  std::vector<std::string> filters;
  for (const std::string& filter : parsed.List("filter")) {
    if (filter != "none") filters.push_back(filter);
  }
  if (!TellsOfDropped(parsed, arguments)) wish.wanted = WantedOf(filters);
  return wish;
}

// One run: reads the logs and hands their records to the filter.
class EventlogRun {
 public:
  EventlogRun(Wish wish, const checks::Environment& environment, EventLogs& logs,
              checks::Bookmarks& bookmarks, Sink<EventRow>& sink)
      : wish_(std::move(wish)),
        environment_(environment),
        logs_(logs),
        bookmarks_(bookmarks),
        sink_(sink),
        texts_(TextsInUse([&](std::string_view name) { return sink.Uses(name); })) {}

  Status Collect() {
    for (const std::string& log : wish_.logs) {
      RETURN_IF_ERROR(ReadLog(log));
      if (done_) break;
    }
    return failed_;
  }
  const std::string& bookmark() const { return wish_.bookmark; }
  // Where the logs that were read were read to.
  const checks::Bookmarks::Places& places() const { return places_; }

 private:
  Status ReadLog(const std::string& log);
  ReadRequest RequestFor(const std::string& log) const;
  // From the bookmark on; false where there is none.
  Result<bool> Resume(const LogEnds& ends, ReadRequest& request) const;
  bool Take(const Event& event);
  void Stop(Status why) {
    failed_ = std::move(why);
    done_ = true;
  }

  const Wish wish_;
  const checks::Environment& environment_;
  EventLogs& logs_;
  checks::Bookmarks& bookmarks_;
  Sink<EventRow>& sink_;
  const std::array<bool, kEventTexts> texts_;
  size_t records_ = 0;
  size_t kept_bytes_ = 0;
  Position last_;
  bool done_ = false;
  Status failed_;
  checks::Bookmarks::Places places_;
};

ReadRequest EventlogRun::RequestFor(const std::string& log) const {
  ReadRequest request;
  request.log = log;
  request.wanted = wish_.wanted;
  request.newest_first = wish_.range <= 0;
  const int64_t bound = environment_.now + wish_.range;
  (request.newest_first ? request.since : request.until) = bound;
  return request;
}

Result<bool> EventlogRun::Resume(const LogEnds& ends, ReadRequest& request) const {
  const auto kept = ParsePosition(bookmarks_.Find(wish_.bookmark, request.log));
  if (!kept) return false;
  std::optional<Position> there;
  if (MayBeThere(*kept, ends)) {
    ASSIGN_OR_RETURN(there, logs_.Find(request.log, kept->record));
  }
  const ReadOn read_on = FindReadOn(*kept, ends, there);
  if (read_on.began_anew) {
    environment_.Write(
        sdk::LogLevel::kInfo,
        "The event log " + request.log + " was cleared: reading it from its beginning");
  }
  if (read_on.lost_records) {
    environment_.Write(sdk::LogLevel::kWarning,
                       "The event log " + request.log +
                           " has overwritten records that no check has read since the "
                           "last one: make the log larger, or check it more often");
  }
  request.after = read_on.after;
  request.since.reset();
  request.until.reset();
  return true;
}

Status EventlogRun::ReadLog(const std::string& log) {
  ReadRequest request = RequestFor(log);
  LogEnds ends;
  if (!wish_.bookmark.empty()) {
    ASSIGN_OR_RETURN(ends, logs_.Ends(log));
    ASSIGN_OR_RETURN(const bool resumed, Resume(ends, request));
    // The oldest first, so that a call that has enough can be gone on with.
    if (resumed) request.newest_first = false;
    request.up_to = ends.newest.record;
    if (request.up_to == 0) {
      places_.emplace_back(log, FormatPosition({}));
      return Status::Ok();
    }
  }
  last_ = {};
  RETURN_IF_ERROR(logs_.Read(request, environment_.cancelled,
                             [this](const Event& event) { return Take(event); }));
  if (wish_.bookmark.empty()) return Status::Ok();
  const bool can_go_on = done_ && !request.newest_first && last_.record > 0;
  places_.emplace_back(log, FormatPosition(can_go_on ? last_ : ends.newest));
  return Status::Ok();
}

bool EventlogRun::Take(const Event& event) {
  EventRow row{event, wish_.message_limit};
  const size_t before = sink_.count();
  done_ = !sink_.Add(static_cast<const EventRow&>(row));
  last_ = {event.record, event.time};
  // `event` and `row` share the texts, and a row that is kept does.
  if (sink_.count() > before) kept_bytes_ += row.event.texts.Settle(texts_);
  if (kept_bytes_ > kMaxKeptBytes) {
    Stop(Status::ResourceExhausted(
        "The records that match have more than " +
        std::to_string(kMaxKeptBytes / 1024 / 1024) +
        " MiB of text: use a narrower filter, a bookmark or truncate-message"));
  } else if (++records_ >= kMaxRecords) {
    Stop(Status::ResourceExhausted("There are more than " + std::to_string(kMaxRecords) +
                                   " records to look at: use a shorter scan-range, a "
                                   "bookmark, or a filter with level or id"));
  }
  return !done_;
}

}  // namespace

Result<int64_t> ParseScanRange(const std::string& text) {
  const std::string_view trimmed = Trim(text);
  const bool is_past = StartsWith(trimmed, "-");
  const auto seconds = checks::ParseDuration(trimmed.substr(is_past ? 1 : 0));
  if (!seconds) {
    return Status::InvalidArgument("Invalid time specification: '" + text + "'");
  }
  return is_past ? -*seconds : *seconds;
}

EventlogCheck::EventlogCheck(const std::string& syntax)
    : check_(MakeEventlogCheck(syntax)) {}

sdk::CheckResult EventlogCheck::Run(const std::vector<std::string>& arguments,
                                    const checks::Environment& environment,
                                    EventLogs& logs, checks::Bookmarks& bookmarks) const {
  std::string name;
  checks::Bookmarks::Places places;
  sdk::CheckResult result =
      check_.Run(arguments, environment,
                 [&](const Arguments& parsed, Sink<EventRow>& sink) -> Status {
                   ASSIGN_OR_RETURN(Wish wish, ReadWish(parsed, arguments));
                   EventlogRun run(std::move(wish), environment, logs, bookmarks, sink);
                   const Status collected = run.Collect();
                   name = run.bookmark();
                   // After too many records the next check goes on behind them; after any
                   // other failure nobody was told of them.
                   if (collected.ok() || collected.code() == Code::kResourceExhausted) {
                     places = run.places();
                   }
                   return collected;
                 });
  // Records whose answer nobody gets are not old yet.
  const bool abandoned = environment.cancelled && environment.cancelled();
  if (abandoned || places.empty()) return result;
  const Status saved = bookmarks.Save(name, places);
  if (!saved.ok()) {
    environment.Write(sdk::LogLevel::kError,
                      "Failed to keep the bookmark " + name + ": " + saved.message());
  }
  return result;
}

}  // namespace nscp::check_event_log
