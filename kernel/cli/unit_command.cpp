#include "kernel/cli/unit_command.h"

#include "kernel/cli/client_call.h"
#include "kernel/cli/context_call.h"
#include "kernel/cli/private_kernel.h"
#include "kernel/cli/wait_loaded.h"

namespace nscp::kernel {
namespace {

constexpr int kUnitFailed = 1;
constexpr char kUnitStore[] = "dummy";

// A language, and what the module that knows it calls its parts.
struct Language {
  std::string_view name;
  std::string_view module;
  std::string_view install;  // the command that takes the script
  std::string_view prefix;   // of the queries that the script's tests register
};
constexpr Language kLanguages[] = {
    {"python", "PythonScript", "python-script", "py"},
    {"py", "PythonScript", "python-script", "py"},
    {"lua", "LUAScript", "lua-script", "lua"},
};

const Language* FindLanguage(const std::string& name) {
  for (const Language& language : kLanguages) {
    if (language.name == name) return &language;
  }
  return nullptr;
}

struct UnitRun {
  const Language& language;
  std::string script;
  bool show_all = false;
  std::vector<std::string> cases;
};

// Each step's text is printed; the first that is not well ends it.
class UnitSteps {
 public:
  UnitSteps(PrivateKernel& session, const UnitRun& run, Terminal& terminal)
      : session_(session), run_(run), terminal_(terminal) {}

  int Run() {
    const std::string module(run_.language.module);
    const std::string asker = "nscp unit --language " + std::string(run_.language.name);
    if (!LoadModule(session_, module, asker, terminal_)) return kUnitFailed;
    if (const int code = Install(module); code != 0) {
      terminal_.PrintError("Failed to setup unit test\n");
      return code;
    }
    if (!Reload(module)) {
      terminal_.PrintError("Failed to reload configuration\n");
      return kUnitFailed;
    }
    int code = run_.show_all ? Ask("_unittest_show_ok", {}) : 0;
    if (code == 0 && !run_.cases.empty()) code = Ask("_unittest_add_case", run_.cases);
    return code == 0 ? Ask("_unittest", {}) : code;
  }

 private:
  int Install(const std::string& module) {
    ClientRequest request;
    request.module = module;
    request.exec = run_.language.install;
    request.arguments = {"--script", run_.script};
    return RunExec(session_.client(), request, terminal_);
  }

  // Waits: the script's names are known when the module runs again.
  bool Reload(const std::string& module) {
    v1::ModuleRequest reload;
    reload.set_name(module);
    CallOptions options;
    options.timeout = kLoadLimit;
    const auto done = session_.client().ReloadModule(reload, options);
    if (!done.ok()) terminal_.PrintLog(v1::LOG_ERROR, "core", done.status().message());
    return done.ok();
  }

  int Ask(const char* query, const std::vector<std::string>& arguments) {
    ClientRequest request;
    request.query = std::string(run_.language.prefix) + query;
    request.arguments = arguments;
    return RunQuery(session_.client(), request, terminal_);
  }

  PrivateKernel& session_;
  const UnitRun& run_;
  Terminal& terminal_;
};

}  // namespace

const OptionGroup& UnitOptions() {
  static const OptionGroup kGroup = {
      "Unit test options",
      {
          {"language", 'l', Takes::kValue, "language",
           "Of the script: python (or py), lua; python without it"},
          {"script", 0, Takes::kValue, "file", "The script with the tests"},
          {"show-all", 0, Takes::kNothing, "", "Show the tests that are well, too"},
          {"case", 'c', Takes::kSeveral, "name", "Run these cases alone"},
      }};
  return kGroup;
}

int RunUnit(const Invocation& invocation, Terminal& terminal) {
  auto call = BeginContext(invocation, UnitOptions(), Unknown::kRefused, terminal);
  if (!call) return kUnitFailed;
  const std::string name =
      call->given.Has("language") ? call->given.Last("language") : "python";
  const Language* language = FindLanguage(name);
  if (language == nullptr) {
    terminal.PrintError("Unknown language: " + name + "\n");
    return kUnitFailed;
  }
  UnitRun run{*language, call->given.Last("script"), call->given.Has("show-all"),
              call->given.All("case")};
  if (run.script.empty()) {
    terminal.PrintError("No script specified: nscp unit --script <file>\n");
    return kUnitFailed;
  }
  call->common.settings = kUnitStore;
  return RunPrivately(
      call->common, {true, false},
      [&](PrivateKernel& session) { return UnitSteps(session, run, terminal).Run(); },
      terminal);
}

}  // namespace nscp::kernel
