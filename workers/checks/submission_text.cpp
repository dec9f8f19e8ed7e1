#include "workers/checks/submission_text.h"

#include <optional>

namespace nscp::checks {
namespace {

constexpr size_t kLongestTime = 256;

std::string TimeText(const SubmissionTime& time) {
  const auto wall = time.zone.At(time.now);
  if (!wall) return std::to_string(time.now);
  std::tm fields{};
  fields.tm_year = static_cast<int>(wall->year - 1900);
  fields.tm_mon = wall->month - 1;
  fields.tm_mday = wall->day;
  fields.tm_hour = wall->hour;
  fields.tm_min = wall->minute;
  fields.tm_sec = wall->second;
  fields.tm_wday = wall->weekday;
  fields.tm_isdst = -1;
  char text[kLongestTime];
  return {text, std::strftime(text, sizeof text, time.format.c_str(), &fields)};
}

std::optional<std::string> ValueOf(std::string_view name,
                                   const sdk::Submission& submission,
                                   const SubmissionTime& time) {
  const sdk::CheckResult& result = submission.result;
  if (name == "command") return result.command;
  if (name == "host") return submission.source;
  if (name == "channel") return submission.channel;
  if (name == "alias") return submission.alias;
  if (name == "alias-or-command") {
    return submission.alias.empty() ? result.command : submission.alias;
  }
  if (name == "message") return MessageOf(result);
  if (name == "result") return std::string(sdk::StateName(result.state));
  if (name == "result_number") return std::to_string(static_cast<int>(result.state));
  if (name == "epoch") return std::to_string(time.now);
  if (name == "time") return TimeText(time);
  return std::nullopt;
}

}  // namespace

std::string MessageOf(const sdk::CheckResult& result) {
  std::string message;
  for (const sdk::Line& line : result.lines) {
    if (&line != &result.lines.front()) message += '\n';
    message += line.message;
  }
  return message;
}

std::string SubmissionText(std::string_view text, const sdk::Submission& submission,
                           const SubmissionTime& time) {
  std::string out;
  while (!text.empty()) {
    const size_t begin = text.find("${");
    const size_t end = begin == text.npos ? text.npos : text.find('}', begin);
    if (end == text.npos) return out.append(text);
    out.append(text.substr(0, begin));
    const auto value = ValueOf(text.substr(begin + 2, end - begin - 2), submission, time);
    out.append(value ? *value : std::string(text.substr(begin, end + 1 - begin)));
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace nscp::checks
