#include "kernel/cli/module_switch.h"

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

v1::SettingEntry EntryOf(const std::string& key, const std::string& value) {
  v1::SettingEntry entry;
  entry.set_path("/modules");
  entry.set_key(key);
  entry.set_value(value);
  return entry;
}

// The key that is there, such as "CheckDisk.dll"; not the one of `enabled = CheckDisk`.
const std::string& PlainKey(const ConfiguredModule& module) {
  const bool is_name =
      EqualsIgnoreCase(module.key.substr(0, module.module.size()), module.module);
  return is_name ? module.key : module.module;
}

}  // namespace

Result<v1::SettingEntry> SwitchEntry(const std::vector<ConfiguredModule>& configured,
                                     const std::string& name, const std::string& on_disk,
                                     bool enable) {
  for (const ConfiguredModule& module : configured) {
    if (!EqualsIgnoreCase(module.id(), name)) continue;
    if (module.alias.empty()) {
      return EntryOf(PlainKey(module), enable ? "enabled" : "disabled");
    }
    if (enable) return EntryOf(module.alias, module.module);
    return Status::FailedPrecondition(
        "disabling " + RepairUtf8(name) +
        ": it is an alias; remove its line with nscp settings --path /modules --key " +
        RepairUtf8(module.key) + " --set");
  }
  if (!on_disk.empty()) return EntryOf(on_disk, enable ? "enabled" : "disabled");
  return Status::NotFound("no module is called " + RepairUtf8(name) +
                          "; see nscp modules list --all");
}

}  // namespace nscp::kernel
