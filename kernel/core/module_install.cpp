// The kernel as one who installs a module: from an archive to a worker that runs, or
// back.
#include <future>

#include "kernel/core/kernel.h"
#include "kernel/packages/installation.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr char kSection[] = "/settings/core";
constexpr char kSwitch[] = "allow module install";

}  // namespace

Status Kernel::WaitForModule(ModuleAct act, const std::string& name) {
  const auto outcome = std::make_shared<std::promise<Status>>();
  auto future = outcome->get_future();
  ((*modules_).*act)(name,
                     [outcome](Status status) { outcome->set_value(std::move(status)); });
  return future.get();
}

// The new worker must run before the old files are gone for good.
Status Kernel::StartInstalled(Installation& installation, const std::string& name,
                              bool was_loaded) {
  Status started = modules_->Rescan();
  if (started.ok()) {
    started = WaitForModule(was_loaded ? &ModuleHost::Replace : &ModuleHost::Load, name);
  }
  if (started.ok()) return started;
  if (!was_loaded) {
    const Status ignored = WaitForModule(&ModuleHost::Unload, name);
    (void)ignored;  // what never ran can't be unloaded
  }
  Status back = installation.TakeBack();
  if (back.ok()) back = modules_->Rescan();
  if (!back.ok()) {
    logger_->Log(v1::LOG_ERROR, "modules",
                 "taking the package " + name + " back: " + back.message(), __FILE__,
                 __LINE__);
  }
  return started.WithContext("the package was removed again");
}

Status Kernel::InstallModule(const std::string& given, std::string_view zip) {
  if (!SettingIsTrue(settings_->Effective(kSection, kSwitch))) {
    return Status::FailedPrecondition(
        std::string(
            "installing modules is switched off, for it lets a user run programs of "
            "theirs; set \"") +
        kSwitch + " = true\" in [" + kSection + "] to allow it");
  }
  const std::string name = RepairUtf8(given);
  ASSIGN_OR_RETURN(const Package package, ReadPackage(zip, name));
  ASSIGN_OR_RETURN(const std::string folder, options_.tokens.ModuleFolder(nullptr));
  ASSIGN_OR_RETURN(const auto installation, Installation::Write(folder, package));
  const auto before = modules_->Get(name, false);
  const bool was_loaded = before.ok() && before->module().loaded();
  RETURN_IF_ERROR(installation->Commit());
  return StartInstalled(*installation, name, was_loaded);
}

}  // namespace nscp::kernel
