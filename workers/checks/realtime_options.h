// A real-time filter as the settings describe it (filter-engine.md 10): an object below
// the module's path of filters, short form `name = filter expression`.
//
// Pure functions; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "workers/checks/filter_options.h"
#include "workers/sdk/objects.h"

namespace nscp::checks {

// What a module's filters are where their settings say nothing.
struct RealtimeDefaults {
  std::vector<std::string> filter;
  std::string top_syntax = "${status}: ${list}";
  std::string ok_syntax;
  std::string detail_syntax;
  std::string perf_syntax;
  // The event's name in front of ":<alias>", such as "system.cpu".
  std::string event;
};

struct RealtimeOptions {
  std::string alias;
  std::string command;      // of the passive result
  std::string destination;  // channels; "event" and "events": events
  std::string target;
  std::string source;
  std::string event;
  FilterRequest request;
  std::string empty_message;
  // Without a match for so long an OK is submitted; nothing = never.
  std::optional<std::chrono::seconds> maximum_age;
  // After a match no other is told for so long.
  std::optional<std::chrono::seconds> silent_period;
  // Every match is at least this bad.
  std::optional<sdk::State> severity;

  bool emits_events() const { return destination == "event" || destination == "events"; }
};

// `problems` gets a sentence for each value that cannot be understood; its default is
// used.
RealtimeOptions ReadRealtimeOptions(const sdk::SettingsObject& object,
                                    const RealtimeDefaults& defaults,
                                    std::vector<std::string>& problems);

// A comma list of the object's property `plural`, else of `singular`; else `otherwise`.
std::vector<std::string> RealtimeList(const sdk::SettingsObject& object,
                                      std::string_view singular, std::string_view plural,
                                      std::vector<std::string> otherwise);

}  // namespace nscp::checks
