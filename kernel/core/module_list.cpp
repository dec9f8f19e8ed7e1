// ModuleHost as the list of modules: manifests and the slot table, nothing is started.
#include "kernel/core/module_host.h"
#include "kernel/core/process_usage.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

int64_t Ms(std::chrono::system_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch())
      .count();
}

v1::SlotState ToMessage(SlotState state) {
  switch (state) {
    case SlotState::kStopped:
      return v1::STOPPED;
    case SlotState::kStarting:
      return v1::STARTING;
    case SlotState::kRunning:
      return v1::RUNNING;
    case SlotState::kDraining:
      return v1::DRAINING;
    case SlotState::kBackoff:
      return v1::BACKOFF;
    case SlotState::kRefused:
      return v1::REFUSED;
  }
  return v1::STOPPED;
}

v1::EndRecord ToMessage(const EndRecord& end) {
  v1::EndRecord message;
  message.set_incarnation(end.incarnation);
  message.set_pid(end.pid);
  if (end.exit_code) message.set_exit_code(*end.exit_code);
  if (end.signal) message.set_signal(*end.signal);
  message.set_abandoned(end.abandoned);
  message.set_wanted(end.wanted);
  message.set_reason(end.reason);
  message.set_ended_ms(Ms(end.ended));
  message.set_uptime_ms(end.uptime.count());
  for (const std::string& call : end.last_calls) message.add_last_calls(call);
  for (const std::string& line : end.last_lines) message.add_last_lines(line);
  return message;
}

}  // namespace

std::optional<SlotStatus> ModuleHost::StatusOf(const std::string& slot) const {
  for (SlotStatus& status : supervisor_->Slots()) {
    if (status.slot == slot) return std::move(status);
  }
  return std::nullopt;
}

std::string ModuleHost::WhyNotRunning(const std::string& slot) const {
  if (const auto status = StatusOf(slot); status && status->wanted) {
    std::string why(SlotStateName(status->state));
    if (!status->reason.empty()) why += ", " + status->reason;
    return why;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = instances_.find(slot);
  if (found == instances_.end()) return "it is not loaded";
  if (!found->second.last_error.empty()) return found->second.last_error;
  return found->second.wanted ? "it is starting" : "it is not loaded";
}

v1::ModuleInfo ModuleHost::Describe(const Instance& instance, const SlotStatus* status,
                                    bool details) const {
  v1::ModuleInfo info;
  info.set_id(RepairUtf8(instance.slot));
  info.set_name(RepairUtf8(instance.name));
  info.set_alias(RepairUtf8(instance.alias));
  info.set_loaded(instance.wanted);
  info.set_enabled(instance.enabled);
  info.set_known(true);
  info.set_plugin_id(instance.module && instance.alias.empty()
                         ? instance.module->plugin_id
                         : rooms_.catalogue->PluginId(instance.slot));
  if (instance.wanted) info.set_title(info.name());
  if (instance.module) info.set_description(instance.module->manifest.description());
  info.set_reason(instance.last_error);
  if (status == nullptr) return info;
  info.set_state(ToMessage(status->state));
  if (!status->reason.empty()) info.set_reason(status->reason);
  info.set_pid(status->pid);
  info.set_incarnation(status->incarnation);
  info.set_restarts(status->restarts);
  info.set_leaving(status->leaving);
  if (status->next_try) info.set_next_try_ms(Ms(*status->next_try));
  if (status->started) info.set_started_ms(Ms(*status->started));
  if (!details) return info;
  const Broker::Load load = rooms_.broker->LoadOf(instance.slot);
  info.set_calls_running(load.running);
  info.set_calls_waiting(load.waiting);
  info.set_calls_total(load.total);
  info.set_calls_failed(load.failed);
  if (const auto usage = UsageOfProcess(status->pid)) {
    info.set_resident_bytes(usage->resident_bytes);
    info.set_cpu_ms(usage->cpu_ms);
  }
  for (const EndRecord& end : status->ends) *info.add_ends() = ToMessage(end);
  return info;
}

v1::ModuleInfo ModuleHost::DescribeOnDisk(const CatalogueEntry& entry) const {
  v1::ModuleInfo info;
  info.set_id(entry.name());
  info.set_name(entry.name());
  info.set_description(entry.manifest.description());
  info.set_plugin_id(entry.plugin_id);
  info.set_reason(entry.refused);
  return info;
}

v1::ListModulesResponse ModuleHost::List(bool all, bool details) const {
  std::map<std::string, SlotStatus> slots;
  for (SlotStatus& status : supervisor_->Slots()) {
    std::string slot = status.slot;
    slots.emplace(std::move(slot), std::move(status));
  }
  v1::ListModulesResponse response;
  const std::lock_guard<std::mutex> lock(mutex_);
  response.set_revision(revision_.value());
  std::map<std::pair<uint64_t, std::string>, const Instance*> order;
  for (const auto& [slot, instance] : instances_) {
    order[{instance.rank, slot}] = &instance;
  }
  std::map<std::string, bool> shown;
  for (const auto& [rank, instance] : order) {
    if (!instance->wanted && !all) continue;
    const auto status = slots.find(instance->slot);
    *response.add_modules() =
        Describe(*instance, status == slots.end() ? nullptr : &status->second, details);
    shown[ToLowerAscii(instance->name)] = true;
  }
  if (!all) return response;
  for (const CataloguePtr& entry : rooms_.catalogue->List()) {
    if (!shown.count(ToLowerAscii(entry->name()))) {
      *response.add_modules() = DescribeOnDisk(*entry);
    }
  }
  return response;
}

Result<v1::GetModuleResponse> ModuleHost::Get(const std::string& name,
                                              bool details) const {
  v1::GetModuleResponse response;
  const auto slot = SlotOf(name);
  const auto status = slot ? StatusOf(*slot) : std::nullopt;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (slot) {
    const Instance& instance = instances_.at(*slot);
    *response.mutable_module() = Describe(instance, status ? &*status : nullptr, details);
    if (instance.module) *response.mutable_manifest() = instance.module->manifest;
    return response;
  }
  const CataloguePtr entry = rooms_.catalogue->Find(name);
  if (!entry) return Status::NotFound("Module not found: " + RepairUtf8(name));
  *response.mutable_module() = DescribeOnDisk(*entry);
  *response.mutable_manifest() = entry->manifest;
  return response;
}

}  // namespace nscp::kernel
