#include "kernel/cli/installer_plan.h"

#include <algorithm>

#include "kernel/settings/context.h"
#include "kernel/settings/settings.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kRegistryStore =
    "registry://HKEY_LOCAL_MACHINE/software/NSClient++";
constexpr std::string_view kModules = "/modules";
constexpr std::string_view kDefaults = "/settings/default";
constexpr std::string_view kNrpe = "/settings/NRPE/server";
constexpr std::string_view kOp5 = "/settings/op5";

enum class Needs {
  kNothing,     // about the installation, or boot.ini
  kStore,       // changes the settings
  kMissing,     // not in this version
  kMissingSet,  // the same, and 0 asks for nothing
};
struct Property {
  std::string_view name;
  Needs needs;
};
constexpr Property kProperties[] = {
    {"ALLOWED_HOSTS", Needs::kStore},
    {"ALLOW_CONFIGURATION", Needs::kNothing},
    {"CONFIGURATION_TYPE", Needs::kNothing},
    {"CONF_CHECKS", Needs::kStore},
    {"CONF_INCLUDES", Needs::kStore},
    {"CONF_NRPE", Needs::kStore},
    {"CONF_NSCA", Needs::kStore},
    {"CONF_NSCLIENT", Needs::kStore},
    {"CONF_SCHEDULER", Needs::kStore},
    {"CONF_SET", Needs::kStore},
    {"CONF_WEB", Needs::kStore},
    {"CONF_WMI", Needs::kStore},
    {"CURRENT_LAYOUT", Needs::kNothing},
    {"FLEET_CA", Needs::kMissing},
    {"FLEET_HOSTNAME", Needs::kMissing},
    {"FLEET_INSECURE", Needs::kMissingSet},
    {"FLEET_SERVER", Needs::kMissing},
    {"FLEET_TOKEN", Needs::kMissing},
    {"FLEET_VERIFY_MODE", Needs::kMissing},
    {"GENERATE_SAMPLE_CONFIG", Needs::kNothing},
    {"IMPORT_CONFIG", Needs::kStore},
    {"LAYOUT", Needs::kNothing},
    {"MONITORING_TOOL", Needs::kNothing},
    {"NRPEMODE", Needs::kStore},
    {"NSCLIENT_PWD", Needs::kStore},
    {"OP5_CONTACTGROUP", Needs::kStore},
    {"OP5_HOSTGROUPS", Needs::kStore},
    {"OP5_PASSWORD", Needs::kStore},
    {"OP5_SERVER", Needs::kStore},
    {"OP5_USER", Needs::kStore},
    {"TLS_CA", Needs::kNothing},
    {"TLS_VERIFY_MODE", Needs::kNothing},
    {"TLS_VERSION", Needs::kNothing},
    {"USER_WRITABLE_CONFIG", Needs::kMissingSet},
};

struct ModuleFlag {
  std::string_view property;
  std::vector<std::string_view> modules;
};
const std::vector<ModuleFlag>& ModuleFlags() {
  static const std::vector<ModuleFlag> kFlags = {
      {"CONF_CHECKS",
       {"CheckSystem", "CheckDisk", "CheckEventLog", "CheckHelpers",
        "CheckExternalScripts", "CheckNSCP"}},
      {"CONF_NRPE", {"NRPEServer"}},
      {"CONF_NSCA", {"NSCAClient"}},
      {"CONF_SCHEDULER", {"Scheduler"}},
      {"CONF_NSCLIENT", {"NSClientServer"}},
      {"CONF_WEB", {"WEBServer"}},
      {"CONF_WMI", {"CheckWMI"}},
  };
  return kFlags;
}

struct Setting {
  std::string_view property;
  std::string_view path;
  std::string_view key;
};
constexpr Setting kSettings[] = {
    {"ALLOWED_HOSTS", kDefaults, "allowed hosts"},
    {"NSCLIENT_PWD", kDefaults, "password"},
    {"OP5_SERVER", kOp5, "server"},
    {"OP5_USER", kOp5, "user"},
    {"OP5_PASSWORD", kOp5, "password"},
    {"OP5_HOSTGROUPS", kOp5, "hostgroups"},
    {"OP5_CONTACTGROUP", kOp5, "contactgroups"},
};

