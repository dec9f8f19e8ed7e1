#include "kernel/service/gate.h"

#include "proto/cpp/channel.h"

namespace nscp::kernel {

Asker Visitor::AsAsker(const v1::Caller& caller) const {
  return {identity,        caller.call(), caller.principal(),
          caller.client(), request_id,    deadline};
}

std::string Visitor::Subject(const v1::Caller& caller) const {
  const bool believed = identity->rights.Has(v1::ASSERT_PRINCIPAL);
  return SubjectName(identity->module, believed ? caller.principal() : std::string());
}

Result<Visitor> Gate::Admit(const grpc::CallbackServerContext& context, const char* rpc,
                            bool in_call) const {
  if (!open_) return Status::Unavailable("the kernel is starting or stopping; try again");
  Visitor visitor;
  visitor.identity =
      kernel_.broker().identities().Find(Metadata(context, kTokenMetadata));
  if (!visitor.identity) {
    return Status::Unauthenticated(std::string(rpc) + ": the token is nobody's");
  }
  RETURN_IF_ERROR(May(visitor.identity->rights, rpc, in_call));
  const std::string_view id = Metadata(context, kRequestMetadata);
  if (IsRequestId(id)) visitor.request_id = std::string(id);
  const auto deadline = context.deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) {
    visitor.deadline = ToSteady(deadline);
  }
  return visitor;
}

void Gate::Audit(const Visitor& visitor, const v1::Caller& caller,
                 const std::string& what, const Status& result) const {
  kernel_.logger().Log(v1::LOG_INFO, "audit",
                       AuditLine(visitor.Subject(caller), caller.client(), what,
                                 result.ok() ? "done" : result.ToString()),
                       __FILE__, __LINE__, visitor.request_id);
}

}  // namespace nscp::kernel
