// POST /core/reload and POST /console/exec (rest-api.md 6).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/execute.h"
#include "gateway/legacy/legacy.h"

namespace nscp::gateway {
namespace {

Response LegacyStatus(const char* word) {
  Response response;
  response.content_type = kJson;
  response.body = std::string(R"({"status" : ")") + word + "\"}";
  return response;
}

Response ReloadService(const Context& context) {
  if (!AskForReload(context).ok()) return TextAnswer(500, "500 Query failed");
  return LegacyStatus("reload");
}

Response RunConsoleLine(const Context& context) {
  v1::ConsoleRequest request;
  request.set_line(std::string(context.request.Parameter1("command").value_or("help")));
  context.SetCaller(request.mutable_caller());
  const ListingMemory::Change change(context.services.listings);
  // The kernel tells the answer to the log.
  const auto done = context.kernel().Console(request, context.Call(kQueryLimit));
  return done.ok() ? LegacyStatus("ok") : FailedCall(context, done.status());
}

}  // namespace

void AddLegacyCore(Router& router) {
  router.Add({"POST", "/core/reload", kUnversioned, "legacy", ReloadService});
  router.Add({"POST", "/console/exec", kUnversioned, "console.exec", RunConsoleLine});
}

}  // namespace nscp::gateway
