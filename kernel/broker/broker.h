// The broker takes a call from a name to an answer: name -> slot -> link, bounded queue,
// permits, deadline, nested calls, and a well-formed UNKNOWN where no worker gives an
// answer. It knows slots, incarnations and links, but no process and no settings.
//
// Owned by the kernel; any thread may call. Answers are given on the thread that learned
// them (gRPC's, the timer's, the caller's), never under the broker's lock; they must not
// block.
//
// The life of a call is told in kernel/README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kernel/broker/call_times.h"
#include "kernel/broker/identity.h"
#include "kernel/broker/link.h"
#include "kernel/broker/quarantine.h"
#include "kernel/broker/registry.h"
#include "kernel/broker/timer.h"
#include "kernel/policy/policy.h"
#include "nscp/v1/queries.pb.h"
#include "nscp/v1/telemetry.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// Who asks, from the token and the message's Caller.
struct Asker {
  std::shared_ptr<const Identity> identity;
  std::string call;       // the call that the caller is answering; empty = none
  std::string principal;  // believed with the grant ASSERT_PRINCIPAL alone
  std::string client;
  std::string request_id;
  std::optional<std::chrono::steady_clock::time_point> deadline;  // the RPC's own
};

class Broker {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr uint32_t kDefaultConcurrency = 16;  // calls at once to one instance
  static constexpr uint32_t kDefaultQueue = 256;       // calls waiting for it
  static constexpr unsigned kMaxDepth = 32;            // of nested calls
  static constexpr int kMaxHandovers = 3;  // a call that a stopping worker would not take
  static constexpr std::chrono::seconds kLongest{600};
  // A call whose line broke waits this long for the word how its worker ended.
  static constexpr std::chrono::milliseconds kWaitForEnd{500};
  // An answer at the deadline must still reach the caller before its own deadline.
  static constexpr std::chrono::milliseconds kAnswerMargin{150};
  static constexpr size_t kKeptCalls =
      8;  // of one incarnation, for its record of the end

  struct Limits {  // where the caller names none
    std::chrono::milliseconds query{70000};
    std::chrono::milliseconds exec{120000};
    std::chrono::milliseconds submit{30000};
  };
  struct Hooks {
    // Why a slot that has no routed worker has none; one line.
    std::function<std::string(const std::string& slot)> why_not_running;
    std::function<void(v1::LogLevel level, const std::string& message,
                       const std::string& request_id)>
        log;
    // Whether a line of level debug for each call is wanted; empty = no.
    std::function<bool()> tells_calls;
  };

  Broker(Limits limits, Hooks hooks);
  ~Broker();

  // --- what the supervisor's side says
  // ---------------------------------------------------
  void PutSlot(const std::string& slot, uint64_t rank,
               std::shared_ptr<const v1::Manifest> manifest);
  void RemoveSlot(const std::string& slot);
  void AddLink(const std::string& slot, uint64_t incarnation, std::shared_ptr<Link> link);
  std::shared_ptr<Link> FindLink(uint64_t incarnation) const;
  // From now on new calls go to this incarnation, which has a link.
  void Route(const std::string& slot, uint64_t incarnation);
  // Nothing new goes to it; where it was the routed one, the slot has none.
  void Unroute(uint64_t incarnation);
  // The calls that its process has or had last, one line each.
  std::vector<std::string> BusyWith(uint64_t incarnation) const;
  // The process has ended: its calls get their answer now.
  struct End {
    std::string reason;  // "was killed by signal 9"
    bool wanted = false;
    std::vector<std::string> last_lines;
  };
  void Gone(uint64_t incarnation, const End& end);
  bool IsRouted(const std::string& slot) const;

  // --- calls
  // ----------------------------------------------------------------------------
  template <typename Response>
  using Done = std::function<void(Response)>;

