#include "kernel/core/module_host.h"

#include <atomic>

#include "kernel/settings/snapshot.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr char kSender[] = "modules";

}  // namespace

ModuleHost::ModuleHost(Rooms rooms) : rooms_(std::move(rooms)) {}
ModuleHost::~ModuleHost() = default;

Link::Options ModuleHost::Until(std::chrono::milliseconds limit) const {
  return {std::chrono::steady_clock::now() + limit, ""};
}

void ModuleHost::Configure() {
  auto configured = ParseModulesSection(rooms_.settings->Keys("/modules"));
  for (ConfiguredModule& entry : configured) {
    // A module has its own spelling, whatever the file's.
    const CataloguePtr module = rooms_.catalogue->Find(entry.module);
    if (module) entry.module = module->name();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& [slot, instance] : instances_) {
    instance.enabled = false;
    instance.rank = kUnconfiguredRank + instance.rank % kUnconfiguredRank;
  }
  uint64_t rank = 0;
  for (const ConfiguredModule& entry : configured) {
    Instance* known = FindLocked(entry.id());
    Instance& instance = known != nullptr ? *known : instances_[entry.id()];
    instance.slot = known != nullptr ? instance.slot : entry.id();
    instance.alias = entry.alias;
    instance.module = rooms_.catalogue->Find(entry.module);
    instance.name = instance.module ? instance.module->name() : entry.module;
    instance.enabled = entry.enabled;
    instance.rank = ++rank;
  }
  for (const std::string& line : rooms_.catalogue->Configure(configured)) {
    rooms_.logger->Log(v1::LOG_INFO, kSender, line, __FILE__, __LINE__);
  }
  for (const auto& [slot, instance] : instances_) PublishLocked(instance);
}

Status ModuleHost::Rescan() {
  RETURN_IF_ERROR(rooms_.catalogue->Scan());
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = instances_.begin(); it != instances_.end();) {
      Instance& instance = it->second;
      instance.module = rooms_.catalogue->Find(instance.name);
      const bool is_gone = !instance.module && !instance.enabled && !instance.wanted;
      if (is_gone) PublishLocked(instance);
      it = is_gone ? instances_.erase(it) : std::next(it);
    }
  }
  Configure();
  return Status::Ok();
}

// The agent owes an answer for the names of what is wanted or enabled.
void ModuleHost::PublishLocked(const Instance& instance) {
  if (instance.module && (instance.wanted || instance.enabled)) {
    rooms_.broker->PutSlot(instance.slot, instance.rank,
                           {instance.module, &instance.module->manifest});
  } else {
    rooms_.broker->RemoveSlot(instance.slot);
  }
  revision_.Grow();
}

ModuleHost::Instance* ModuleHost::FindLocked(const std::string& name) {
  const auto exact = instances_.find(name);
  if (exact != instances_.end()) return &exact->second;
  Instance* by_module = nullptr;
  for (auto& [slot, instance] : instances_) {
    if (EqualsIgnoreCase(slot, name)) return &instance;
    if (EqualsIgnoreCase(instance.name, name) && by_module == nullptr)
      by_module = &instance;
  }
  return by_module;
}

const ModuleHost::Instance* ModuleHost::FindLocked(const std::string& name) const {
  return const_cast<ModuleHost*>(this)->FindLocked(name);
}

std::optional<std::string> ModuleHost::SlotOf(const std::string& name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Instance* instance = FindLocked(name);
  if (instance == nullptr) return std::nullopt;
  return instance->slot;
}

Result<ModuleHost::Instance*> ModuleHost::FindOrAddLocked(const std::string& name) {
  if (Instance* known = FindLocked(name)) return known;
  const CataloguePtr module = rooms_.catalogue->Find(name);
  if (!module) {
    return Status::NotFound("module " + RepairUtf8(name) +
                            ": there is no manifest of that name in the modules folder");
  }
  Instance& instance = instances_[module->name()];
  instance.slot = module->name();
  instance.name = module->name();
  instance.module = module;
  instance.rank = kUnconfiguredRank + module->plugin_id;
  return &instance;
}

Result<WorkerSpec> ModuleHost::SpecOf(const Instance& instance) const {
  if (!instance.module) {
    return Status::NotFound("Failed to find plugin: " + instance.name +
                            ": there is no manifest of that name in the modules folder");
  }
  if (!instance.module->refused.empty()) {
    return Status::FailedPrecondition(instance.module->refused);
  }
  const v1::Manifest& manifest = instance.module->manifest;
  WorkerSpec spec;
  spec.slot = instance.slot;
  spec.module = manifest.name();
  spec.program = instance.module->program;
  spec.arguments = {manifest.arguments().begin(), manifest.arguments().end()};
  spec.limits.data_bytes = manifest.limits().data_bytes();
  spec.limits.open_files = manifest.limits().open_files();
  spec.restart = manifest.restart() == v1::NEVER        ? RestartPolicy::kNever
                 : manifest.restart() == v1::ON_FAILURE ? RestartPolicy::kOnFailure
                                                        : RestartPolicy::kAlways;
  return spec;
}

