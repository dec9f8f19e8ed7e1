#include "workers/checks/realtime_options.h"

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

constexpr char kDefaultDestination[] = "NSCA";
constexpr char kDefaultMaximumAge[] = "5m";
constexpr char kDefaultEmptyMessage[] = "eventlog found no records";

std::string First(const sdk::SettingsObject& object, std::string_view key,
                  std::string_view other, const std::string& otherwise) {
  const std::string value = object.Get(key);
  return value.empty() ? object.Get(other, otherwise) : value;
}

std::vector<std::string> Expression(const sdk::SettingsObject& object,
                                    std::string_view key, std::string_view other) {
  const std::string text = First(object, key, other, "");
  if (text.empty() || text == "none") return {};
  return {text};
}

std::optional<std::chrono::seconds> Period(const sdk::SettingsObject& object,
                                           std::string_view key,
                                           const std::string& otherwise,
                                           std::vector<std::string>& problems) {
  std::string text = object.Get(key, otherwise);
  std::optional<int64_t> seconds;
  if (sdk::ParseBool(text, true)) {  // all but "false", "no", "0" and the like
    seconds = ParseDuration(text);
    if (!seconds) {
      problems.push_back("filter " + object.name + ", " + std::string(key) + ": '" +
                         text + "' is no time (write one such as 5m, or false); " +
                         otherwise + " is used");
      seconds = ParseDuration(otherwise);
    }
  }
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

std::optional<sdk::State> Severity(const sdk::SettingsObject& object,
                                   std::vector<std::string>& problems) {
  const std::string word = object.Get("severity");
  if (word.empty()) return std::nullopt;
  const sdk::State state = sdk::ParseState(word);
  if (state == sdk::State::kUnknown && !EqualsIgnoreCase(word, "unknown")) {
    problems.push_back("filter " + object.name + ", severity: '" + word +
                       "' is no state (one of ok, warning, critical, unknown)");
    return std::nullopt;
  }
  return state;
}

}  // namespace

RealtimeOptions ReadRealtimeOptions(const sdk::SettingsObject& object,
                                    const RealtimeDefaults& defaults,
                                    std::vector<std::string>& problems) {
  RealtimeOptions options;
  options.alias = object.alias;
  options.command = object.Get("command", object.alias);
  options.destination = First(object, "destination", "target", kDefaultDestination);
  options.target = object.Get("target id");
  options.source = object.Get("source id");
  options.event = defaults.event + ":" + object.alias;

  FilterRequest& request = options.request;
  request.filter = Expression(object, "filter", "");
  if (request.filter.empty() && !object.value.empty()) request.filter = {object.value};
  if (request.filter.empty()) request.filter = defaults.filter;
  request.warning = Expression(object, "warning", "warn");
  request.critical = Expression(object, "critical", "crit");
  request.ok = Expression(object, "ok", "");
  request.debug = sdk::ParseBool(object.Get("debug"), false);
  request.escape_html = sdk::ParseBool(object.Get("escape html"), false);
  request.empty_state = "ignored";
  request.perf_config = object.Get("perf config");
  request.separator = DecodeSeparator(object.Get("list separator", ", "));
  request.top_syntax = First(object, "top syntax", "syntax", defaults.top_syntax);
  request.ok_syntax = object.Get("ok syntax", defaults.ok_syntax);
  request.detail_syntax = object.Get("detail syntax", defaults.detail_syntax);
  request.perf_syntax = defaults.perf_syntax;

  options.empty_message = object.Get("empty message", kDefaultEmptyMessage);
  options.maximum_age = Period(object, "maximum age", kDefaultMaximumAge, problems);
  options.silent_period = Period(object, "silent period", "false", problems);
  options.severity = Severity(object, problems);
  return options;
}

std::vector<std::string> RealtimeList(const sdk::SettingsObject& object,
                                      std::string_view singular, std::string_view plural,
                                      std::vector<std::string> otherwise) {
  std::vector<std::string> list = SplitList(object.Get(plural));
  if (list.empty()) list = SplitList(object.Get(singular));
  return list.empty() ? std::move(otherwise) : list;
}

}  // namespace nscp::checks
