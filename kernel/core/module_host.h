// The module instances of this agent: what the settings and the catalogue say of them,
// which of them are wanted, and the way between supervisor (processes) and broker
// (protocol), neither of which knows the other. It implements the supervisor's
// WorkerPort.
//
// Owned by the kernel. Public functions: any thread; WorkerPort's: the supervisor's loop.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kernel/broker/broker.h"
#include "kernel/broker/listeners.h"
#include "kernel/core/revision.h"
#include "kernel/core/runtime_folder.h"
#include "kernel/modules/catalogue.h"
#include "kernel/settings/modules_section.h"
#include "kernel/settings/settings.h"
#include "kernel/supervisor/supervisor.h"
#include "kernel/telemetry/logger.h"
#include "nscp/v1/modules.pb.h"

namespace nscp::kernel {

class ModuleHost final : public WorkerPort {
 public:
  struct Rooms {  // all outlive it
    Catalogue* catalogue = nullptr;
    Settings* settings = nullptr;
    const PathTokens* tokens = nullptr;
    Broker* broker = nullptr;
    RuntimeFolder* runtime = nullptr;
    Logger* logger = nullptr;
    std::string kernel_target;
    std::string agent_version;
    bool no_start = false;  // workers register only (a command line call)
  };
  using Done = Supervisor::Done;
  // Ranks of instances that are not in the settings come after all that are.
  static constexpr uint64_t kUnconfiguredRank = 1000000;
  static constexpr std::chrono::seconds kReloadLimit{30};

  explicit ModuleHost(Rooms rooms);
  ~ModuleHost() override;
  // Between construction and the first call.
  void SetSupervisor(Supervisor* supervisor) { supervisor_ = supervisor; }

  // Reads [/modules] again: ranks, names and what is enabled.
  void Configure();
  // Reads the modules folder again: names and settings are those of the manifests that
  // are there now, also for what runs.
  Status Rescan();
  // Wants every enabled instance running; `all_ended` once each start has ended.
  void LoadEnabled(std::function<void()> all_ended);
  // An instance id, a module name or a program on disk; any case.
  void Load(const std::string& name, Done done);
  void Unload(const std::string& name, Done done);
  void Replace(const std::string& name, Done done);
  // Sets `/modules/<name>` in memory.
  Status SetEnabled(const std::string& name, bool enabled);
  // Reload of the service: tells running workers, loads what is newly enabled, unloads
  // what no longer is. Gives one line for each thing done.
  std::vector<std::string> ReloadAll();
  Status ReloadOne(const std::string& name);

  v1::ListModulesResponse List(bool all, bool details) const;
  // Of what List tells without details.
  Revision& revision() { return revision_; }
  Result<v1::GetModuleResponse> Get(const std::string& name, bool details) const;
  std::optional<std::string> SlotOf(const std::string& name) const;
  // One line: why the slot has no routed worker.
  std::string WhyNotRunning(const std::string& slot) const;

  // Host.Attach came with this identity's token.
  Status Attach(const Identity& identity, const v1::AttachRequest& request);
  // Host.Listen: true = the descriptor is on its way, false = the worker binds by itself.
  Result<bool> Listen(const Identity& identity, const v1::ListenRequest& request);

  Result<std::string> Prepare(const WorkerSpec& spec, IncarnationId incarnation) override;
  void Start(const std::string& slot, IncarnationId incarnation,
             std::chrono::steady_clock::time_point deadline) override;
  void Route(const std::string& slot, IncarnationId incarnation) override;
  void CheckHealth(const std::string& slot, IncarnationId incarnation,
                   std::chrono::milliseconds deadline) override;
  void Drain(const std::string& slot, IncarnationId incarnation,
             std::chrono::milliseconds deadline) override;
  void Stop(const std::string& slot, IncarnationId incarnation,
            std::chrono::milliseconds deadline) override;
  std::vector<std::string> BusyWith(IncarnationId incarnation) override;
  void Gone(const std::string& slot, IncarnationId incarnation,
            const EndRecord& end) override;
  void Output(const std::string& slot, IncarnationId incarnation,
              const std::string& line) override;
  void Note(const std::string& slot, bool error, const std::string& message) override;

 private:
  struct Instance {
    std::string slot;
    std::string alias;
    CataloguePtr module;  // null: not on disk
    std::string name;     // of the module, as configured
    uint64_t rank = 0;
    bool enabled = false;
    bool wanted = false;
    std::string last_error;  // of the last load
  };
  struct Credentials {  // of one incarnation
    std::string kernel_token;
    std::string address;
  };

  Instance* FindLocked(const std::string& name);
  const Instance* FindLocked(const std::string& name) const;
  Result<Instance*> FindOrAddLocked(const std::string& name);
  Result<WorkerSpec> SpecOf(const Instance& instance) const;
  void PublishLocked(const Instance& instance);
  v1::ModuleInfo Describe(const Instance& instance, const SlotStatus* status,
                          bool details) const;
  v1::ModuleInfo DescribeOnDisk(const CatalogueEntry& entry) const;
  std::optional<SlotStatus> StatusOf(const std::string& slot) const;
  Link::Options Until(std::chrono::milliseconds limit) const;

  const Rooms rooms_;
  Supervisor* supervisor_ = nullptr;
  Listeners listeners_;

  Revision revision_;
  mutable std::mutex mutex_;
  std::map<std::string, Instance> instances_;  // by slot
  std::map<IncarnationId, Credentials> credentials_;
};

}  // namespace nscp::kernel
