#include "kernel/cli/service_session.h"

namespace nscp::kernel {
namespace {

class NoSession final : public ServiceSession {
 public:
  void SetFailed(ServiceFailure) override {}
  bool Detached() const override { return false; }
};

}  // namespace

Result<std::unique_ptr<ServiceSession>> ServiceSession::Begin(const std::string&) {
  return std::unique_ptr<ServiceSession>(std::make_unique<NoSession>());
}

}  // namespace nscp::kernel
