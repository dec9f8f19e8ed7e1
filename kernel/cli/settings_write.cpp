// `nscp settings`: what changes the store.
#include "kernel/cli/settings_command.h"
#include "kernel/cli/settings_layout.h"
#include "kernel/settings/atomic_file.h"
#include "kernel/settings/boot.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// Scripts know it as the end of a migration that worked.
constexpr int kMigrated = 1;

void AddEntry(const std::string& path, const std::string& key, const std::string& value,
              v1::UpdateSettingsRequest* request) {
  v1::SettingEntry& entry = *request->add_entries();
  entry.set_path(path);
  entry.set_key(key);
  entry.set_value(value);
}

// Through the running agent, else straight into the store.
Status Write(SettingsCall& call, v1::UpdateSettingsRequest request) {
  request.set_persist(true);
  if (const auto running = ConnectToRunning(call.store.choice)) {
    return running->UpdateSettings(request, {}).status();
  }
  return call.store.settings->Update(request).status();
}

// `from` into `to`, which `context` names and which comes first from now on.
Status Migrate(SettingsCall& call, const Settings& from, Settings& to,
               const std::string& context) {
  RETURN_IF_ERROR(
      to.Update(AllSettings(from)).status().WithContext("copying the settings"));
  return SetPrimaryContext(call.store.choice.tokens, context);
}

int EndMigration(SettingsCall& call, const Status& status) {
  return status.ok() ? kMigrated : EndSettings(call, status);
}

// An empty file where there is none; one that is there, or that somebody makes meanwhile,
// stays as it is.
Status MakeFile(const std::string& path) {
  ASSIGN_OR_RETURN(const auto lock, LockStore(path));
  const auto file = ReadWholeFile(path, kMaxIniBytes);
  if (file.status().code() != Code::kNotFound) return Status::Ok();
  return WriteFileAtomically(path, "");
}

}  // namespace

v1::UpdateSettingsRequest AllSettings(const Settings& from) {
  v1::GetSettingsRequest all;
  all.set_recursive(true);
  all.set_clear(true);
  v1::UpdateSettingsRequest request;
  request.set_persist(true);
  const auto found = from.Get(all);
  *request.mutable_entries() = found.entries();
  return request;
}

int SetSetting(SettingsCall& call) {
  const std::string path = call.given.Last("path");
  const std::string key = call.given.Last("key");
  if (path.empty() || key.empty()) {
    return FailSettings(call,
                        "Invalid command line please use --path and --key with set");
  }
  v1::UpdateSettingsRequest request;
  AddEntry(path, key, call.given.Last("set"), &request);
  return EndSettings(call, Write(call, std::move(request)));
}

int ActivateModules(SettingsCall& call) {
  v1::UpdateSettingsRequest request;
  bool failed = false;
  for (const std::string& name : call.given.All("activate-module")) {
    const CataloguePtr module = call.store.catalogue->Find(name);
    if (module && module->refused.empty()) {
      AddEntry("/modules", module->name(), "enabled", &request);
      continue;
    }
    failed = true;
    call.terminal.PrintError("Failed to load module (Wont activate): " + name + "\n");
    if (module) call.terminal.PrintError(module->refused + "\n");
  }
  const int written =
      request.entries().empty() ? 0 : EndSettings(call, Write(call, std::move(request)));
  return failed ? kSettingsFailed : written;
}

int SortSettings(SettingsCall& call) {
  const Status status = call.store.settings->SortStore();
  if (!status.ok()) return EndSettings(call, status);
  call.terminal.Print(
      "Sorted settings written to: " + call.store.settings->GetStatus().context() + "\n");
  return 0;
}

int SwitchSettings(SettingsCall& call) {
  const std::string context = call.given.Last("switch");
  const auto other = OpenOtherStore(call.store, context);
  if (!other.ok()) return EndSettings(call, other.status());
  for (const std::string& file : (*other)->Files()) {
    const Status made = MakeFile(file);
    if (!made.ok()) return EndSettings(call, made);
  }
  const Status status = SetPrimaryContext(call.store.choice.tokens, context);
  if (!status.ok()) return EndSettings(call, status);
  call.terminal.Print((*other)->GetStatus().description() + "\n");
  return 0;
}

int MigrateSettingsTo(SettingsCall& call) {
  const std::string context = call.given.Last("migrate-to");
  const auto other = OpenOtherStore(call.store, context);
  if (!other.ok()) return EndSettings(call, other.status());
  return EndMigration(call, Migrate(call, *call.store.settings, **other, context));
}

int MigrateSettingsFrom(SettingsCall& call) {
  const auto other = OpenOtherStore(call.store, call.given.Last("migrate-from"));
  if (!other.ok()) return EndSettings(call, other.status());
  const auto files = (*other)->Files();
  if (!files.empty() && !PathExists(files[0])) {
    return FailSettings(call, "copying the settings: there is no file " + files[0]);
  }
  return EndMigration(
      call, Migrate(call, **other, *call.store.settings, call.store.choice.context));
}

int MigrateLayout(SettingsCall& call) {
  const std::string word = ToLowerAscii(call.given.Last("migrate-layout"));
  if (word != "modern" && word != "legacy") {
    return FailSettings(call,
                        "Invalid command line: --migrate-layout is modern or legacy");
  }
  const bool dry_run = call.given.Has("dry-run");
  if (!dry_run && ConnectToRunning(call.store.choice)) {
    return FailSettings(call,
                        "The agent is running, and its files are to be moved: stop it "
                        "first, nscp service --stop");
  }
  const auto moved = MoveToLayout(word == "modern" ? Layout::kModern : Layout::kLegacy,
                                  call.store.choice.tokens, dry_run);
  if (!moved.ok()) return EndSettings(call, moved.status());
  call.terminal.Print(*moved + "\n");
  return kMigrated;
}

}  // namespace nscp::kernel
