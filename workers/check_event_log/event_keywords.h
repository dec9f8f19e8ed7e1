// What expressions and templates of check_eventlog know of an event (modules.md G). Any
// thread.
#pragma once

#include <array>
#include <functional>
#include <string_view>

#include "workers/check_event_log/event.h"
#include "workers/checks/keywords.h"

namespace nscp::check_event_log {

// A row: the event, and how much of its message is shown.
struct EventRow {
  Event event;
  size_t message_limit = 0;  // bytes; 0 = all
};

checks::Keywords<EventRow> EventKeywords();

// Which texts the keywords in use are made of.
std::array<bool, kEventTexts> TextsInUse(
    const std::function<bool(std::string_view keyword)>& uses);

}  // namespace nscp::check_event_log
