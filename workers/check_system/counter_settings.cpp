#include "workers/check_system/counter_settings.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"
#include "workers/sdk/objects.h"

namespace nscp::check_system {
namespace {

// Only rrd keeps values to average over; 1 stands for the last one.
Result<int64_t> BufferOf(const sdk::SettingsObject& object) {
  const std::string strategy = object.Get("collection strategy", "rrd");
  if (EqualsIgnoreCase(strategy, "static") || EqualsIgnoreCase(strategy, "value")) {
    return 1;
  }
  if (!EqualsIgnoreCase(strategy, "rrd")) {
    return Status::InvalidArgument("collection strategy: '" + strategy +
                                   "' must be rrd, static or value");
  }
  const std::string text = object.Get("buffer size", "1h");
  const auto seconds = checks::ParseDuration(text);
  if (!seconds || *seconds < 1) {
    return Status::InvalidArgument("buffer size: '" + text +
                                   "' is no time (write one such as 60m)");
  }
  return std::min(*seconds, CounterWatch::kMaxBuffer);
}

// auto: where the path has a '*'.
Result<bool> InstancesOf(const sdk::SettingsObject& object) {
  const std::string word = object.Get("instances", "auto");
  for (const char* yes : {"auto", "all", "true"}) {
    if (EqualsIgnoreCase(word, yes)) return true;
  }
  for (const char* no : {"none", "false"}) {
    if (EqualsIgnoreCase(word, no)) return false;
  }
  return Status::InvalidArgument("instances: '" + word + "' must be none, auto or all");
}

Result<CounterConfig> ReadCounter(const sdk::SettingsObject& object) {
  CounterConfig config;
  config.name = object.name;
  config.wish.alias = object.alias;
  config.wish.path = object.Get("counter", object.value);
  RETURN_IF_ERROR(ParseCounterPath(config.wish.path).status());
  ASSIGN_OR_RETURN(config.buffer, BufferOf(object));
  ASSIGN_OR_RETURN(config.wish.instances, InstancesOf(object));
  ASSIGN_OR_RETURN(config.wish.format.type,
                   ParseCounterType(object.Get("type", "large")));
  RETURN_IF_ERROR(AddCounterFlags(object.Get("flags"), config.wish.format));
  ASSIGN_OR_RETURN(config.wish.names, ParseCounterNames(object.Get("resolution")));
  return config;
}

}  // namespace

CounterSettings ReadCounterSettings(const sdk::Settings& settings) {
  sdk::ObjectList list = sdk::ReadObjects(settings, kCountersPath);
  CounterSettings read;
  read.problems = std::move(list.problems);
  for (const sdk::SettingsObject& object : list.objects) {
    auto config = ReadCounter(object);
    if (config.ok()) {
      read.counters.push_back(std::move(*config));
    } else {
      read.problems.push_back("counter " + object.name +
                              " is left out: " + config.status().message());
    }
  }
  return read;
}

}  // namespace nscp::check_system
