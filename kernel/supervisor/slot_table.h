// The life of a slot as a table: state x event -> action, next state. Pure data and
// functions without state; any thread. The slot (slot.h) carries the actions out.
//
// Two facts are not in the state, because they change no cell: whether the slot is
// wanted, and which processes are still leaving (asked to stop, not gone yet). `starting`
// includes the wait for a leaving process, so that a slot never has two processes that
// may speak for it.
#pragma once

#include <string_view>

#include "kernel/supervisor/supervisor.h"

namespace nscp::kernel {

enum class SlotEvent {
  kLoad,
  kUnload,
  kReplace,
  kAttached,         // a starting process or candidate called Host.Attach
  kReady,            // Worker.Start of the slot's process answered well
  kRefused,          // ... refused with a reason
  kStartFailed,      // ... failed; or the start's deadline; or there is no process at all
  kExited,           // the slot's process ended and may be tried again
  kNoRestart,        // it ended or failed, and its restart policy says "not again"
  kPermanent,        // it exited with a code that means "trying again is useless"
  kHung,             // it missed too many health checks
  kStuck,            // too many of its threads are set aside
  kCandidateReady,   // the replacement got ready
  kCandidateFailed,  // the replacement refused, failed or ended
  kLostBesideCandidate,  // the slot's process ended or hung while its replacement starts
  kLeavingGone,          // no process is leaving any more
  kRetryDue,             // the back-off is over
  kShutdown,
};
constexpr int kSlotEvents = 18;
constexpr int kSlotStates = 6;

enum class SlotAction {
  kIgnore,
  kAnswerOk,          // it runs already
  kAnswerNotRunning,  // there is nothing to stop
  kBegin,             // start a process now, or as soon as none is leaving
  kJoin,              // wait for the start under way
  kSpawn,             // start the process that waited for the leaving one
  kAskStart,          // call Worker.Start
  kGoLive,            // route the names to it, tell those who wait
  kRefuse,            // stop the process, tell those who wait, no retry
  kRetryLater,        // kill the process if it lives, tell those who wait, back off
  kGiveUp,            // the same, without another try: no longer wanted
  kStop,              // stop the process and its candidate; no longer wanted
  kJoinStop,          // wait for the stop under way
  kFinishStop,        // tell those who wait for the stop
  kReplace,           // start a candidate
  kSwitch,            // route to the candidate, stop the old process
  kKeepOld,           // stop the candidate, tell those who wait for it
  kAdopt,             // the candidate is the slot's start from now on
};

struct SlotStep {
  SlotAction action;
  SlotState next;
};

SlotStep NextStep(SlotState state, SlotEvent event);

// In words, for tests and logs: "candidate_ready", "retry_later".
std::string_view SlotEventName(SlotEvent event);
std::string_view SlotActionName(SlotAction action);

}  // namespace nscp::kernel