// What MONITORING_TOOL stands for.
const InstallerProperties& ProfileOf(std::string_view tool) {
  static const InstallerProperties kGeneric = {{"ALLOWED_HOSTS", "127.0.0.1"},
                                               {"CONF_CHECKS", "1"},
                                               {"CONF_NRPE", "1"},
                                               {"CONF_WEB", "1"},
                                               {"NRPEMODE", "SECURE"}};
  static const InstallerProperties kOfOp5 = {
      {"CONF_CHECKS", "1"},   {"CONF_NRPE", "1"},     {"CONF_NSCA", "1"},
      {"CONF_NSCLIENT", "1"}, {"NRPEMODE", "LEGACY"}, {"CONF_INCLUDES", "op5;op5.ini"}};
  static const InstallerProperties kNone;
  if (EqualsIgnoreCase(tool, "GENERIC")) return kGeneric;
  return EqualsIgnoreCase(tool, "OP5") ? kOfOp5 : kNone;
}

std::string Given(const InstallerProperties& properties, std::string_view name) {
  const auto found = properties.find(std::string(name));
  return found == properties.end() ? "" : found->second;
}

std::string Tool(const InstallerProperties& properties) {
  const std::string given = Given(properties, "MONITORING_TOOL");
  if (!given.empty()) return given;
  return Given(properties, "OP5_SERVER").empty() ? "GENERIC" : "OP5";
}

