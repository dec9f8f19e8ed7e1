// Is the gateway there, and is the agent behind it ready? Without credentials, so they
// say nothing but that.
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {
namespace {

constexpr std::chrono::milliseconds kReadyLimit{2000};

// Never asks the kernel: a busy or dead one must not make the gateway look dead.
Response IsAlive(const Context& context) {
  Response response;
  response.content_type = kJson;
  const bool reload = context.services.reload.Waits(context.services.clock());
  response.body = reload ? R"({"status" : "reload"})" : R"({"status" : "ok"})";
  return response;
}

Response IsLive(const Context&) {
  json::Writer out;
  out.BeginObject().Field("status", "ok").EndObject();
  return JsonAnswer(out);
}

Response IsReady(const Context& context) {
  const auto status = context.kernel().GetHostStatus({}, context.Call(kReadyLimit));
  json::Writer out;
  if (status.ok() && status->ready()) {
    out.BeginObject().Field("status", "ready").EndObject();
    return JsonAnswer(out);
  }
  out.BeginObject()
      .Field("status", "not ready")
      .Field("reason",
             status.ok() ? "modules are still starting" : "the kernel does not answer")
      .EndObject();
  return JsonAnswer(out, 503);
}

}  // namespace

void AddHealth(Router& router) {
  router.Add({"GET", "/core/isalive", kUnversioned, kOpen, IsAlive});
  router.Add({"GET", "/health/live", kUnversioned, kOpen, IsLive});
  router.Add({"GET", "/health/ready", kUnversioned, kOpen, IsReady});
}

}  // namespace nscp::gateway
