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
  Session(Kernel& kernel, const ClientRequest& request, Terminal& terminal)
      : kernel_(kernel),
        request_(request),
        terminal_(terminal),
        client_(KernelClient::Connect(kernel.target(), kernel.admin_token())) {}

  int Run() {
    if (!request_.query) {
      if (!Load(request_.module)) return 1;
      return RunExec(*client_, request_, terminal_);
    }
    LoadForQuery();
    return RunQuery(*client_, request_, terminal_);
  }
  void Stop() { stop_ = true; }

 private:
  void LoadForQuery() {
    if (request_.load_all) {
      for (const CataloguePtr& entry : kernel_.catalogue().List()) Load(entry->name());
      return;
    }
    std::string module = request_.module;
    if (module.empty()) {
      const auto claim = kernel_.catalogue().FindName(*request_.query);
      if (claim && claim->info.modules_size() > 0) module = claim->info.modules(0);
    }
    v1::GetModuleRequest which;
    which.set_name(module);
    const auto known = client_->GetModule(which, {});
    if (module.empty() || (known.ok() && NeedsOthers(known->manifest()))) LoadEnabled();
    if (!module.empty() && !IsRunning(*client_, module)) Load(module);
  }

  void LoadEnabled() {
    kernel_.LoadEnabled();
    WaitUntilLoaded(kernel_, stop_);
  }

  bool Load(const std::string& module) {
    v1::ModuleRequest load;
    load.set_name(module);
    CallOptions options;
    options.timeout = kLoadLimit;
    const auto loaded = client_->LoadModule(load, options);
    if (loaded.ok()) return true;
    const bool is_missing = loaded.status().code() == Code::kNotFound;
    std::string folder_note;
    const auto folder = kernel_.tokens().ModuleFolder(&folder_note);
    terminal_.PrintLog(v1::LOG_ERROR, "core",
                       is_missing ? "Failed to find plugin: " + module + " in " +
                                        folder.value_or("the modules folder")
                                  : loaded.status().message());
    terminal_.PrintLog(v1::LOG_ERROR, "core", "Failed to load: " + module);
    return false;
  }

  Kernel& kernel_;
  const ClientRequest& request_;
  Terminal& terminal_;
  const std::unique_ptr<KernelClient> client_;
  std::atomic<bool> stop_{false};
};

KernelOptions PrivateOptions(const CommonOptions& common, const ClientRequest& request) {
  KernelOptions options = KernelOptionsFor(common);
  options.is_private = true;
  options.no_start = !request.boot;
  // What scripts read is the command's own output; the settings' level is the service's.
  options.log_level = common.level.value_or(v1::LOG_WARNING);
  options.log_level_given = true;
  options.log_file = !common.backend.empty() && common.backend != "console";
  options.sinks.push_back(NewConsole({}));
  return options;
}

int BootFailure(const Status& status, Terminal& terminal) {
  terminal.PrintLog(v1::LOG_ERROR, "core", status.message());
  terminal.PrintError("Client: Failed to boot (see the log above)\n");
  return kBootFailed;
}

}  // namespace

int RunWithPrivateKernel(const CommonOptions& common, const ClientRequest& request,
                         Terminal& terminal) {
  // Before the kernel's threads, which inherit what it blocks.
  const auto termination = Termination::Create();
  if (!termination.ok()) return BootFailure(termination.status(), terminal);
  const auto kernel = Kernel::Create(PrivateOptions(common, request));
  if (!kernel.ok()) return BootFailure(kernel.status(), terminal);
  Session session(**kernel, request, terminal);
  int code = 0;
  std::thread command([&] {
    code = session.Run();
    (*termination)->Ask();
  });
  const int signal = (*termination)->Wait();
  session.Stop();
  // An interrupted command's calls end with this.
  if (signal != 0) (*kernel)->Shutdown();
  command.join();
  (*kernel)->Shutdown();
  return signal != 0 ? kSignalBase + signal : code;
}

}  // namespace nscp::kernel
