// `nscp settings`: shows and changes the settings store without starting anything. A
// write goes through the running agent of that store, if there is one, so that its memory
// and the file stay the same. Main's thread. Source: the command line's specification
// A.5.
#pragma once

#include "kernel/cli/context_call.h"
#include "kernel/cli/store_access.h"

namespace nscp::kernel {

const OptionGroup& SettingsCommandOptions();
int RunSettings(const Invocation& invocation, Terminal& terminal);

// Scripts know it as -1.
constexpr int kSettingsFailed = 255;

// What each action works with.
struct SettingsCall {
  const GivenOptions& given;
  OpenStore& store;
  Terminal& terminal;
};
// Prints the text to standard error; gives kSettingsFailed.
int FailSettings(SettingsCall& call, const std::string& text);
// 0, or the failure's text and code.
int EndSettings(SettingsCall& call, const Status& status);

// All values of a store, in clear, as a request to write them into another.
v1::UpdateSettingsRequest AllSettings(const Settings& from);

int ShowSettings(SettingsCall& call);
int ListSettings(SettingsCall& call);
int ValidateSettings(SettingsCall& call);
// Exit code 1 where there is a problem: the texts go to standard error, JSON to output.
int CheckSettings(SettingsCall& call);

int SetSetting(SettingsCall& call);
int ActivateModules(SettingsCall& call);
int SortSettings(SettingsCall& call);
int SwitchSettings(SettingsCall& call);
int MigrateSettingsTo(SettingsCall& call);
int MigrateSettingsFrom(SettingsCall& call);
int MigrateLayout(SettingsCall& call);

int GenerateSettings(SettingsCall& call);
int UpdateSettings(SettingsCall& call);

}  // namespace nscp::kernel
