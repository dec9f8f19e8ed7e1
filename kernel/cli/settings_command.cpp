#include "kernel/cli/settings_command.h"

#include <iostream>

#include "kernel/cli/installer_backup.h"
#include "kernel/cli/installer_command.h"
#include "kernel/cli/remove_made.h"
#include "kernel/cli/settings_layout.h"

namespace nscp::kernel {
namespace {

struct SettingsAction {
  std::string_view option;
  int (*run)(SettingsCall& call);
};

// One action for each call; of several the first of these.
const std::vector<SettingsAction>& Actions() {
  static const std::vector<SettingsAction> kActions = {
      {"generate", GenerateSettings},
      {"update", UpdateSettings},
      {"migrate-to", MigrateSettingsTo},
      {"migrate-layout", MigrateLayout},
      {"migrate-from", MigrateSettingsFrom},
      {"set", SetSetting},
      {"list", ListSettings},
      {"show", ShowSettings},
      {"activate-module", ActivateModules},
      {"check", CheckSettings},
      {"validate", ValidateSettings},
      {"sort", SortSettings},
      {"switch", SwitchSettings},
  };
  return kActions;
}

int DescribeCommand(SettingsCall& call) {
  call.terminal.Print(ContextHelp("settings", SettingsCommandOptions()) +
                      "\nCurrent settings instance loaded: \n  " +
                      call.store.settings->GetStatus().description() + "\n");
  return 1;
}

// A layout is moved only by who means just that.
int RefuseWord(const GivenOptions& given, const std::string& word, Terminal& terminal) {
  const bool moves = given.Has("migrate-layout");
  terminal.PrintError("Unrecognised argument '" + word + "' " +
                      (moves ? "next to --migrate-layout; " : "for nscp settings; ") +
                      "see nscp settings --help\n");
  return moves ? kSettingsFailed : 1;
}

int UninstallFiles(const ContextCall& call, Terminal& terminal) {
  if (HasLayouts()) return RemoveMade(call.common, terminal);
  terminal.PrintError("--remove-made is for Windows; here the package manager removes\n");
  return 1;
}

}  // namespace

const OptionGroup& SettingsCommandOptions() {
  static const OptionGroup kGroup = {
      "Settings options",
      {
          {"path", 0, Takes::kValue, "path", "Path of the setting"},
          {"key", 0, Takes::kValue, "key", "Key of the setting"},
          {"set", 0, Takes::kMaybe, "value", "Set the key; without a value remove it"},
          {"show", 0, Takes::kNothing, "", "Show the store, or the value of a key"},
          {"list", 0, Takes::kNothing, "", "List all values, or those below a path"},
          {"validate", 0, Takes::kNothing, "", "Tell what no module knows"},
          {"check", 0, Takes::kNothing, "",
           "Tell every problem of the store; the exit code is 1 where there is one"},
          {"output", 0, Takes::kValue, "text|json", "With check: how to tell"},
          {"sort", 0, Takes::kNothing, "", "Sort sections and keys of the file"},
          {"update", 0, Takes::kMaybe, "store",
           "Save everything with comments; stdout prints it"},
          {"generate", 0, Takes::kMaybe, "store", "The same, under its old name"},
          {"add-defaults", 0, Takes::kNothing, "",
           "With update: write the defaults of enabled modules too"},
          {"add-missing", 0, Takes::kNothing, "", "The same"},
          {"remove-defaults", 0, Takes::kNothing, "",
           "With update: drop keys that equal their default"},
          {"load-all", 0, Takes::kNothing, "", "With update: of every module on disk"},
          {"use-samples", 0, Takes::kNothing, "", "With update: sample keys too"},
          {"migrate-to", 0, Takes::kValue, "store",
           "Copy all values into this store and use it from now on"},
          {"migrate-from", 0, Takes::kValue, "store",
           "Copy all values from this store into the current one"},
          {"switch", 0, Takes::kValue, "store", "Use this store from now on"},
          {"activate-module", 0, Takes::kSeveral, "module", "Enable modules"},
          {"migrate-layout", 0, Takes::kValue, "modern|legacy",
           "Move the files to the folders of another layout (Windows)"},
          {"dry-run", 0, Takes::kNothing, "", "With migrate-layout: move nothing"},
          {"apply-installer", 0, Takes::kNothing, "",
           "Apply an installer's properties, lines NAME=value of standard input"},
          {"end-installer", 0, Takes::kValue, "keep|undo",
           "Keep what apply-installer did, or put back what was there before"},
          {"remove-made", 0, Takes::kNothing, "",
           "Remove what the agent made and its user has no use for, as an uninstall "
           "does"},
      }};
  return kGroup;
}

int FailSettings(SettingsCall& call, const std::string& text) {
  call.terminal.PrintError(text + "\n");
  return kSettingsFailed;
}

int EndSettings(SettingsCall& call, const Status& status) {
  return status.ok() ? 0 : FailSettings(call, status.message());
}

int RunSettings(const Invocation& invocation, Terminal& terminal) {
  const auto begun =
      BeginContext(invocation, SettingsCommandOptions(), Unknown::kKept, terminal);
  if (!begun) return 1;
  const auto rest = begun->given.Rest();
  if (!rest.empty()) return RefuseWord(begun->given, rest.front(), terminal);
  if (begun->given.Has("apply-installer")) {
    return ApplyInstaller(begun->common, std::cin, terminal);
  }
  if (begun->given.Has("end-installer")) {
    return EndInstaller(begun->common, begun->given.Last("end-installer"), terminal);
  }
  if (begun->given.Has("remove-made")) return UninstallFiles(*begun, terminal);
  auto store = OpenSettingsStore(begun->common);
  if (!store.ok()) {
    terminal.PrintLog(v1::LOG_ERROR, "settings", store.status().message());
    terminal.PrintLog(v1::LOG_ERROR, "core", "boot::init::1 failed");
    terminal.PrintError("Failed initialize settings instance\n");
    return kSettingsFailed;
  }
  SettingsCall call{begun->given, *store, terminal};
  for (const SettingsAction& action : Actions()) {
    if (begun->given.Has(action.option)) return action.run(call);
  }
  return DescribeCommand(call);
}

}  // namespace nscp::kernel
