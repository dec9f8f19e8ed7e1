// Modules: list, single and the four commands (rest-api.md 5.4, 11; corrections 6 to 8).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/module_commands.h"
#include "gateway/api/resources.h"
#include "proto/cpp/slot_state.h"

namespace nscp::gateway {
namespace {

// Such as "exit code 1 after 12 s: lost its way".
std::string EndText(const v1::EndRecord& end) {
  std::string text = "ended";
  if (end.has_exit_code()) text = "exit code " + std::to_string(end.exit_code());
  if (end.has_signal()) text = "signal " + std::to_string(end.signal());
  if (end.abandoned()) text = "abandoned";
  text += " after " + std::to_string(end.uptime_ms() / 1000) + " s";
  if (!end.reason().empty()) text += ": " + end.reason();
  return text;
}

// Only under ?details=true: strings, so that a client which knows two keys is not
// surprised.
void WriteDetails(const v1::ModuleInfo& module, json::Writer& out) {
  out.Field("state", SlotStateWord(module.state()))
      .Field("reason", module.reason())
      .Field("pid", std::to_string(module.pid()))
      .Field("incarnation", std::to_string(module.incarnation()))
      .Field("restarts", std::to_string(module.restarts()))
      .Field("next_try_ms", std::to_string(module.next_try_ms()))
      .Field("started_ms", std::to_string(module.started_ms()))
      .Field("resident_bytes", std::to_string(module.resident_bytes()))
      .Field("cpu_ms", std::to_string(module.cpu_ms()))
      .Field("calls_running", std::to_string(module.calls_running()))
      .Field("calls_waiting", std::to_string(module.calls_waiting()))
      .Field("calls_total", std::to_string(module.calls_total()))
      .Field("calls_failed", std::to_string(module.calls_failed()))
      .Field("last_end",
             module.ends_size() == 0 ? "" : EndText(module.ends(module.ends_size() - 1)));
}

void WriteModule(const Context& context, const v1::ModuleInfo& module, bool details,
                 json::Writer& out) {
  out.BeginObject()
      .Field("name", module.name())
      .Field("id", module.id())
      .Field("title", module.title())
      .Field("loaded", module.loaded())
      .Field("enabled", module.enabled());
  out.Key("metadata").BeginObject();
  out.Field("plugin_id", std::to_string(module.plugin_id()))
      .Field("alias", module.alias());
  if (details) WriteDetails(module, out);
  out.EndObject();
  out.Field("description", module.description());
  // This one link says v1 and ends in a slash in both versions; clients compare it.
  out.Field("module_url",
            context.base + "/api/v1/modules/" + EncodeSegment(module.name()) + "/");
  for (const char* command : {"load", "unload", "enable", "disable"}) {
    out.Field(
        command + std::string("_url"),
        context.Link("modules/" + EncodeSegment(module.id()) + "/commands/" + command));
  }
  out.EndObject();
}

Response ListModules(const Context& context) {
  v1::ListModulesRequest request;
  request.set_all(context.IsTrue("all"));
  request.set_details(context.IsTrue("details"));
  const std::string key = context.Link(request.all() ? "all" : "loaded");
  if (!request.details()) {
    if (const auto text = context.services.listings.Find(key)) return JsonText(*text);
  }
  const uint64_t mark = context.services.listings.Mark();
  const auto listed = context.kernel().ListModules(request, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginArray();
  for (const auto& module : listed->modules()) {
    if (!request.all() && !module.loaded()) continue;
    WriteModule(context, module, request.details(), out);
  }
  out.EndArray();
  if (!request.details()) {
    context.services.listings.Keep(key, mark, listed->revision(), out.Text());
  }
  return JsonAnswer(out);
}

Response GetModule(const Context& context) {
  const std::string& name = context.Get("name");
  if (!IsModuleName(name)) return TextAnswer(400, "Invalid module name");
  v1::GetModuleRequest request;
  request.set_name(name);
  request.set_details(context.IsTrue("details"));
  const auto found = context.kernel().GetModule(request, context.Call());
  if (found.status().code() == Code::kNotFound) return ModuleNotFound(name);
  if (!found.ok()) return FailedCall(context, found.status());
  json::Writer out;
  WriteModule(context, found->module(), request.details(), out);
  return JsonAnswer(out);
}

Response CommandModule(const Context& context) {
  const std::string& name = context.Get("name");
  const std::string& command = context.Get("command");
  if (!IsModuleName(name)) return TextAnswer(400, "Invalid module name");
  return RunModuleCommand(context, name, command);
}

}  // namespace

void AddModules(Router& router) {
  router.Add({"GET", "/modules", kBothVersions, "modules.list", ListModules});
  router.Add({"GET", "/modules/{name}", kBothVersions, "modules.get", GetModule});
  router.Add({"GET", "/modules/{name}/commands/{command}", kBothVersions,
              "modules.{command}", CommandModule});
}

}  // namespace nscp::gateway
