#include "workers/check_system/counters.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/check_system/check_pdh.h"
#include "workers/check_system/counter_command.h"
#include "workers/check_system/counter_settings.h"

namespace nscp::check_system {

Counters::Counters(std::unique_ptr<CounterSource> source)
    : source_(std::move(source)), watch_(*source_) {}

Counters::~Counters() { watch_.Stop(); }

void Counters::Configure(const sdk::Settings& settings, sdk::Host* host, bool watch) {
  CounterSettings read = ReadCounterSettings(settings);
  const auto log = [host](const std::string& text) {
    host->Log(sdk::LogLevel::kError, std::string(kCountersPath) + ": " + text);
  };
  for (const std::string& problem : read.problems) log(problem);
  watch_.Configure(std::move(read.counters), watch, log);
}

void Counters::Stop() { watch_.Stop(); }

void Counters::AddCommands(Commands& commands) {
  const auto check = std::make_shared<const PdhCheck>();
  const auto run = [this, check](const std::vector<std::string>& arguments,
                                 const Ask& ask) {
    const auto until = std::min(ask.call.deadline(),
                                CounterWatch::Clock::now() + CounterWatch::kFirstWait);
    return check->Run(
        arguments, ask.environment, *source_, watch_,
        [&ask](int milliseconds) { return ask.Wait(milliseconds); }, until);
  };
  const Command modern = [run](const Ask& ask) { return run(ask.arguments, ask); };
  commands["check_pdh"] = modern;
  commands["check_counter"] = modern;
  commands["checkcounter"] = [run](const Ask& ask) {
    return run(FromLegacyCounter(ask.arguments), ask);
  };
}

void Counters::AddMetrics(std::vector<sdk::Metric>& metrics) {
  for (const CounterConfig& config : watch_.All()) {
    const auto readings =
        watch_.Values(config.name, std::nullopt, CounterWatch::Clock::now());
    if (!readings.ok()) continue;
    for (const CounterReading& reading : *readings) {
      if (!reading.value.ok()) continue;
      std::string key = "pdh." + config.name;
      if (!reading.instance.empty()) key += "." + reading.instance;
      metrics.push_back({"system.metrics", std::move(key), *reading.value,
                         "Performance counter of the settings"});
    }
  }
}

sdk::ExecAnswer Counters::Exec(const sdk::Query& command, sdk::Call& call) {
  // "nscp sys pdh" has its command among the arguments.
  std::vector<std::string> words = command.arguments;
  std::string name = ToLowerAscii(command.command);
  if (name.empty() && !words.empty()) {
    name = ToLowerAscii(words.front());
    words.erase(words.begin());
  }
  const bool wants_help = name.empty() || name == "help" || name == "--help";
  if (wants_help) words = {"--help"};
  if (name != "pdh" && !wants_help) return {1, "Command not found: " + name};
  return RunCounterCommand(std::move(words), *source_, watch_,
                           [&call] { return call.cancelled(); });
}

}  // namespace nscp::check_system
