// One call on its way through the broker. Only the broker's own files include this; all
// fields are guarded by the broker's mutex, except what is set before Begin and never
// again.
#pragma once

#include <memory>
#include <string>

#include "kernel/broker/broker.h"

namespace nscp::kernel {

class Broker::Call final : public PendingCall, public std::enable_shared_from_this<Call> {
 public:
  explicit Call(Broker& owner) : broker(owner) {}
  void Cancel() override { broker.Cancel(shared_from_this()); }

  Broker& broker;
  // Set before Begin.
  std::string id;  // unguessable; only the worker that runs it learns it
  std::string slot;
  std::string what;  // the command, lower case
  std::string principal;
  std::string client;
  std::string request_id;
  Clock::time_point arrived;
  Clock::time_point deadline;
  std::string limit;  // which limit the deadline is, for the answer
  unsigned depth = 0;
  CallPtr parent;
  std::string blame_key;  // of the quarantine; empty = not judged
  bool alone = false;
  Fly fly;
  // Gives the answer to whoever asked, once: the worker's, or what stands for it.
  std::function<void(const Status&)> answer;

  // Guarded.
  enum class Stage { kNew, kWaiting, kRunning, kOrphan, kEnded } stage = Stage::kNew;
  uint64_t incarnation = 0;
  bool holds_permit = false;
  unsigned nested = 0;  // calls of its own that it waits for
  int handovers = 0;
  bool cancelled = false;
  std::shared_ptr<PendingCall> flight;
  std::optional<Timer::Id> timer;
};

}  // namespace nscp::kernel