  // The result is never an error: see Queries.Execute. The handle takes the call back.
  std::shared_ptr<PendingCall> Execute(const Asker& asker,
                                       const v1::ExecuteRequest& request,
                                       Done<v1::ExecuteResponse> done);
  std::shared_ptr<PendingCall> Exec(const Asker& asker, const std::string& slot,
                                    const v1::ExecRequest& request,
                                    Done<Result<v1::ExecResponse>> done);
  std::shared_ptr<PendingCall> Submit(const Asker& asker,
                                      const v1::SubmitRequest& request,
                                      Done<v1::SubmitResponse> done);

  struct Load {
    uint32_t running = 0;
    uint32_t waiting = 0;
    uint64_t total = 0;
    uint64_t failed = 0;
    uint32_t places = 0;  // calls at once that its worker takes; 0 = none is routed
    CallTimes times;      // of calls that ran or waited, from their arrival to the answer
  };
  Load LoadOf(const std::string& slot) const;
  uint64_t CallsRunning() const;

  Registry& registry() { return registry_; }
  Identities& identities() { return identities_; }
  void SetPolicy(Policy policy);

 private:
  class Call;
  using CallPtr = std::shared_ptr<Call>;
  struct LinkState {
    std::shared_ptr<Link> link;
    std::string slot;
    std::map<std::string, CallPtr> in_flight;  // by call id
    std::vector<CallPtr> orphans;              // their line broke; they wait for the end
    std::deque<std::string> last_calls;
  };
  struct Slot {
    std::string module;
    uint32_t permits = kDefaultConcurrency;
    uint32_t queue = kDefaultQueue;
    uint64_t routed = 0;  // incarnation; 0 = none
    uint32_t running = 0;
    bool alone = false;  // the running call wants no other beside it
    std::deque<CallPtr> waiting;
    uint64_t total = 0;
    uint64_t failed = 0;
    CallTimes times;
  };
  using Actions = std::vector<std::function<void()>>;

  // calls.cpp
  Status Prepare(const Asker& asker, std::chrono::milliseconds limit, const char* kind,
                 Call& call);
  Status FindParent(const Asker& asker, Call& call) const;
  std::string SubjectOf(const Asker& asker) const;
  void Begin(const CallPtr& call);
  Status AdmitLocked(const CallPtr& call, Actions& actions);
  void StartLocked(Slot& slot, const CallPtr& call, Actions& actions);
  void PumpLocked(Slot& slot, Actions& actions);
  // Starts a call on a link; `landed` is called once.
  using Fly = std::function<std::shared_ptr<PendingCall>(
      Link&, const Link::Options&, std::function<void(Status)> landed)>;
  void Launch(const CallPtr& call, const Fly& fly, const std::shared_ptr<Link>& link);
  void Landed(const CallPtr& call, Status status);
  void ReleaseLocked(const CallPtr& call, Actions& actions);
  void ParentWaitsLocked(const CallPtr& parent, Actions& actions);
  void ParentGoesOnLocked(const CallPtr& parent);
  void Expired(const CallPtr& call);
  void Cancel(const CallPtr& call);
  void Finish(const CallPtr& call, Status status);
  Status Explain(const Call& call, const Status& status) const;
  void TellEnd(const Call& call, const Status& status, Clock::time_point ended) const;
  static void Run(const Actions& actions);
  // broker.cpp
  std::deque<CallPtr> UnrouteLocked(uint64_t incarnation);
  Status Permit(Call& call,
                const google::protobuf::RepeatedPtrField<std::string>& arguments);
  void BlameLocked(const LinkState& state, const End& end);

  const Limits limits_;
  const Hooks hooks_;
  Registry registry_;
  Identities identities_;

  mutable std::mutex mutex_;
  Policy policy_;
  std::map<std::string, Slot> slots_;
  std::map<uint64_t, LinkState> links_;
  std::map<std::string, CallPtr> calls_;  // all that have begun and not ended
  Quarantine quarantine_;
  uint64_t next_call_ = 0;
  // Last: its thread may still run a call's end while the rest must exist.
  Timer timer_;
};

}  // namespace nscp::kernel
