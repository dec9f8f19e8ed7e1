#include "workers/check_system/check_pdh.h"

#include <cmath>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr char kCounterPerf[] = "${alias}";
constexpr char kCounterDetail[] = "${alias} = ${value}";
constexpr double kKilo = 1024;
// Above it a double no longer knows whole numbers apart.
constexpr double kMaxWhole = 9007199254740992.0;

// Whole numbers are printed digit for digit, others with six digits.
checks::Value CounterNumber(double value) {
  if (std::floor(value) == value && std::fabs(value) <= kMaxWhole) {
    return checks::Value::Integer(static_cast<int64_t>(value));
  }
  return checks::Value::Real(value);
}

checks::Keywords<CounterRow> CounterKeywords() {
  checks::Keywords<CounterRow> k;
  k.Text("counter", "Path of the counter that was read, such as \\System\\Threads",
         [](const CounterRow& row) -> std::string_view { return row.counter; });
  k.Text("alias",
         "What the counter is called: the alias that it was given, else its path; one of "
         "several is followed by an underscore and its instance",
         [](const CounterRow& row) -> std::string_view { return row.alias; });
  k.Text("time",
         "The time that the value is the average of, as given; empty for a value of now",
         [](const CounterRow& row) -> std::string_view { return row.time; });
  k.Real("value", "The value of the counter",
         [](const CounterRow& row) { return CounterNumber(row.value); });
  k.Integer("value_i", "The value as a whole number, cut and not rounded",
            [](const CounterRow& row) { return checks::TruncateToInteger(row.value); });
  k.Real("value_f", "The value with its decimals", &CounterRow::value);
  k.Text("value_human", "The value in words for a number of bytes, such as 1.5GB",
         [](const CounterRow& row) { return checks::FormatBytes(row.value); });
  k.Real("value_kb", "The value divided by 1024",
         [](const CounterRow& row) { return row.value / kKilo; });
  k.Real("value_mb", "The value divided by 1024 twice: bytes as megabytes",
         [](const CounterRow& row) { return row.value / (kKilo * kKilo); });
  k.Real("value_gb", "The value divided by 1024 three times: bytes as gigabytes",
         [](const CounterRow& row) { return row.value / (kKilo * kKilo * kKilo); });
  return k;
}

// A call without thresholds still gives the values; several times tell rows apart.
void PrepareCounters(const checks::Arguments& parsed, checks::FilterRequest& request) {
  if (request.warning.empty() && request.critical.empty() &&
      request.perf_config.empty()) {
    request.perf_config = "extra(value) value(suffix:none)";
  }
  if (parsed.List("time").size() < 2) return;
  if (request.perf_syntax == kCounterPerf) request.perf_syntax = "%(alias)_%(time)";
  if (request.detail_syntax == kCounterDetail) {
    request.detail_syntax = "%(alias) %(time) = %(value)";
  }
}

checks::Check<CounterRow> MakePdhCheck() {
  checks::OptionTable options;
  options.List(
      "counter", {},
      "Counter to check: a path such as \\Processor(_Total)\\% Processor Time, the "
      "same behind an alias (cpu:\\Processor(_Total)\\% Processor Time), or the "
      "name of a counter in the settings. May be given several times; "
      "counter:cpu=\\... is another way to give an alias.");
  options.Bool(
      "expand-index",
      "Replace numbers and English names in the path by the names that this "
      "Windows has, such as \\4\\30 by \\Memory\\Commit Limit. English paths are "
      "found without it.");
  options.Bool("instances",
               "Read every counter that a path with * stands for; such a path is read so "
               "without it too.");
  options.Bool(
      "reload",
      "Read a configured counter anew when the collector could not: for counters "
      "of programs that start after the agent.");
  options.Text("resolution", "auto",
               "Language of the names in the path: english, local (that of this Windows) "
               "or auto, which tries both in this order.");
  options.Bool(
      "averages",
      "Take two samples a second apart. Rates get their second sample without it "
      "too.");
  options.List("time", {},
               "Average a configured counter over this time, such as 30s or 5m, instead "
               "of its last value; may be given several times.");
  options.Text("flags", "",
               "How the value is formatted, separated by commas: nocap100 lets shares of "
               "several processors be above 100, 1000 multiplies by 1000, noscale leaves "
               "the counter's own scale out.");
  options.Text("type", "large",
               "Type in which Windows gives the value: double (with decimals), large (64 "
               "bits) or long (32 bits).");
  options.Bool("ignore-errors",
               "Count a counter that is missing or cannot be read as 0 instead of "
               "answering UNKNOWN.");
  checks::FilterDefaults defaults;
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${list}";
  defaults.detail_syntax = kCounterDetail;
  defaults.perf_syntax = kCounterPerf;
  return {std::move(options), defaults, CounterKeywords(), PrepareCounters};
}

// "counter:alias=value", "--counter:alias=value" and "--counter:alias value" are the
// option with an alias.
std::vector<std::string> WithAliases(const std::vector<std::string>& arguments) {
  constexpr std::string_view kPrefix = "counter:";
  std::vector<std::string> words;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const size_t dashes = StartsWith(argument, "--") ? 2 : 0;
    const std::string_view rest = std::string_view(argument).substr(dashes);
    const size_t equals = rest.find('=');
    const bool has_next = dashes > 0 && i + 1 < arguments.size();
    if (!StartsWith(rest, kPrefix) || (equals == std::string_view::npos && !has_next)) {
      words.push_back(argument);
      continue;
    }
    const std::string alias(rest.substr(0, equals).substr(kPrefix.size()));
    const std::string value = equals == std::string_view::npos
                                  ? arguments[++i]
                                  : std::string(rest.substr(equals + 1));
    words.push_back(argument.substr(0, dashes) + "counter=" + alias + ":" + value);
  }
  return words;
}

