#include "gateway/api/service_reload.h"

#include "gateway/api/context.h"

namespace nscp::gateway {

Status AskForReload(const Context& context) {
  v1::ReloadHostRequest request;
  request.set_target("service");
  request.set_delayed(true);
  context.SetCaller(request.mutable_caller());
  const ListingMemory::Change change(context.services.listings);
  context.services.reload.Asked(context.services.clock());
  const Status asked = context.kernel().ReloadHost(request, context.Call()).status();
  if (asked.ok()) return asked;
  context.services.reload.Over();
  context.Log(sdk::LogLevel::kError, "request " + context.request.request_id +
                                         ": reload failed: " + asked.message());
  return asked;
}

}  // namespace nscp::gateway
