#include "gateway/api/module_commands.h"

#include "gateway/api/answer.h"
#include "gateway/api/context.h"

namespace nscp::gateway {
namespace {

// Longer than a worker's start and stop may take, so that the kernel's own limit answers
// first.
constexpr std::chrono::milliseconds kCommandLimit{60000};

bool WantsText(const Context& context) {
  if (context.version != kV2) return true;
  const auto accept = context.request.Header("Accept");
  return accept && accept->find(kJson) == std::string_view::npos;
}

using Command = Result<v1::ModuleResponse> (KernelClient::*)(const v1::ModuleRequest&,
                                                             const CallOptions&);

Command FindCommand(const std::string& name) {
  if (name == "load") return &KernelClient::LoadModule;
  if (name == "unload") return &KernelClient::UnloadModule;
  if (name == "enable") return &KernelClient::EnableModule;
  if (name == "disable") return &KernelClient::DisableModule;
  if (name == "reload") return &KernelClient::ReloadModule;
  return nullptr;
}

}  // namespace

bool IsModuleName(const std::string& name) {
  static constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  constexpr size_t kMaxName = 128;
  return !name.empty() && name.size() <= kMaxName && name != "." && name != ".." &&
         name.find_first_not_of(kAllowed) == std::string::npos;
}

Response ModuleNotFound(const std::string& name) {
  return TextAnswer(404, "Module not found: " + name);
}

Response CommandAnswer(const Context& context, int status, int result,
                       const std::string& message) {
  if (WantsText(context)) return TextAnswer(status, message);
  json::Writer out;
  out.BeginObject().Field("result", result).Field("message", message).EndObject();
  Response response = JsonAnswer(out, status);
  // As NSClient++ has it: the text of a failure is JSON and is labelled as text.
  if (status >= 300) response.content_type = kText;
  return response;
}

Response RunModuleCommand(const Context& context, const std::string& name,
                          const std::string& command) {
  const Command call = FindCommand(command);
  if (call == nullptr) return TextAnswer(404, "unknown command: " + command);
  v1::ModuleRequest request;
  request.set_name(name);
  context.SetCaller(request.mutable_caller());
  const ListingMemory::Change change(context.services.listings);
  const auto done = (context.kernel().*call)(request, context.Call(kCommandLimit));
  if (!done.ok()) {
    context.Log(sdk::LogLevel::kError, "request " + context.request.request_id +
                                           ": failed to " + command + " " + name + ": " +
                                           done.status().message());
    if (done.status().code() == Code::kPermissionDenied) return Forbidden();
    return CommandAnswer(context, 500, 2, "Failed to " + command + " " + name);
  }
  if (done->warning()) {
    context.Log(sdk::LogLevel::kWarning, "request " + context.request.request_id + ": " +
                                             command + " " + name + ": " +
                                             done->message());
    return CommandAnswer(context, 200, 1, "Warning in " + command + " " + name);
  }
  return CommandAnswer(context, 200, 0, "Success " + command + " " + name);
}

}  // namespace nscp::gateway
