#include "workers/scheduler/schedule.h"

#include <algorithm>
#include <cmath>

#include "proto/cpp/text.h"
#include "workers/checks/command_line.h"
#include "workers/checks/formats.h"
#include "workers/sdk/objects.h"

namespace nscp::scheduler {
namespace {

constexpr char kDefaultChannel[] = "NSCA";
constexpr char kDrop[] = "drop";
constexpr int64_t kLongestInterval = 366 * 86400;  // seconds

// "5m", "30" (seconds), and fractions of a second as "500ms".
std::optional<std::chrono::milliseconds> ParseInterval(const std::string& text) {
  if (EndsWith(text, "ms")) {
    const auto count = checks::ParseDuration(text.substr(0, text.size() - 2) + "s");
    if (!count || *count > kLongestInterval * 1000) return std::nullopt;
    return std::chrono::milliseconds(*count);
  }
  auto seconds = checks::ParseDuration(text);
  if (!seconds) seconds = checks::ParseDuration(text + "s");
  if (!seconds || *seconds > kLongestInterval) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

// "20%" or "20": a part of the whole.
std::optional<double> ParseShare(std::string text) {
  if (EndsWith(text, "%")) text.pop_back();
  const auto number = checks::ParseDuration(std::string(Trim(text)) + "s");
  if (!number || *number > 100) return std::nullopt;
  return static_cast<double>(*number) / 100;
}

// False for a word that is no state.
bool ParseReport(const std::string& text, bool (&reports)[4]) {
  const std::vector<std::string> words = SplitList(text);
  if (words.empty()) return true;
  std::fill(std::begin(reports), std::end(reports), false);
  for (const std::string& word : words) {
    const std::string lower = ToLowerAscii(word);
    if (lower == "all") {
      std::fill(std::begin(reports), std::end(reports), true);
    } else if (lower == "err" || lower == "error") {
      reports[static_cast<int>(sdk::State::kCritical)] = true;
    } else {
      const sdk::State state = sdk::ParseState(lower);
      if (state == sdk::State::kUnknown && lower != "unknown") return false;
      reports[static_cast<int>(state)] = true;
    }
  }
  return true;
}

Status ReadTimes(const sdk::SettingsObject& object, Schedule& schedule) {
  const std::string interval = object.Get("interval");
  const std::string cron = object.Get("schedule");
  if (interval.empty() && cron.empty()) {
    return Status::InvalidArgument("it has neither an interval nor a schedule");
  }
  if (!interval.empty() && !cron.empty()) {
    return Status::InvalidArgument("it has an interval and a schedule: remove one");
  }
  if (!cron.empty()) {
    ASSIGN_OR_RETURN(schedule.cron, Cron::Parse(cron));
    return Status::Ok();
  }
  schedule.interval = ParseInterval(interval);
  if (!schedule.interval) {
    return Status::InvalidArgument("its interval '" + interval +
                                   "' is no time (write one such as 5m)");
  }
  if (schedule.interval->count() == 0) {
    return Status::InvalidArgument("its interval is 0");
  }
  if (const std::string share = object.Get("randomness"); !share.empty()) {
    const auto part = ParseShare(share);
    if (!part) {
      return Status::InvalidArgument("its randomness '" + share +
                                     "' is no percentage (write one such as 20%)");
    }
    schedule.randomness = *part;
  }
  return Status::Ok();
}

Result<Schedule> ReadSchedule(const sdk::SettingsObject& object) {
  Schedule schedule;
  schedule.name = object.alias;
  const std::string line = object.Get("command", object.value);
  ASSIGN_OR_RETURN(std::vector<std::string> words, checks::SplitCommandLine(line));
  if (words.empty()) return Status::InvalidArgument("it has no command");
  schedule.query.command = ToLowerAscii(words.front());
  schedule.query.arguments.assign(words.begin() + 1, words.end());
  RETURN_IF_ERROR(ReadTimes(object, schedule));
  schedule.channel = object.Get("channel", kDefaultChannel);
  if (EqualsIgnoreCase(Trim(schedule.channel), kDrop)) schedule.channel.clear();
  if (const std::string report = object.Get("report");
      !ParseReport(report, schedule.reports)) {
    return Status::InvalidArgument("its report '" + report +
                                   "' is no list of all, ok, warning, critical, unknown");
  }
  schedule.target = object.Get("target");
  schedule.source = object.Get("source");
  schedule.run_on_startup = sdk::ParseBool(object.Get("run on startup"), false);
  return schedule;
}

}  // namespace

std::vector<Schedule> ReadSchedules(const sdk::Settings& settings,
                                    const std::string& path, const checks::Log& log) {
  const sdk::ObjectList list = sdk::ReadObjects(settings, path);
  for (const std::string& problem : list.problems) {
    log(sdk::LogLevel::kError, problem);
  }
  std::vector<Schedule> schedules;
  for (const sdk::SettingsObject& object : list.objects) {
    if (schedules.size() == kMaxSchedules) {
      log(sdk::LogLevel::kError, "there are more than " + std::to_string(kMaxSchedules) +
                                     " schedules; the others are left out");
      break;
    }
    auto schedule = ReadSchedule(object);
    if (schedule.ok()) {
      schedules.push_back(std::move(schedule).value());
    } else {
      log(sdk::LogLevel::kError,
          "The schedule " + object.name + " is left out: " + schedule.status().message());
    }
  }
  return schedules;
}

}  // namespace nscp::scheduler