const Property* FindProperty(std::string_view name) {
  for (const Property& property : kProperties) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

Result<bool> ReadFlag(const InstallerProperties& properties, std::string_view name,
                      bool otherwise) {
  const std::string value = Given(properties, name);
  if (value.empty()) return otherwise;
  if (SettingIsTrue(value)) return true;
  for (const std::string_view off : {"0", "false", "no", "disabled"}) {
    if (EqualsIgnoreCase(value, off)) return false;
  }
  return Status::InvalidArgument(std::string(name) + " is neither 1 nor 0");
}

// An ini file drops blanks at both ends, and a mask written back means "as it is".
Status CheckSecret(std::string_view name, const std::string& value) {
  if (Trim(value) == value && value != kMask) return Status::Ok();
  return Status::InvalidArgument(
      std::string(name) +
      " begins or ends with a blank, or is \"***\": the settings can't hold that; choose "
      "another");
}

Status RefuseMissing(const InstallerProperties& properties) {
  for (const auto& [name, value] : properties) {
    const Property* property = FindProperty(name);
    bool missing = property != nullptr && property->needs == Needs::kMissing;
    if (property != nullptr && property->needs == Needs::kMissingSet) {
      ASSIGN_OR_RETURN(missing, ReadFlag(properties, name, false));
    }
    if (!missing) continue;
    return Status::Unimplemented(name +
                                 " is not available in this version of the agent; "
                                 "install without it");
  }
  return Status::Ok();
}

// CURRENT_LAYOUT is what boot.ini said before the old version was removed, which may have
// taken boot.ini along.
Status PlanLayout(const InstallerProperties& properties, const BootConfig& boot,
                  InstallerTarget* target) {
  const std::string layout = ToLowerAscii(Given(properties, "LAYOUT"));
  const bool modern = layout == "modern";
  if (!modern && !layout.empty() && layout != "legacy") {
    return Status::InvalidArgument("LAYOUT is neither modern nor legacy");
  }
  const bool was =
      boot.modern || EqualsIgnoreCase(Given(properties, "CURRENT_LAYOUT"), "modern");
  target->modern = was || modern;
  target->switches = modern && !was;
  if (was && layout == "legacy") {
    target->note =
        "LAYOUT=legacy is ignored: this host has the modern layout; go back with nscp "
        "settings --migrate-layout legacy";
  }
  return Status::Ok();
}

// Pairs or triples, separated by semicolons.
Result<std::vector<std::string>> ReadList(const InstallerProperties& properties,
                                          std::string_view name, size_t group,
                                          const char* form) {
  std::vector<std::string> words;
  const std::string value = Given(properties, name);
  if (value.empty()) return words;
  size_t begin = 0;
  for (;;) {
    const size_t end = value.find(';', begin);
    words.emplace_back(Trim(std::string_view(value).substr(begin, end - begin)));
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  // A semicolon behind the last value.
  if (words.size() % group == 1 && words.back().empty()) words.pop_back();
  if (words.size() % group == 0) return words;
  return Status::InvalidArgument(std::string(name) + " is not of the form " + form);
}

// Collects what differs from the store.
class Edits {
 public:
  explicit Edits(const InstallerStore& store) : store_(store) {}

  std::optional<std::string> Find(std::string_view path, std::string_view key) const {
    for (auto edit = edits_.rbegin(); edit != edits_.rend(); ++edit) {
      if (edit->path == path && edit->key == key) return edit->value;
    }
    return store_.find(path, key);
  }
  void Set(std::string_view path, std::string_view key, std::string_view value) {
    if (Find(path, key).value_or("") == value) return;
    edits_.push_back({std::string(path), std::string(key), std::string(value)});
  }
  bool IsEnabled(std::string_view module) const {
    return SettingIsTrue(Find(kModules, module).value_or(""));
  }
  // `1` and `enabled` are one.
  void Switch(std::string_view module, bool on) {
    if (Find(kModules, module) && IsEnabled(module) == on) return;
    Set(kModules, module, on ? "enabled" : "disabled");
  }
  std::vector<InstallerEdit> Take() { return std::move(edits_); }

 private:
  const InstallerStore& store_;
  std::vector<InstallerEdit> edits_;
};

// What was given, and of the profile what the store says nothing of.
InstallerProperties Effective(const InstallerProperties& given,
                              const InstallerStore& store) {
  InstallerProperties all = given;
  if (!store.empty) return all;
  for (const auto& [name, value] : ProfileOf(Tool(given))) {
    // What is imported says itself which checks there are and who may ask.
    const bool wanted = !store.imported || name == "CONF_NRPE" || name == "NRPEMODE";
    const bool known = name == "CONF_NRPE" && store.find(kModules, "NRPEServer");
    if (wanted && !known) all.emplace(name, value);
  }
  return all;
}

void SetNrpeMode(const InstallerProperties& given, const InstallerProperties& all,
                 bool was_enabled, Edits* edits) {
  if (!edits->IsEnabled("NRPEServer")) return;
  const std::string mode = Given(all, "NRPEMODE");
  const bool asked = !Given(given, "NRPEMODE").empty();
  const bool profile = !asked && !mode.empty();
  const bool known = edits->Find(kNrpe, "insecure").has_value();
  const bool first = !was_enabled && (profile || !known);
  if (!asked && !first && !(profile && !known)) return;
  const bool legacy = EqualsIgnoreCase(mode, "LEGACY");
  edits->Set(kNrpe, "ssl options", "");
  edits->Set(kNrpe, "tls version", "tlsv1.2+");
  edits->Set(kNrpe, "insecure", legacy ? "true" : "false");
  edits->Set(kNrpe, "verify mode", legacy ? "none" : "peer-cert");
}

Status SetModules(const InstallerProperties& all, Edits* edits) {
  for (const ModuleFlag& flag : ModuleFlags()) {
    if (Given(all, flag.property).empty()) continue;
    ASSIGN_OR_RETURN(const bool on, ReadFlag(all, flag.property, false));
    for (const std::string_view module : flag.modules) edits->Switch(module, on);
  }
  if (!Given(all, "OP5_SERVER").empty()) edits->Switch("OP5Client", true);
  return Status::Ok();
}

Status SetLists(const InstallerProperties& all, Edits* edits) {
  ASSIGN_OR_RETURN(const auto includes,
                   ReadList(all, "CONF_INCLUDES", 2, "alias;file;alias;file"));
  for (size_t i = 0; i < includes.size(); i += 2) {
    edits->Set("/includes", includes[i], includes[i + 1]);
  }
  ASSIGN_OR_RETURN(const auto settings,
                   ReadList(all, "CONF_SET", 3, "path;key;value;path;key;value"));
  for (size_t i = 0; i < settings.size(); i += 3) {
    edits->Set(settings[i], settings[i + 1], settings[i + 2]);
  }
  return Status::Ok();
}

}  // namespace

Result<InstallerProperties> ParseInstallerProperties(std::string_view text) {
  InstallerProperties properties;
  size_t number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (EndsWith(line, "\r")) line.remove_suffix(1);
    if (line.empty()) continue;
    const size_t equals = line.find('=');
    const std::string name(line.substr(0, equals));
    if (equals == std::string_view::npos || FindProperty(name) == nullptr) {
      return Status::InvalidArgument("line " + std::to_string(number) +
                                     " of the input is not NAME=value with the name of a "
                                     "property of the installer");
    }
    const std::string value(line.substr(equals + 1));
    const Status valid = CheckIniValue(value);
    if (!valid.ok()) return valid.WithContext(name);
    if (!value.empty()) properties[name] = value;
  }
  return properties;
}

