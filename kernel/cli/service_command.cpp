#include "kernel/cli/service_command.h"

#include <filesystem>
#include <fstream>

#include "kernel/cli/context_call.h"
#include "kernel/cli/service_control.h"
#include "kernel/cli/service_session.h"
#include "kernel/cli/store_access.h"
#include "kernel/cli/termination.h"
#include "kernel/core/process_usage.h"
#include "kernel/telemetry/system_log.h"

namespace nscp::kernel {
namespace {

constexpr char kDefaultPidFile[] = "/var/run/nscp.pid";

// The number of this process in a file, as long as the object lives.
class PidFile {
 public:
  static Result<std::unique_ptr<PidFile>> Write(std::string path) {
    std::ofstream file(std::filesystem::u8path(path), std::ios::trunc);
    file << OwnProcessId() << "\n";
    file.close();
    if (file.fail()) {
      return Status::FailedPrecondition("writing the pid file " + path +
                                        ": choose a place that may be written to");
    }
    return std::unique_ptr<PidFile>(new PidFile(std::move(path)));
  }
  ~PidFile() {
    std::error_code ignored;
    std::filesystem::remove(std::filesystem::u8path(path_), ignored);
  }
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  explicit PidFile(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

KernelOptions ServiceKernelOptions(const CommonOptions& common) {
  KernelOptions options = KernelOptionsFor(common);
  const bool console = common.backend == "console";
  options.log_file = !console;
  if (console || common.console_log) options.sinks.push_back(NewConsole({}));
  return options;
}

Status Serve(const ContextCall& call, Terminal& terminal, Termination& termination) {
  std::unique_ptr<PidFile> pid_file;
  if (call.given.Has("pid")) {
    const std::string path = call.given.Last("pid");
    ASSIGN_OR_RETURN(pid_file, PidFile::Write(path.empty() ? kDefaultPidFile : path));
  }
  ASSIGN_OR_RETURN(const auto kernel, Kernel::Create(ServiceKernelOptions(call.common)));
  kernel->OnAskedToEnd([&termination] { termination.Ask(); });
  kernel->LoadEnabled();
  NotifyServiceManager("READY=1");
  terminal.Print("Service started waiting for termination event...\n");
  const int signal = termination.Wait();
  if (signal != 0) {
    kernel->logger().Log(v1::LOG_INFO, "core",
                         "Received signal " + std::to_string(signal) + ", shutting down",
                         __FILE__, __LINE__);
  }
  NotifyServiceManager("STOPPING=1");
  terminal.Print("Shutting down...\n");
  kernel->OnAskedToEnd(nullptr);
  kernel->Shutdown();
  terminal.Print("Shutting down (down)...\n");
  return Status::Ok();
}

// The store is opened once more: only that tells one that can't be read from the rest.
ServiceFailure FailureOf(const Status& status, const CommonOptions& common) {
  if (!OpenSettingsStore(common).ok()) return ServiceFailure::kSettings;
  return status.code() == Code::kAlreadyExists ? ServiceFailure::kRuns
                                               : ServiceFailure::kOther;
}

// Where the log is unless the settings, which may be what can't be read, say another; and
// where an administrator looks first.
void WriteToLog(const CommonOptions& common, const std::string& why) {
  Logger logger;
  LogFileOptions file;
  file.path = common.tokens.Expand("${log-path}/nsclient.log");
  std::vector<std::shared_ptr<LogSink>> sinks = {NewLogFile(file)};
  if (auto log = OpenSystemLog(); log.ok()) {
    sinks.push_back(NewSystemLogSink(v1::LOG_CRITICAL, std::move(log).value()));
  }
  logger.SetSinks(std::move(sinks));
  logger.Log(v1::LOG_CRITICAL, "core", "The service failed to start: " + why, __FILE__,
             __LINE__);
}

Status RunSession(const ContextCall& call, const std::string& name, Terminal& terminal) {
  ASSIGN_OR_RETURN(const auto termination, Termination::Create());
  ASSIGN_OR_RETURN(const auto session, ServiceSession::Begin(name));
  const Status status = Serve(call, terminal, *termination);
  if (status.ok()) return status;
  session->SetFailed(FailureOf(status, call.common));
  if (session->Detached()) WriteToLog(call.common, status.message());
  return status;
}

int RunInForeground(const ContextCall& call, const std::string& name,
                    Terminal& terminal) {
  const Status status = RunSession(call, name, terminal);
  if (status.ok()) return 0;
  terminal.PrintError("Service failed to start: " + status.message() + "\n");
  return 1;
}

int Control(const ServiceRequest& request, Terminal& terminal) {
  const auto answer = ControlService(request);
  // As scripts know it: a failed control operation is told, and the exit code is 0.
  terminal.Print(answer.ok() ? *answer : "ERROR: " + answer.status().message() + "\n");
  return 0;
}

}  // namespace

const OptionGroup& ServiceOptions() {
  static const OptionGroup kGroup = {
      "Service options",
      {
          {"install", 0, Takes::kNothing, "", "Install the service"},
          {"uninstall", 0, Takes::kNothing, "", "Remove the service"},
          {"start", 0, Takes::kNothing, "", "Start the service"},
          {"stop", 0, Takes::kNothing, "", "Stop the service"},
          {"restart", 0, Takes::kNothing, "", "Stop and start the service"},
          {"info", 0, Takes::kNothing, "", "Show the installed service"},
          {"run", 0, Takes::kNothing, "", "Run as a service, until told to end"},
          {"name", 0, Takes::kValue, "name", "Name of the service (NSCP)"},
          {"description", 0, Takes::kValue, "text", "Description of the service"},
          {"pid", 0, Takes::kMaybe, "file",
           "Write the process number to a file (/var/run/nscp.pid)"},
      }};
  return kGroup;
}

int RunService(const Invocation& invocation, Terminal& terminal) {
  const auto call =
      BeginContext(invocation, ServiceOptions(), Unknown::kRefused, terminal);
  if (!call) return 1;
  const std::string name = call->given.Has("name") ? call->given.Last("name") : "NSCP";
  if (call->given.Has("run")) return RunInForeground(*call, name, terminal);
  for (const ServiceOperation& operation : ServiceOperations()) {
    if (!call->given.Has(operation.option)) continue;
    return Control({operation.verb, name, call->given.Last("description")}, terminal);
  }
  Control({ServiceVerb::kInfo, name, ""}, terminal);
  terminal.PrintError(ContextHelp(invocation.context, ServiceOptions()) +
                      "Invalid syntax: missing argument\n");
  return 1;
}

}  // namespace nscp::kernel
