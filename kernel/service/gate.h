// What every RPC passes first: is the kernel ready to answer, whose token is this, and
// may its owner call this. Any thread; nothing here blocks.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "kernel/core/kernel.h"
#include "nscp/v1/check.pb.h"
#include "proto/cpp/reactor.h"

namespace nscp::kernel {

// The caller as the kernel knows it.
struct Visitor {
  std::shared_ptr<const Identity> identity;
  std::string request_id;
  std::optional<std::chrono::steady_clock::time_point> deadline;

  Asker AsAsker(const v1::Caller& caller) const;
  // "WEBServer:admin": the module, and the user where its word about users is believed.
  std::string Subject(const v1::Caller& caller) const;
};

class Gate {
 public:
  explicit Gate(Kernel& kernel) : kernel_(kernel) {}

  void Open() { open_ = true; }
  void Close() { open_ = false; }

  // `rpc` as in kernel/policy/grants.h, "Modules/Load".
  Result<Visitor> Admit(const grpc::CallbackServerContext& context, const char* rpc,
                        bool in_call = false) const;

  // For what is answered at once: `work(visitor)` gives a Status.
  template <typename Work>
  grpc::ServerUnaryReactor* AtOnce(const grpc::CallbackServerContext* context,
                                   const char* rpc, Work work) const {
    const auto visitor = Admit(*context, rpc);
    return Reaction::Finished(visitor.ok() ? work(*visitor) : visitor.status());
  }
  // The same for what may take a while, on the kernel's desk.
  template <typename Work>
  grpc::ServerUnaryReactor* OnDesk(const grpc::CallbackServerContext* context,
                                   const char* rpc, Work work) const {
    return On(kernel_.desk(), context, rpc, std::move(work));
  }
  template <typename Work>
  grpc::ServerUnaryReactor* On(Desk& desk, const grpc::CallbackServerContext* context,
                               const char* rpc, Work work) const {
    const auto visitor = Admit(*context, rpc);
    if (!visitor.ok()) return Reaction::Finished(visitor.status());
    Reaction* reaction = Reaction::Make();
    const bool taken = desk.Do([reaction, visitor = *visitor, work] {
      reaction->Finish(ToGrpc(work(visitor)));
    });
    if (!taken) {
      reaction->Finish(ToGrpc(Status::ResourceExhausted(
          std::string(rpc) + ": too many requests of this kind wait already")));
    }
    return reaction;
  }

  // One line in the log about a change: who, from where, what, and how it went.
  void Audit(const Visitor& visitor, const v1::Caller& caller, const std::string& what,
             const Status& result) const;

 private:
  Kernel& kernel_;
  std::atomic<bool> open_{false};
};

}  // namespace nscp::kernel
