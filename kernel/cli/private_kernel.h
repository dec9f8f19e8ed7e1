// A kernel of one command's own: no lock, a folder of its own, only the modules that the
// command needs; all gone at the end, also when the command is interrupted. Made and
// dropped by main's thread. Source: design.md "Command line".
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "kernel/cli/client_request.h"
#include "kernel/cli/common_options.h"

namespace nscp::kernel {

constexpr int kBootFailed = 4;

// As its command's thread sees it.
class PrivateKernel {
 public:
  PrivateKernel(Kernel& kernel, const std::atomic<bool>& stop)
      : kernel_(kernel),
        stop_(stop),
        client_(KernelClient::Connect(kernel.target(), kernel.admin_token())) {}

  KernelClient& client() { return *client_; }
  Kernel& kernel() { return kernel_; }
  // Those of [/modules]; until each start has ended, or the command is interrupted.
  void LoadEnabled();

 private:
  Kernel& kernel_;
  const std::atomic<bool>& stop_;
  const std::unique_ptr<KernelClient> client_;
};

// Waits until the module runs; false when it does not, and why is printed. `needed_by`
// names what can't do without it, or is empty.
bool LoadModule(PrivateKernel& kernel, const std::string& module,
                const std::string& needed_by, Terminal& terminal);

struct PrivateUse {
  bool boot = false;           // start the modules' collectors and listeners
  bool log_to_errors = false;  // else to standard output
};
// `command` runs in a thread of its own and gives the exit code; kBootFailed where there
// is no kernel for it.
int RunPrivately(const CommonOptions& common, const PrivateUse& use,
                 const std::function<int(PrivateKernel&)>& command, Terminal& terminal);

// What `nscp client` asks, with the modules that it needs.
int RunWithPrivateKernel(const CommonOptions& common, const ClientRequest& request,
                         Terminal& terminal);

}  // namespace nscp::kernel
