// The table of a slot as it is meant to be, written down by hand: state, event, action,
// next state. Not made from slot_table.cpp; a change there needs a change here.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>

#include "kernel/supervisor/slot_table.h"

namespace nscp::kernel {
namespace {

struct Cell {
  const char* state;
  const char* event;
  const char* action;
  const char* next;
};

constexpr Cell kExpected[] = {
    {"stopped", "load", "begin", "starting"},
    {"stopped", "unload", "answer_not_running", "stopped"},
    {"stopped", "replace", "begin", "starting"},
    {"stopped", "attached", "ignore", "stopped"},
    {"stopped", "ready", "ignore", "stopped"},
    {"stopped", "refused", "ignore", "stopped"},
    {"stopped", "start_failed", "ignore", "stopped"},
    {"stopped", "exited", "ignore", "stopped"},
    {"stopped", "no_restart", "ignore", "stopped"},
    {"stopped", "permanent", "ignore", "stopped"},
    {"stopped", "hung", "ignore", "stopped"},
    {"stopped", "stuck", "ignore", "stopped"},
    {"stopped", "candidate_ready", "ignore", "stopped"},
    {"stopped", "candidate_failed", "ignore", "stopped"},
    {"stopped", "lost_beside_candidate", "ignore", "stopped"},
    {"stopped", "leaving_gone", "ignore", "stopped"},
    {"stopped", "retry_due", "ignore", "stopped"},
    {"stopped", "shutdown", "ignore", "stopped"},

    {"starting", "load", "join", "starting"},
    {"starting", "unload", "stop", "draining"},
    {"starting", "replace", "join", "starting"},
    {"starting", "attached", "ask_start", "starting"},
    {"starting", "ready", "go_live", "running"},
    {"starting", "refused", "refuse", "refused"},
    {"starting", "start_failed", "retry_later", "backoff"},
    {"starting", "exited", "retry_later", "backoff"},
    {"starting", "no_restart", "give_up", "stopped"},
    {"starting", "permanent", "refuse", "refused"},
    {"starting", "hung", "ignore", "starting"},
    {"starting", "stuck", "ignore", "starting"},
    {"starting", "candidate_ready", "ignore", "starting"},
    {"starting", "candidate_failed", "ignore", "starting"},
    {"starting", "lost_beside_candidate", "ignore", "starting"},
    {"starting", "leaving_gone", "spawn", "starting"},
    {"starting", "retry_due", "ignore", "starting"},
    {"starting", "shutdown", "stop", "draining"},

    {"running", "load", "answer_ok", "running"},
    {"running", "unload", "stop", "draining"},
    {"running", "replace", "replace", "running"},
    {"running", "attached", "ask_start", "running"},
    {"running", "ready", "ignore", "running"},
    {"running", "refused", "ignore", "running"},
    {"running", "start_failed", "ignore", "running"},
    {"running", "exited", "retry_later", "backoff"},
    {"running", "no_restart", "give_up", "stopped"},
    {"running", "permanent", "refuse", "refused"},
    {"running", "hung", "retry_later", "backoff"},
    {"running", "stuck", "replace", "running"},
    {"running", "candidate_ready", "switch", "running"},
    {"running", "candidate_failed", "keep_old", "running"},
    {"running", "lost_beside_candidate", "adopt", "starting"},
    {"running", "leaving_gone", "ignore", "running"},
    {"running", "retry_due", "ignore", "running"},
    {"running", "shutdown", "stop", "draining"},

    {"draining", "load", "begin", "starting"},
    {"draining", "unload", "join_stop", "draining"},
    {"draining", "replace", "begin", "starting"},
    {"draining", "attached", "ignore", "draining"},
    {"draining", "ready", "ignore", "draining"},
    {"draining", "refused", "ignore", "draining"},
    {"draining", "start_failed", "ignore", "draining"},
    {"draining", "exited", "ignore", "draining"},
    {"draining", "no_restart", "ignore", "draining"},
    {"draining", "permanent", "ignore", "draining"},
    {"draining", "hung", "ignore", "draining"},
    {"draining", "stuck", "ignore", "draining"},
    {"draining", "candidate_ready", "ignore", "draining"},
    {"draining", "candidate_failed", "ignore", "draining"},
    {"draining", "lost_beside_candidate", "ignore", "draining"},
    {"draining", "leaving_gone", "finish_stop", "stopped"},
    {"draining", "retry_due", "ignore", "draining"},
    {"draining", "shutdown", "ignore", "draining"},

    {"backoff", "load", "begin", "starting"},
    {"backoff", "unload", "stop", "draining"},
    {"backoff", "replace", "begin", "starting"},
    {"backoff", "attached", "ignore", "backoff"},
    {"backoff", "ready", "ignore", "backoff"},
    {"backoff", "refused", "ignore", "backoff"},
    {"backoff", "start_failed", "ignore", "backoff"},
    {"backoff", "exited", "ignore", "backoff"},
    {"backoff", "no_restart", "ignore", "backoff"},
    {"backoff", "permanent", "ignore", "backoff"},
    {"backoff", "hung", "ignore", "backoff"},
    {"backoff", "stuck", "ignore", "backoff"},
    {"backoff", "candidate_ready", "ignore", "backoff"},
    {"backoff", "candidate_failed", "ignore", "backoff"},
    {"backoff", "lost_beside_candidate", "ignore", "backoff"},
    {"backoff", "leaving_gone", "ignore", "backoff"},
    {"backoff", "retry_due", "begin", "starting"},
    {"backoff", "shutdown", "stop", "draining"},

    {"refused", "load", "begin", "starting"},
    {"refused", "unload", "stop", "draining"},
    {"refused", "replace", "begin", "starting"},
    {"refused", "attached", "ignore", "refused"},
    {"refused", "ready", "ignore", "refused"},
    {"refused", "refused", "ignore", "refused"},
    {"refused", "start_failed", "ignore", "refused"},
    {"refused", "exited", "ignore", "refused"},
    {"refused", "no_restart", "ignore", "refused"},
    {"refused", "permanent", "ignore", "refused"},
    {"refused", "hung", "ignore", "refused"},
    {"refused", "stuck", "ignore", "refused"},
    {"refused", "candidate_ready", "ignore", "refused"},
    {"refused", "candidate_failed", "ignore", "refused"},
    {"refused", "lost_beside_candidate", "ignore", "refused"},
    {"refused", "leaving_gone", "ignore", "refused"},
    {"refused", "retry_due", "ignore", "refused"},
    {"refused", "shutdown", "stop", "draining"},
};

TEST_CASE("each cell of the slot's table is as written here") {
  std::map<std::pair<std::string, std::string>, const Cell*> expected;
  for (const Cell& cell : kExpected) expected[{cell.state, cell.event}] = &cell;
  CHECK(expected.size() == kSlotStates * kSlotEvents);
  for (int state = 0; state < kSlotStates; ++state) {
    for (int event = 0; event < kSlotEvents; ++event) {
      const auto from = static_cast<SlotState>(state);
      const auto what = static_cast<SlotEvent>(event);
      const std::string name(SlotStateName(from));
      const std::string event_name(SlotEventName(what));
      const auto found = expected.find({name, event_name});
      CAPTURE(name);
      CAPTURE(event_name);
      REQUIRE(found != expected.end());
      const SlotStep step = NextStep(from, what);
      CHECK(SlotActionName(step.action) == found->second->action);
      CHECK(SlotStateName(step.next) == found->second->next);
    }
  }
}

}  // namespace
}  // namespace nscp::kernel