Result<InstallerTarget> PlanTarget(const InstallerProperties& properties,
                                   const BootConfig& boot) {
  RETURN_IF_ERROR(RefuseMissing(properties));
  InstallerTarget target;
  RETURN_IF_ERROR(PlanLayout(properties, boot, &target));
  ASSIGN_OR_RETURN(target.may_write, ReadFlag(properties, "ALLOW_CONFIGURATION", true));
  ASSIGN_OR_RETURN(target.sample, ReadFlag(properties, "GENERATE_SAMPLE_CONFIG", false));
  target.context = Given(properties, "CONFIGURATION_TYPE");
  if (target.context.empty() && !boot.contexts.empty()) {
    target.context = boot.contexts.front();
  }
  if (target.context.empty()) {
    target.context =
        EqualsIgnoreCase(Tool(properties), "OP5") ? kRegistryStore : kInstallerStore;
  }
  for (const auto& [name, key] :
       {std::pair("TLS_VERSION", "version"), std::pair("TLS_VERIFY_MODE", "verify mode"),
        std::pair("TLS_CA", "ca")}) {
    const std::string value = Given(properties, name);
    if (!value.empty()) target.tls.push_back({key, value});
  }
  const auto parsed = ParseContext(target.context);
  if (!parsed.ok()) return parsed.status().WithContext("CONFIGURATION_TYPE");
  const bool editable =
      parsed->type == StoreType::kIni || parsed->type == StoreType::kRegistry;
  target.writes = target.may_write && editable;
  if (target.may_write) target.import = Given(properties, "IMPORT_CONFIG");
  if (!target.may_write || editable) return target;
  for (const auto& [name, value] : properties) {
    if (FindProperty(name)->needs != Needs::kStore) continue;
    return Status::InvalidArgument(name + " can't be applied: the settings in " +
                                   ShownContext(target.context) +
                                   " are read only; set it there, or install without it");
  }
  return target;
}

Result<std::vector<InstallerEdit>> PlanSettings(
    const InstallerProperties& properties, const InstallerStore& store,
    const std::function<Result<std::string>()>& make_password) {
  const InstallerProperties all = Effective(properties, store);
  Edits edits(store);
  const bool nrpe_was_enabled = edits.IsEnabled("NRPEServer");
  RETURN_IF_ERROR(SetModules(all, &edits));
  for (const Setting& setting : kSettings) {
    const std::string value = Given(all, setting.property);
    if (value.empty()) continue;
    if (setting.key == "password") {
      RETURN_IF_ERROR(CheckSecret(setting.property, value));
    }
    edits.Set(setting.path, setting.key, value);
  }
  const bool profile =
      store.empty && !store.imported && EqualsIgnoreCase(Tool(properties), "GENERIC");
  const bool web = !Given(all, "CONF_WEB").empty() && edits.IsEnabled("WEBServer");
  if ((profile || web) && edits.Find(kDefaults, "password").value_or("").empty()) {
    ASSIGN_OR_RETURN(const std::string password, make_password());
    edits.Set(kDefaults, "password", password);
  }
  SetNrpeMode(properties, all, nrpe_was_enabled, &edits);
  RETURN_IF_ERROR(SetLists(all, &edits));
  return edits.Take();
}

}  // namespace nscp::kernel
