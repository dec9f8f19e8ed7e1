#include "workers/check_nscp/check_nscp.h"
#include "workers/check_nscp/kernel_view.h"
#include "workers/sdk/gateway_host.h"
#include "workers/sdk/run.h"

int main() {
  using namespace nscp;
  constexpr std::chrono::milliseconds kWatchLimit{2000};
  const auto view = [&](sdk::Host& host) {
    return check_nscp::MakeKernelView(static_cast<sdk::GatewayHost&>(host).kernel(),
                                      kWatchLimit);
  };
  return sdk::RunModule(check_nscp::MakeCheckNscp(view, &check_nscp::FetchReleases));
}
