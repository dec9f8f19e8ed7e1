// The kernel: owns every room and wires them together. It knows no HTTP, no TLS, no
// check, and loads no module code. `nscp service --run` has one for its life; a command
// that needs modules and finds no running agent makes a private one and drops it at the
// end.
//
// Create, Start and Shutdown belong to the owner's thread; the rooms say for themselves.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kernel/broker/broker.h"
#include "kernel/console/console.h"
#include "kernel/core/deliveries.h"
#include "kernel/core/desk.h"
#include "kernel/core/maintenance.h"
#include "kernel/core/metrics_collector.h"
#include "kernel/core/module_host.h"
#include "kernel/core/runtime_folder.h"
#include "kernel/modules/catalogue.h"
#include "kernel/settings/modules_section.h"
#include "kernel/settings/paths.h"
#include "kernel/settings/settings.h"
#include "kernel/storage/storage.h"
#include "kernel/supervisor/supervisor.h"
#include "kernel/telemetry/events.h"
#include "kernel/telemetry/logger.h"
#include "kernel/telemetry/metrics.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

class Installation;
class RemoteStores;
class Server;
struct BootConfig;

struct KernelOptions {
  std::string settings_context;  // --settings; empty = boot.ini's list
  PathTokens tokens = PathTokens::ForThisProgram();
  struct Define {
    std::string path;
    std::string key;
    std::string value;
  };
  std::vector<Define> defines;
  // A kernel for one command: no lock, private folder, modules only when asked for.
  bool is_private = false;
  bool is_console = false;  // `nscp test`: what its console is told may end it
  bool no_start = false;    // workers register, but open and collect nothing
  std::vector<std::shared_ptr<LogSink>> sinks;
  v1::LogLevel log_level = v1::LOG_INFO;
  // A level on the command line beats [/settings/log].
  bool log_level_given = false;
  // [/settings/log] file name; off for commands and `nscp test`.
  bool log_file = false;
};

class Kernel {
 public:
  // All of a stop: the supervisor's bounds, and the answers on their way.
  static constexpr std::chrono::milliseconds kFarewell{500};
  // Lines of the console and installations that wait while one runs, whoever sent them.
  static constexpr size_t kMaxLongWork = 16;
  // Of one line's answer; the rest is left out and a last line says so.
  static constexpr size_t kMaxConsoleOutput = 4 * 1024 * 1024;

  static Result<std::unique_ptr<Kernel>> Create(KernelOptions options);
  ~Kernel();

  // Loads what [/modules] enables; returns at once.
  void LoadEnabled();
  // Waits until each of those starts has ended, well or badly; false after `limit`.
  bool WaitLoaded(std::chrono::milliseconds limit);
  // Loads one module and waits for its start to end.
  Status LoadAndWait(const std::string& name);
  void Shutdown();  // idempotent; waits

  // "service", "settings", or a module. Gives what was done, one line each.
  Result<std::vector<std::string>> Reload(const std::string& target);
  // One line of the console with all the rights that the console has, under the name of
  // `who`: what it does is judged and audited as theirs. Its answer goes to the log too.
  // Blocks: for the long desk alone.
  Result<std::string> RunConsoleLine(const Identity& who, Console::Asker asker,
                                     const std::string& line);
  // Puts a package's module into the modules folder and starts it, in the place of the
  // one that runs; all is as before when it does not start. FailedPrecondition while
  // `[/settings/core] allow module install` is off. Blocks: for the long desk alone.
  Status InstallModule(const std::string& name, std::string_view zip);
  // A command of the module CommandClient, which the kernel is itself: `exit` ends `nscp
  // test`. PermissionDenied as for every other module.
  static constexpr const char* kOwnModule = kKernelsOwnModule;
  Result<v1::ExecResponse> RunOwnCommand(const std::string& subject,
                                         const std::string& command);
  // Somebody asked the agent to end (Host.Shutdown); the owner's thread sees it here.
  void AskToEnd();
  bool asked_to_end() const { return asked_to_end_; }
  void OnAskedToEnd(std::function<void()> told);

  Settings& settings() { return *settings_; }
  Catalogue& catalogue() { return *catalogue_; }
  ModuleHost& modules() { return *modules_; }
  Broker& broker() { return *broker_; }
  Logger& logger() { return *logger_; }
  EventRing& events() { return events_; }
  MetricsStore& metrics() { return metrics_; }
  Tags& tags() { return tags_; }
  Desk& desk() { return *desk_; }
  // For what waits for the kernel's own services, and so for the other desk.
  Desk& long_desk() { return *long_desk_; }
  // For reading the settings again, which waits for remote stores.
  Desk& reload_desk() { return *reload_desk_; }
  Storage& storage() { return *storage_; }
  const PathTokens& tokens() const { return options_.tokens; }
  const std::string& instance() const { return instance_; }
  std::chrono::system_clock::time_point started() const { return started_; }
  bool loaded() const { return loaded_; }
  // How its own command line calls it.
  const std::string& target() const { return target_; }
  const std::string& admin_token() const { return admin_token_; }

 private:
  explicit Kernel(KernelOptions options);
  Status OpenStores();
  Status OpenSettings(const BootConfig& boot);
  void LookAtRemoteSettings();
  void LogSettings(v1::LogLevel level, const std::string& message);
  Status OpenProtocol();
  Status OpenSupervisor();
  using ModuleAct = void (ModuleHost::*)(const std::string&, ModuleHost::Done);
  Status WaitForModule(ModuleAct act, const std::string& name);
  Status StartInstalled(Installation& installation, const std::string& name,
                        bool was_loaded);
  void ApplyLogSettings();
  Status AddSystemLog(std::vector<std::shared_ptr<LogSink>>& sinks) const;
  void ApplyPolicy();
  Policy PolicyNow() const;
  std::vector<MetricsCollector::Worker> WorkersNow() const;
  std::vector<Deliveries::Consumer> ConsumersNow() const;

  KernelOptions options_;
  std::string instance_;
  std::string target_;
  std::string admin_token_;
  const std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();

  std::unique_ptr<Logger> logger_;
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<RemoteStores> remote_;
  std::unique_ptr<Settings> settings_;
  EventRing events_;
  MetricsStore metrics_;
  Tags tags_;
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<RuntimeFolder> runtime_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Desk> long_desk_;
  std::unique_ptr<Desk> reload_desk_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<ModuleHost> modules_;
  std::unique_ptr<Supervisor> supervisor_;
  std::unique_ptr<Maintenance> maintenance_;
  std::unique_ptr<MetricsCollector> collector_;  // asks all of the above
  std::unique_ptr<Deliveries> deliveries_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> loaded_{false};
  std::atomic<bool> asked_to_end_{false};
  std::function<void()> told_;
  bool shut_down_ = false;
};

}  // namespace nscp::kernel
