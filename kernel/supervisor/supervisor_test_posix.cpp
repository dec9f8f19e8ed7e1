// Starts, ends and stops, with real processes.
#include <doctest/doctest.h>

#include "kernel/supervisor/supervisor_fixture.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST_CASE("a worker that gets ready is routed and then answers its load") {
  Room room;
  const Status status = room.Load(Room::Worker("a", "run"));
  CHECK_MESSAGE(status.ok(), status.ToString());
  const SlotStatus slot = room.Slot("a");
  CHECK(slot.wanted);
  CHECK(slot.state == SlotState::kRunning);
  CHECK(slot.pid > 0);
  CHECK(slot.incarnation == 1);
  CHECK(slot.started.has_value());
  CHECK(room.port.Count("route a#1") == 1);
}

}  // namespace
}  // namespace nscp::kernel
