// `nscp settings --update` and `--generate`: the store with a comment before each key
// that a manifest describes, with or without the defaults and samples.
#include "kernel/cli/settings_command.h"
#include "kernel/modules/catalogue.h"
#include "kernel/settings/context.h"
#include "kernel/settings/modules_section.h"

namespace nscp::kernel {
namespace {

constexpr char kToTerminal[] = "stdout";

// The kernel's own settings, and those of the modules that are enabled.
std::vector<std::string> ActiveOwners(const OpenStore& store) {
  std::vector<std::string> owners = {KernelManifest().name()};
  for (const ConfiguredModule& module :
       ParseModulesSection(store.settings->Keys("/modules"))) {
    if (module.enabled) owners.push_back(module.id());
  }
  return owners;
}

AnnotateOptions OptionsOf(const SettingsCall& call) {
  AnnotateOptions options;
  options.add_defaults = call.given.Has("add-defaults") || call.given.Has("add-missing");
  options.remove_defaults = call.given.Has("remove-defaults");
  options.use_samples = call.given.Has("use-samples");
  if (!call.given.Has("load-all")) options.owners = ActiveOwners(call.store);
  return options;
}

Status SaveInto(SettingsCall& call, const std::string& context,
                const AnnotateOptions& options) {
  ASSIGN_OR_RETURN(const auto other, OpenOtherStore(call.store, context));
  RETURN_IF_ERROR(other->Update(AllSettings(*call.store.settings)).status());
  return other->SaveAll(options);
}

Status Generate(SettingsCall& call, const std::string& target) {
  AnnotateOptions options = OptionsOf(call);
  if (target == kToTerminal) {
    // Printed, it is read for what could be set.
    options.add_defaults = options.add_defaults || !options.remove_defaults;
    call.terminal.Print(call.store.settings->Generate(options));
    return Status::Ok();
  }
  if (options.remove_defaults) call.terminal.Print("Removing default values\n");
  const StoreChoice& choice = call.store.choice;
  const bool is_current = target.empty() || target == "settings" ||
                          CanonicalStore(target, choice.tokens) ==
                              CanonicalStore(choice.context, choice.tokens);
  return is_current ? call.store.settings->SaveAll(options)
                    : SaveInto(call, target, options);
}

int EndGenerate(SettingsCall& call, const Status& status) {
  return EndSettings(call, status) == 0 ? 0 : 1;
}

}  // namespace

int GenerateSettings(SettingsCall& call) {
  return EndGenerate(call, Generate(call, call.given.Last("generate")));
}

int UpdateSettings(SettingsCall& call) {
  return EndGenerate(call, Generate(call, call.given.Last("update")));
}

}  // namespace nscp::kernel