void ModuleHost::Load(const std::string& name, Done done) {
  std::string slot;
  const auto spec = [&]() -> Result<WorkerSpec> {
    const std::lock_guard<std::mutex> lock(mutex_);
    ASSIGN_OR_RETURN(Instance * instance, FindOrAddLocked(name));
    slot = instance->slot;
    auto made = SpecOf(*instance);
    instance->wanted = made.ok();
    instance->last_error = made.status().message();
    PublishLocked(*instance);
    return made;
  }();
  if (!spec.ok()) return done(spec.status().WithContext("loading " + RepairUtf8(name)));
  supervisor_->Load(*spec, [this, slot, done](Status status) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      instances_[slot].last_error = status.message();
    }
    done(std::move(status));
  });
}

void ModuleHost::LoadEnabled(std::function<void()> all_ended) {
  std::vector<std::string> wanted;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [slot, instance] : instances_) {
      if (instance.enabled) wanted.push_back(slot);
    }
  }
  const auto open = std::make_shared<std::atomic<size_t>>(wanted.size() + 1);
  const auto ended = [open, all_ended = std::move(all_ended)] {
    if (--*open == 0) all_ended();
  };
  for (const std::string& slot : wanted) {
    Load(slot, [this, ended](const Status& status) {
      if (!status.ok()) {
        rooms_.logger->Log(v1::LOG_ERROR, kSender, status.message(), __FILE__, __LINE__);
      }
      ended();
    });
  }
  ended();
}

void ModuleHost::Unload(const std::string& name, Done done) {
  std::string slot;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (Instance* instance = FindLocked(name); instance != nullptr && instance->wanted) {
      slot = instance->slot;
      instance->wanted = false;
      PublishLocked(*instance);
    }
  }
  if (slot.empty()) {
    return done(Status::FailedPrecondition("unloading " + RepairUtf8(name) +
                                           ": it is not loaded"));
  }
  supervisor_->Unload(slot, [this, slot, done](Status status) {
    listeners_.Release(slot);
    done(std::move(status));
  });
}

void ModuleHost::Replace(const std::string& name, Done done) {
  const auto spec = [&]() -> Result<WorkerSpec> {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instance* instance = FindLocked(name);
    if (instance != nullptr && instance->wanted) return SpecOf(*instance);
    return Status::FailedPrecondition("it is not loaded");
  }();
  if (!spec.ok()) return done(spec.status().WithContext("reloading " + RepairUtf8(name)));
  supervisor_->Replace(*spec, std::move(done));
}

Status ModuleHost::SetEnabled(const std::string& name, bool enabled) {
  std::string key = name;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const Instance* instance = FindLocked(name)) {
      key = instance->alias.empty() ? instance->name : instance->alias;
      if (!instance->alias.empty() && !enabled) {
        return Status::FailedPrecondition(
            "disabling " + name +
            ": it is an alias; remove its line in [/modules] instead");
      }
    } else {
      const CataloguePtr module = rooms_.catalogue->Find(name);
      if (!module) return Status::NotFound("Module not found: " + RepairUtf8(name));
      key = module->name();
    }
  }
  v1::UpdateSettingsRequest request;
  v1::SettingEntry& entry = *request.add_entries();
  entry.set_path("/modules");
  entry.set_key(key);
  entry.set_value(enabled ? "enabled" : "disabled");
  RETURN_IF_ERROR(rooms_.settings->Update(request).status());
  Configure();
  return Status::Ok();
}

Status ModuleHost::ReloadOne(const std::string& name) {
  const auto slot = SlotOf(name);
  const auto status = slot ? StatusOf(*slot) : std::nullopt;
  const auto link = status ? rooms_.broker->FindLink(status->incarnation) : nullptr;
  if (!link) return Status::FailedPrecondition("reloading " + name + ": it does not run");
  v1::ReloadRequest request;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instance& instance = instances_[*slot];
    for (auto& setting : EffectiveSettings(instance.module->manifest, instance.alias,
                                           *rooms_.settings, *rooms_.tokens)) {
      *request.add_settings() = std::move(setting);
    }
  }
  link->Reload(request, Until(kReloadLimit),
               [this, slot = *slot](const Status& reloaded) {
                 if (reloaded.ok()) return;
                 rooms_.logger->Log(
                     v1::LOG_ERROR, kSender,
                     "reloading the settings of " + slot + ": " + reloaded.message(),
                     __FILE__, __LINE__);
               });
  return Status::Ok();
}

std::vector<std::string> ModuleHost::ReloadAll() {
  Configure();
  std::vector<std::string> start;
  std::vector<std::string> stop;
  std::vector<std::string> tell;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [slot, instance] : instances_) {
      if (instance.enabled && !instance.wanted) start.push_back(slot);
      if (!instance.enabled && instance.wanted) stop.push_back(slot);
      if (instance.enabled && instance.wanted) tell.push_back(slot);
    }
  }
  const auto report = [this](const Status& status) {
    if (status.ok()) return;
    rooms_.logger->Log(v1::LOG_ERROR, kSender, status.message(), __FILE__, __LINE__);
  };
  std::vector<std::string> done;
  for (const std::string& slot : tell) {
    if (ReloadOne(slot).ok()) done.push_back("reloaded the settings of " + slot);
  }
  for (const std::string& slot : start) {
    Load(slot, report);
    done.push_back("loading " + slot);
  }
  for (const std::string& slot : stop) {
    Unload(slot, report);
    done.push_back("unloading " + slot);
  }
  return done;
}

}  // namespace nscp::kernel
