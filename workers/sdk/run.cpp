#include "workers/sdk/run.h"

#include <google/protobuf/util/json_util.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "nscp/v1/birth.pb.h"
#include "proto/cpp/channel.h"
#include "workers/sdk/crash.h"
#include "workers/sdk/lifeline.h"
#include "workers/sdk/memory.h"
#include "workers/sdk/worker_service.h"

namespace nscp::sdk {
namespace {

constexpr std::chrono::seconds kBirthLimit{10};
constexpr std::chrono::seconds kAttachLimit{10};
// For answers on their way out when the worker stops.
constexpr std::chrono::milliseconds kFarewell{500};

enum ExitCode { kStopped = 0, kUsage = 64, kNoService = 70 };

int Complain(const Status& status, ExitCode code) {
  std::fprintf(stderr, "%s\n", status.message().c_str());
  return code;
}

Result<v1::Birth> ReadBirth(Lifeline& lifeline) {
  ASSIGN_OR_RETURN(const std::string line, lifeline.ReadBirth(kBirthLimit));
  v1::Birth birth;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // a newer kernel may say more
  if (!google::protobuf::util::JsonStringToMessage(line, &birth, options).ok() ||
      birth.token().empty() || birth.kernel_token().empty()) {
    return Status::InvalidArgument(
        "reading the birth line from standard input: it is no Birth message. This "
        "program "
        "is started by the nscp kernel, not by hand");
  }
  return birth;
}

Status Attach(KernelClient& kernel, const std::string& address) {
  v1::AttachRequest request;
  request.set_contract(v1::CONTRACT_CURRENT);
  request.set_sdk("nscp-cpp");
  request.set_address(address);
  return kernel.Attach(request, {kAttachLimit, ""})
      .status()
      .WithContext("attaching to the kernel");
}

// Until the kernel has stopped the worker; ends the process when the kernel is gone.
void Live(Lifeline& lifeline, HostClient& host) {
  for (;;) {
    Lifeline::Happened happened = lifeline.Wait();
    switch (happened.event) {
      case Lifeline::Event::kKernelGone:
        // At once: a check that hangs must not keep an orphan alive.
        std::_Exit(kStopped);
      case Lifeline::Event::kDescriptor:
        host.Received(happened.name, happened.descriptor);
        break;
      case Lifeline::Event::kInterrupted:
        return;
    }
  }
}

}  // namespace

int RunModule(std::unique_ptr<Module> module) {
  KeepMemorySmall();
  InstallCrashHandler();
  auto lifeline = Lifeline::Take();
  if (!lifeline.ok()) return Complain(lifeline.status(), kUsage);
  const auto birth = ReadBirth(**lifeline);
  if (!birth.ok()) return Complain(birth.status(), kUsage);

  HostClient host(KernelClient::Connect(birth->kernel(), birth->token()));
  WorkerService service(*module, host, birth->kernel_token(), birth->module(),
                        [&] { (*lifeline)->Interrupt(); });
  auto served = Serve(birth->listen(), {&service, service.health()});
  if (!served.ok()) return Complain(served.status(), kNoService);
  if (const Status attached = Attach(host.kernel(), served->target); !attached.ok()) {
    return Complain(attached, kNoService);
  }
  Live(**lifeline, host);
  served->server->Shutdown(std::chrono::system_clock::now() + kFarewell);
  return kStopped;
}

}  // namespace nscp::sdk
