// Scripts of the modules that run some: their lists, one script, upload and removal
// (rest-api.md 5.7; corrections 15, 16 and 79). Each is a command of the module that the
// command line has too.
#include <set>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/module_commands.h"
#include "gateway/api/module_exec.h"
#include "gateway/api/resources.h"
#include "gateway/api/uploads.h"
#include "json/value.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

constexpr size_t kMaxScriptName = 256;

// The words of the API for three modules; every other word is a module's own name.
struct Runtime {
  std::string key;
  std::string module;
};
const Runtime* FindRuntime(std::string_view module) {
  static const Runtime kRuntimes[] = {
      {"ext", "CheckExternalScripts"}, {"py", "PythonScript"}, {"lua", "LUAScript"}};
  for (const Runtime& runtime : kRuntimes) {
    if (runtime.key == module || EqualsIgnoreCase(runtime.module, module))
      return &runtime;
  }
  return nullptr;
}

Runtime RuntimeOf(const Context& context) {
  const std::string& word = context.Get("runtime");
  const Runtime* known = FindRuntime(word);
  return known ? *known : Runtime{word, word};
}

// Segments between '/' or '\', each like a module's name (rest-api.md 5.4.1). Since those
// hold no colon, no drive can be named.
bool IsScriptName(const std::string& name) {
  if (name.size() > kMaxScriptName) return false;
  for (const std::string& segment : Split(ReplaceAll(name, "\\", "/"), '/')) {
    if (!IsModuleName(segment)) return false;
  }
  return true;
}

std::string BaseName(const std::string& name) {
  return name.substr(name.find_last_of("/\\") + 1);  // npos + 1 is 0
}

// Grants may name the module, as they always did, or the word for it. The 403 or the 400
// for what must not go on.
std::optional<Response> Refusal(const Context& context, const Runtime& runtime,
                                const std::string& verb) {
  const std::string need = "scripts." + verb + ".";
  if (!context.May(need + runtime.module) && !context.May(need + runtime.key)) {
    return context.Refuse(need + runtime.module);
  }
  if (!IsModuleName(runtime.module)) return TextAnswer(400, "Invalid module name");
  const std::string& script = context.Get("script");
  if (verb != "lists" && !IsScriptName(script)) {
    return TextAnswer(400, "Invalid script name");
  }
  return std::nullopt;
}

// What the command printed, as text.
Response Run(const Context& context, const Runtime& runtime, const std::string& command,
             const std::vector<std::string>& arguments, const std::string& change = "") {
  const auto answer = ExecModule(context, runtime.module, command, arguments, change);
  if (!answer.ok()) return NoModuleAnswer(context, answer.status(), "");
  if (answer->code() != 0) return CommandErrors(*answer);
  return TextAnswer(200, answer->output());
}

Response ListRuntimes(const Context& context) {
  const auto listed = context.kernel().ListModules({}, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginArray();
  std::set<const Runtime*> seen;  // a module may be loaded twice, under two aliases
  for (const v1::ModuleInfo& module : listed->modules()) {
    const Runtime* runtime = FindRuntime(module.name());
    if (!module.loaded() || runtime == nullptr || !seen.insert(runtime).second) continue;
    out.BeginObject()
        .Field("name", runtime->key)
        .Field("module", module.name())
        .Field("title", module.title())
        .Field("runtime_url", context.Link("scripts/" + runtime->key))
        .EndObject();
  }
  out.EndArray();
  return JsonAnswer(out);
}

Response ListScripts(const Context& context) {
  const Runtime runtime = RuntimeOf(context);
  if (auto refusal = Refusal(context, runtime, "lists")) return *std::move(refusal);
  std::vector<std::string> arguments = {"--json"};
  if (!context.IsTrue("all")) arguments.emplace_back("--query");
  Response answer = Run(context, runtime, "list", arguments);
  if (answer.status != 200) return answer;
  const auto list = json::Parse(answer.body);
  if (!list.ok() || !list->IsArray()) return InvalidModuleAnswer();
  json::Writer out;
  out.BeginArray();
  for (const json::Value& name : list->Items()) {
    if (!name.IsString()) return InvalidModuleAnswer();
    out.String(name.AsString());
  }
  out.EndArray();
  return JsonAnswer(out);
}

Response ShowScript(const Context& context) {
  const Runtime runtime = RuntimeOf(context);
  if (auto refusal = Refusal(context, runtime, "get")) return *std::move(refusal);
  return Run(context, runtime, "show", {"--script", context.Get("script")});
}

Response AddScript(const Context& context) {
  const Runtime runtime = RuntimeOf(context);
  if (auto refusal = Refusal(context, runtime, "add")) return *std::move(refusal);
  const std::string& script = context.Get("script");
  const auto upload = UploadedFile::Write(context.services.upload_folder,
                                          BaseName(script), context.request.body);
  if (!upload.ok()) return FailedCall(context, upload.status());
  // It is enabled with its first script.
  const ListingMemory::Change change(context.services.listings);
  return Run(context, runtime, "add",
             {"--script", script, "--import", upload->file(), "--replace"},
             "add script " + runtime.key + "/" + script);
}

Response DeleteScript(const Context& context) {
  const Runtime runtime = RuntimeOf(context);
  if (auto refusal = Refusal(context, runtime, "delete")) return *std::move(refusal);
  const std::string& script = context.Get("script");
  return Run(context, runtime, "delete", {"--script", script},
             "delete script " + runtime.key + "/" + script);
}

}  // namespace

bool NamesScript(const std::vector<std::string>& segments) {
  return VersionOf(segments) != kUnversioned && segments.size() > 4 &&
         segments[2] == "scripts";
}

void AddScripts(Router& router) {
  const char* const script = "/scripts/{runtime}/{script+}";
  router.Add({"GET", "/scripts", kBothVersions, "scripts.list.runtimes", ListRuntimes});
  router.Add({"GET", "/scripts/{runtime}", kBothVersions, kHandlerAsks, ListScripts});
  router.Add({"GET", script, kBothVersions, kHandlerAsks, ShowScript});
  router.Add({"PUT", script, kBothVersions, kHandlerAsks, AddScript});
  router.Add({"DELETE", script, kBothVersions, kHandlerAsks, DeleteScript});
}

}  // namespace nscp::gateway
