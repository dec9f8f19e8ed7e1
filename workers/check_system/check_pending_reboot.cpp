#include "workers/check_system/check_pending_reboot.h"

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

constexpr char kServicingKey[] =
    "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based "
    "Servicing\\RebootPending";
constexpr char kUpdateKey[] =
    "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto "
    "Update\\RebootRequired";
constexpr char kSessionKey[] = "SYSTEM\\CurrentControlSet\\Control\\Session Manager";
constexpr char kNamesKey[] = "SYSTEM\\CurrentControlSet\\Control\\ComputerName";
constexpr char kNetlogonKey[] = "SYSTEM\\CurrentControlSet\\Services\\Netlogon";
constexpr char kConfigurationManagerKey[] =
    "SOFTWARE\\Microsoft\\SMS\\Mobile Client\\Reboot Management\\RebootData";

RegistryPath MachineKey(const std::string& key) { return {Hive::kLocalMachine, key}; }

// What may not be read is an error: it must not pass for "no restart is due".
Result<bool> HasKey(RegistrySource& registry, const char* key) {
  const auto facts = registry.Key(MachineKey(key), RegistryView::k64);
  if (!facts.ok() && facts.status().code() != Code::kNotFound) return facts.status();
  return facts.ok();
}

Result<std::string> TextOf(RegistrySource& registry, const std::string& key,
                           const std::string& name) {
  const auto data = registry.Value(MachineKey(key), name, RegistryView::k64);
  if (!data.ok() && data.status().code() != Code::kNotFound) return data.status();
  return data.ok() ? RegistryText(*data) : "";
}

Result<bool> HasValue(RegistrySource& registry, const char* key, const char* name) {
  const auto data = registry.Value(MachineKey(key), name, RegistryView::k64);
  if (!data.ok() && data.status().code() != Code::kNotFound) return data.status();
  return data.ok();
}

checks::Keywords<PendingReboot> PendingRebootKeywords() {
  using Row = PendingReboot;
  checks::Keywords<Row> k;
  const auto flag = [&k](const char* name, const char* description, bool Row::*member) {
    k.Integer(name, description,
              [member](const Row& row) { return row.*member ? 1 : 0; });
  };
  const auto count = [](const Row& row) {
    return static_cast<int64_t>(row.Reasons().size());
  };
  k.Integer("pending", "1 if Windows waits for a restart, else 0",
            [count](const Row& row) { return count(row) > 0 ? 1 : 0; });
  k.Integer("signals", "How many reasons there are for a restart", count);
  flag("servicing", "1 if a change of Windows' own components waits for a restart",
       &Row::servicing);
  flag("windows_update", "1 if Windows Update asks for a restart", &Row::windows_update);
  flag("file_rename", "1 if files are to be replaced at the next start",
       &Row::file_rename);
  flag("computer_rename", "1 if the computer gets another name at the next start",
       &Row::computer_rename);
  flag("domain_join", "1 if joining a domain ends with the next start",
       &Row::domain_join);
  flag("configuration_manager", "1 if Configuration Manager (SCCM) asks for a restart",
       &Row::configuration_manager);
  k.Text("reasons", "The reasons for a restart, separated by commas; none without any",
         [](const Row& row) {
           const auto reasons = row.Reasons();
           return reasons.empty() ? "none" : Join(reasons, ", ");
         });
  k.Text("message", "Whether a restart is due, as a sentence", [](const Row& row) {
    const auto reasons = row.Reasons();
    return reasons.empty() ? "No reboot pending"
                           : "Reboot required: " + Join(reasons, ", ");
  });
  return k;
}

checks::Check<PendingReboot> MakePendingRebootCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"pending = 1"};
  defaults.detail_syntax = "${message}";
  defaults.perf_syntax = "reboot";
  defaults.perf_config = "extra(pending;signals)";
  return {checks::OptionTable(), defaults, PendingRebootKeywords()};
}

}  // namespace

std::vector<std::string> PendingReboot::Reasons() const {
  const std::pair<bool, const char*> all[] = {
      {servicing, "Component Based Servicing"},
      {windows_update, "Windows Update"},
      {file_rename, "pending file rename"},
      {computer_rename, "computer rename"},
      {domain_join, "domain join"},
      {configuration_manager, "Configuration Manager"},
  };
  std::vector<std::string> reasons;
  for (const auto& [is_set, name] : all) {
    if (is_set) reasons.push_back(name);
  }
  return reasons;
}

Result<PendingReboot> ReadPendingReboot(RegistrySource& registry) {
  PendingReboot row;
  ASSIGN_OR_RETURN(row.servicing, HasKey(registry, kServicingKey));
  ASSIGN_OR_RETURN(row.windows_update, HasKey(registry, kUpdateKey));
  ASSIGN_OR_RETURN(row.configuration_manager, HasKey(registry, kConfigurationManagerKey));
  ASSIGN_OR_RETURN(const std::string renames,
                   TextOf(registry, kSessionKey, "PendingFileRenameOperations"));
  row.file_rename = !renames.empty();
  const std::string names = kNamesKey;
  ASSIGN_OR_RETURN(const std::string active,
                   TextOf(registry, names + "\\ActiveComputerName", "ComputerName"));
  ASSIGN_OR_RETURN(const std::string next,
                   TextOf(registry, names + "\\ComputerName", "ComputerName"));
  row.computer_rename =
      !active.empty() && !next.empty() && !EqualsIgnoreCase(active, next);
  ASSIGN_OR_RETURN(const bool joins, HasValue(registry, kNetlogonKey, "JoinDomain"));
  ASSIGN_OR_RETURN(const bool avoids, HasValue(registry, kNetlogonKey, "AvoidSpnSet"));
  row.domain_join = joins || avoids;
  return row;
}

PendingRebootCheck::PendingRebootCheck() : check_(MakePendingRebootCheck()) {}

sdk::CheckResult PendingRebootCheck::Run(const std::vector<std::string>& arguments,
                                         const checks::Environment& environment,
                                         const OpenRegistry& open) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<PendingReboot>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto registry, open(""));
        ASSIGN_OR_RETURN(PendingReboot row, ReadPendingReboot(*registry));
        sink.Add(std::move(row));
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
