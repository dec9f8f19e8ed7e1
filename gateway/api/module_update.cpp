// PUT and POST on modules: {"loaded": true|false}, and the upload of a package
// (rest-api.md 5.4 and 11).
#include <optional>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/module_commands.h"
#include "gateway/api/resources.h"
#include "json/value.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

constexpr std::chrono::milliseconds kInstallLimit{60000};

bool IsUpload(const Request& request) {
  const std::string_view type = request.Header("Content-Type").value_or("");
  const std::string_view media = Trim(type.substr(0, type.find(';')));
  return EqualsIgnoreCase(media, "application/zip") ||
         EqualsIgnoreCase(media, "application/octet-stream");
}

Response Upload(const Context& context, const std::string& name) {
  if (!context.May("modules.post")) return context.Refuse("modules.post");
  v1::InstallModuleRequest request;
  request.set_name(name);
  request.set_package(context.request.body);
  context.SetCaller(request.mutable_caller());
  const ListingMemory::Change change(context.services.listings);
  const auto done = context.kernel().InstallModule(request, context.Call(kInstallLimit));
  if (!done.ok()) {
    context.Log(sdk::LogLevel::kError, "request " + context.request.request_id +
                                           ": failed to install the module " + name +
                                           ": " + done.status().message());
    return TextAnswer(400,
                      "Failed to upload module: " + RepairUtf8(done.status().message()));
  }
  return {};
}

// Brings the module into the wanted state, or says that it is there already.
Response SetLoaded(const Context& context, const std::string& name, bool loaded) {
  const std::string command = loaded ? "load" : "unload";
  if (!context.May("modules." + command)) return context.Refuse("modules." + command);
  v1::GetModuleRequest request;
  request.set_name(name);
  const auto found = context.kernel().GetModule(request, context.Call());
  if (found.status().code() == Code::kNotFound) return ModuleNotFound(name);
  if (!found.ok()) return FailedCall(context, found.status());
  if (found->module().loaded() == loaded)
    return CommandAnswer(context, 200, 0, "No change");
  return RunModuleCommand(context, name, command);
}

// `name` from the path, else from the body.
Response Update(const Context& context, std::optional<std::string> name) {
  if (!context.May("modules.put") && !context.May("modules.get")) {
    return context.Refuse("modules.put");
  }
  const auto body = json::Parse(context.request.body);
  if (!body.ok()) return TextAnswer(400, "Problems parsing JSON");
  if (!body->IsObject()) return TextAnswer(422, "The body must be a JSON object");
  if (!name) {
    const auto field = body->Find("name");
    if (!field) return TextAnswer(422, "The field \"name\" is required");
    if (!field->IsString()) return TextAnswer(422, "The field \"name\" must be a string");
    name = field->AsString();
    if (!IsModuleName(*name)) return TextAnswer(400, "Invalid module name");
  }
  const auto loaded = body->Find("loaded");
  if (!loaded) return TextAnswer(422, "The field \"loaded\" is required");
  if (!loaded->IsBool()) {
    return TextAnswer(422, "The field \"loaded\" must be true or false");
  }
  return SetLoaded(context, *name, loaded->AsBool());
}

Response UpdateModule(const Context& context) {
  const std::string& name = context.Get("name");
  if (!IsModuleName(name)) return TextAnswer(400, "Invalid module name");
  return IsUpload(context.request) ? Upload(context, name) : Update(context, name);
}

Response UpdateNamedModule(const Context& context) {
  return Update(context, std::nullopt);
}

}  // namespace

void AddModuleUpdates(Router& router) {
  for (const char* method : {"PUT", "POST"}) {
    router.Add({method, "/modules", kBothVersions, kHandlerAsks, UpdateNamedModule});
    router.Add({method, "/modules/{name}", kBothVersions, kHandlerAsks, UpdateModule});
  }
}

}  // namespace nscp::gateway
