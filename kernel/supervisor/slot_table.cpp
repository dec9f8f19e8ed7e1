#include "kernel/supervisor/slot_table.h"

#include <array>

namespace nscp::kernel {
namespace {

using A = SlotAction;
using S = SlotState;
using Row = std::array<SlotStep, kSlotStates>;

constexpr SlotStep Do(A action, S next) { return {action, next}; }
constexpr SlotStep Stay(S state) { return {A::kIgnore, state}; }

// The columns are in the order of SlotState: stopped, starting, running, draining,
// backoff, refused.
constexpr Row kIgnored = {{Stay(S::kStopped), Stay(S::kStarting), Stay(S::kRunning),
                           Stay(S::kDraining), Stay(S::kBackoff), Stay(S::kRefused)}};

constexpr Row Only(S state, SlotStep step) {
  Row row = kIgnored;
  row[static_cast<size_t>(state)] = step;
  return row;
}

constexpr Row Only(S first, SlotStep first_step, S second, SlotStep second_step) {
  Row row = Only(first, first_step);
  row[static_cast<size_t>(second)] = second_step;
  return row;
}

constexpr SlotStep kBeginStart = {A::kBegin, S::kStarting};
constexpr SlotStep kStopAll = {A::kStop, S::kDraining};
constexpr SlotStep kTryAgain = {A::kRetryLater, S::kBackoff};
constexpr SlotStep kNotAgain = {A::kGiveUp, S::kStopped};
constexpr SlotStep kRefusal = {A::kRefuse, S::kRefused};

// The rows are in the order of SlotEvent.
constexpr std::array<Row, kSlotEvents> kTable = {{
    // load
    Row{{kBeginStart, Do(A::kJoin, S::kStarting), Do(A::kAnswerOk, S::kRunning),
         kBeginStart, kBeginStart, kBeginStart}},
    // unload
    Row{{Do(A::kAnswerNotRunning, S::kStopped), kStopAll, kStopAll,
         Do(A::kJoinStop, S::kDraining), kStopAll, kStopAll}},
    // replace
    Row{{kBeginStart, Do(A::kJoin, S::kStarting), Do(A::kReplace, S::kRunning),
         kBeginStart, kBeginStart, kBeginStart}},
    // attached
    Only(S::kStarting, {A::kAskStart, S::kStarting}, S::kRunning,
         {A::kAskStart, S::kRunning}),
    // ready
    Only(S::kStarting, {A::kGoLive, S::kRunning}),
    // refused
    Only(S::kStarting, kRefusal),
    // start_failed
    Only(S::kStarting, kTryAgain),
    // exited
    Only(S::kStarting, kTryAgain, S::kRunning, kTryAgain),
    // no_restart
    Only(S::kStarting, kNotAgain, S::kRunning, kNotAgain),
    // permanent
    Only(S::kStarting, kRefusal, S::kRunning, kRefusal),
    // hung
    Only(S::kRunning, kTryAgain),
    // stuck
    Only(S::kRunning, {A::kReplace, S::kRunning}),
    // candidate_ready
    Only(S::kRunning, {A::kSwitch, S::kRunning}),
    // candidate_failed
    Only(S::kRunning, {A::kKeepOld, S::kRunning}),
    // lost_beside_candidate
    Only(S::kRunning, {A::kAdopt, S::kStarting}),
    // leaving_gone
    Only(S::kStarting, {A::kSpawn, S::kStarting}, S::kDraining,
         {A::kFinishStop, S::kStopped}),
    // retry_due
    Only(S::kBackoff, kBeginStart),
    // shutdown
    Row{{Stay(S::kStopped), kStopAll, kStopAll, Stay(S::kDraining), kStopAll, kStopAll}},
}};

constexpr std::array<std::string_view, kSlotStates> kStateNames = {
    "stopped", "starting", "running", "draining", "backoff", "refused"};

constexpr std::array<std::string_view, kSlotEvents> kEventNames = {
    "load",
    "unload",
    "replace",
    "attached",
    "ready",
    "refused",
    "start_failed",
    "exited",
    "no_restart",
    "permanent",
    "hung",
    "stuck",
    "candidate_ready",
    "candidate_failed",
    "lost_beside_candidate",
    "leaving_gone",
    "retry_due",
    "shutdown"};

constexpr std::array<std::string_view, 18> kActionNames = {
    "ignore",      "answer_ok",   "answer_not_running",
    "begin",       "join",        "spawn",
    "ask_start",   "go_live",     "refuse",
    "retry_later", "give_up",     "stop",
    "join_stop",   "finish_stop", "replace",
    "switch",      "keep_old",    "adopt"};

}  // namespace

SlotStep NextStep(SlotState state, SlotEvent event) {
  return kTable[static_cast<size_t>(event)][static_cast<size_t>(state)];
}

std::string_view SlotStateName(SlotState state) {
  return kStateNames[static_cast<size_t>(state)];
}

std::string_view SlotEventName(SlotEvent event) {
  return kEventNames[static_cast<size_t>(event)];
}

std::string_view SlotActionName(SlotAction action) {
  return kActionNames[static_cast<size_t>(action)];
}

}  // namespace nscp::kernel