struct Window {
  std::string text;
  std::optional<int64_t> seconds;
};

Result<std::vector<Window>> Windows(const checks::Arguments& parsed) {
  std::vector<Window> windows;
  for (const std::string& time : parsed.List("time")) {
    const auto seconds = checks::ParseDuration(time);
    if (!seconds || *seconds < 1) {
      return Status::InvalidArgument("Invalid time specification: '" + time +
                                     "' (write a time such as 30s or 5m)");
    }
    windows.push_back({time, seconds});
  }
  if (windows.empty()) windows.push_back({});
  return windows;
}

// One call.
class CounterCall {
 public:
  CounterCall(const checks::Arguments& parsed, checks::Sink<CounterRow>& sink,
              CounterSource& source, CounterWatch& watch,
              const std::function<bool(int)>& wait, CounterWatch::Clock::time_point until)
      : parsed_(parsed),
        sink_(sink),
        source_(source),
        watch_(watch),
        wait_(wait),
        until_(until) {}

  Status Run() {
    if (parsed_.List("counter").empty()) {
      return Status::InvalidArgument(
          "No counters specified: add counter=<name of counter>");
    }
    CounterWish common;
    common.expand_index = parsed_.Flag("expand-index");
    ASSIGN_OR_RETURN(common.format.type, ParseCounterType(parsed_.Text("type")));
    RETURN_IF_ERROR(AddCounterFlags(parsed_.Text("flags"), common.format));
    ASSIGN_OR_RETURN(common.names, ParseCounterNames(parsed_.Text("resolution")));
    ASSIGN_OR_RETURN(const std::vector<Window> windows, Windows(parsed_));
    std::vector<CounterWish> now;
    for (const std::string& text : parsed_.List("counter")) {
      const auto whole = watch_.Find(text);
      const NamedCounter named = whole ? NamedCounter{"", text} : SplitCounterAlias(text);
      if (named.is_path()) {
        common.alias = named.alias.empty() ? named.counter : named.alias;
        common.path = named.counter;
        now.push_back(common);
      } else {
        RETURN_IF_ERROR(AddConfigured(named, windows, now));
      }
    }
    if (now.empty()) return Status::Ok();
    auto readings = ReadCounters(source_, now, {parsed_.Flag("averages"), wait_});
    if (!readings.ok() && parsed_.Flag("ignore-errors")) {
      readings = Failed(now, readings.status());
    }
    if (!readings.ok()) return readings.status();
    return AddAll(*readings, "");
  }

 private:
  static std::vector<CounterReading> Failed(const std::vector<CounterWish>& wishes,
                                            const Status& status) {
    std::vector<CounterReading> readings;
    for (const CounterWish& wish : wishes) {
      readings.push_back({wish.alias, wish.path, "", status});
    }
    return readings;
  }

  // As the collector has sampled it; where none runs, it is read now.
  Status AddConfigured(const NamedCounter& named, const std::vector<Window>& windows,
                       std::vector<CounterWish>& now) {
    const auto config = watch_.Find(named.counter);
    if (!config) {
      const Status missing = Status::NotFound(
          "There is no counter " + named.counter +
          " in /settings/system/windows/counters, and a path begins with \\");
      if (!parsed_.Flag("ignore-errors")) return missing;
      return AddAll({{named.counter, named.counter, "", missing}}, "");
    }
    CounterWish wish = config->wish;
    if (!named.alias.empty()) wish.alias = named.alias;
    if (!watch_.watching()) {
      now.push_back(std::move(wish));
      return Status::Ok();
    }
    for (const Window& window : windows) {
      auto readings = watch_.Values(named.counter, window.seconds, until_);
      if (!readings.ok() && parsed_.Flag("reload")) {
        watch_.Retry(named.counter);
        now.push_back(wish);
        return Status::Ok();
      }
      if (!readings.ok()) {
        if (!parsed_.Flag("ignore-errors")) return readings.status();
        readings = Failed({wish}, readings.status());
      }
      for (CounterReading& reading : *readings) {
        if (!named.alias.empty()) {
          reading.alias = InstanceAlias(named.alias, reading.instance);
        }
      }
      RETURN_IF_ERROR(AddAll(*readings, window.text));
    }
    return Status::Ok();
  }

  Status AddAll(const std::vector<CounterReading>& readings, const std::string& time) {
    for (const CounterReading& reading : readings) {
      if (!reading.value.ok() && !parsed_.Flag("ignore-errors")) {
        return reading.value.status();
      }
      sink_.Add({reading.alias, reading.counter, time, reading.value.value_or(0.0)});
    }
    return Status::Ok();
  }

  const checks::Arguments& parsed_;
  checks::Sink<CounterRow>& sink_;
  CounterSource& source_;
  CounterWatch& watch_;
  const std::function<bool(int)>& wait_;
  const CounterWatch::Clock::time_point until_;
};

}  // namespace

PdhCheck::PdhCheck() : check_(MakePdhCheck()) {}

sdk::CheckResult PdhCheck::Run(const std::vector<std::string>& arguments,
                               const checks::Environment& environment,
                               CounterSource& source, CounterWatch& watch,
                               const std::function<bool(int)>& wait,
                               CounterWatch::Clock::time_point until) const {
  return check_.Run(WithAliases(arguments), environment,
                    [&](const checks::Arguments& parsed, checks::Sink<CounterRow>& sink) {
                      return CounterCall(parsed, sink, source, watch, wait, until).Run();
                    });
}

}  // namespace nscp::check_system
