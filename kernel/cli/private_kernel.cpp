#include "kernel/cli/private_kernel.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "kernel/cli/client_call.h"
#include "kernel/cli/termination.h"
#include "kernel/cli/wait_loaded.h"

namespace nscp::kernel {
namespace {

constexpr int kSignalBase = 128;  // exit codes of programs that a signal ended

// Its commands may run commands of other modules, or have names that only it knows.
bool NeedsOthers(const v1::Manifest& manifest) {
  const auto& grants = manifest.grants();
  return manifest.dynamic_size() > 0 ||
         std::find(grants.begin(), grants.end(), v1::RUN_QUERIES) != grants.end();
}

class Session {
 public:
  Session(PrivateKernel& kernel, const ClientRequest& request, Terminal& terminal)
      : kernel_(kernel), request_(request), terminal_(terminal) {}

  int Run() {
    if (!request_.query) {
      if (request_.module != Kernel::kOwnModule && !Load(request_.module)) return 1;
      return RunExec(kernel_.client(), request_, terminal_);
    }
    LoadForQuery();
    return RunQuery(kernel_.client(), request_, terminal_);
  }

 private:
  void LoadForQuery() {
    const Catalogue& catalogue = kernel_.kernel().catalogue();
    if (request_.load_all) {
      for (const CataloguePtr& entry : catalogue.List()) Load(entry->name());
      return;
    }
    std::string module = request_.module;
    if (module.empty()) {
      const auto claim = catalogue.FindName(*request_.query);
      if (claim && claim->info.modules_size() > 0) module = claim->info.modules(0);
    }
    v1::GetModuleRequest which;
    which.set_name(module);
    const auto known = kernel_.client().GetModule(which, {});
    if (module.empty() || (known.ok() && NeedsOthers(known->manifest()))) {
      kernel_.LoadEnabled();
    }
    if (!module.empty() && !IsRunning(kernel_.client(), module)) Load(module);
  }

  bool Load(const std::string& module) {
    return LoadModule(kernel_, module, request_.query ? "" : request_.alias, terminal_);
  }

  PrivateKernel& kernel_;
  const ClientRequest& request_;
  Terminal& terminal_;
};

KernelOptions PrivateOptions(const CommonOptions& common, const PrivateUse& use,
                             Terminal& terminal) {
  KernelOptions options = KernelOptionsFor(common);
  options.is_private = true;
  options.no_start = !use.boot;
  // What scripts read is the command's own output; the settings' level is the service's.
  options.log_level = common.level.value_or(v1::LOG_WARNING);
  options.log_level_given = true;
  options.log_file = !common.backend.empty() && common.backend != "console";
  ConsoleOptions console;
  if (use.log_to_errors) {
    console.write = [&terminal](std::string_view text) { terminal.PrintError(text); };
  }
  options.sinks.push_back(NewConsole(std::move(console)));
  return options;
}

int BootFailure(const Status& status, Terminal& terminal) {
  terminal.PrintLog(v1::LOG_ERROR, "core", status.message());
  terminal.PrintError("Client: Failed to boot (see the log above)\n");
  return kBootFailed;
}

}  // namespace

void PrivateKernel::LoadEnabled() {
  kernel_.LoadEnabled();
  WaitUntilLoaded(kernel_, stop_);
}

bool LoadModule(PrivateKernel& kernel, const std::string& module,
                const std::string& needed_by, Terminal& terminal) {
  v1::ModuleRequest load;
  load.set_name(module);
  CallOptions options;
  options.timeout = kLoadLimit;
  const auto loaded = kernel.client().LoadModule(load, options);
  if (loaded.ok()) return true;
  const bool is_missing = loaded.status().code() == Code::kNotFound;
  std::string note;
  const std::string folder =
      kernel.kernel().tokens().ModuleFolder(&note).value_or("the modules folder");
  terminal.PrintLog(v1::LOG_ERROR, "core",
                    is_missing ? "Failed to find plugin: " + module + " in " + folder
                               : loaded.status().message());
  terminal.PrintLog(v1::LOG_ERROR, "core", "Failed to load: " + module);
  if (is_missing && !needed_by.empty()) {
    terminal.PrintError(needed_by + " needs the module " + module +
                        ", which is not installed in " + folder + "\n");
  }
  return false;
}

int RunPrivately(const CommonOptions& common, const PrivateUse& use,
                 const std::function<int(PrivateKernel&)>& command, Terminal& terminal) {
  // Before the kernel's threads, which inherit what it blocks.
  const auto termination = Termination::Create();
  if (!termination.ok()) return BootFailure(termination.status(), terminal);
  const auto kernel = Kernel::Create(PrivateOptions(common, use, terminal));
  if (!kernel.ok()) return BootFailure(kernel.status(), terminal);
  std::atomic<bool> stop{false};
  PrivateKernel session(**kernel, stop);
  int code = 0;
  std::thread thread([&] {
    code = command(session);
    (*termination)->Ask();
  });
  const int signal = (*termination)->Wait();
  stop = true;
  // An interrupted command's calls end with this.
  if (signal != 0) (*kernel)->Shutdown();
  thread.join();
  (*kernel)->Shutdown();
  return signal != 0 ? kSignalBase + signal : code;
}

int RunWithPrivateKernel(const CommonOptions& common, const ClientRequest& request,
                         Terminal& terminal) {
  const auto command = [&](PrivateKernel& kernel) {
    return Session(kernel, request, terminal).Run();
  };
  return RunPrivately(common, {request.boot, request.log_to_errors}, command, terminal);
}

}  // namespace nscp::kernel
