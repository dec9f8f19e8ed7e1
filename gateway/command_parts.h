// The commands of `nscp web`, one function each; commands.cpp picks. An error is what the
// user reads, with exit code 3.
#pragma once

#include <string>

#include "gateway/settings_editor.h"
#include "proto/cpp/status.h"
#include "workers/sdk/command_line.h"

namespace nscp::gateway {

using sdk::CommandLine;
using sdk::CommandOption;

inline constexpr char kServerPath[] = "/settings/WEB/server";
inline constexpr char kUsersPath[] = "/settings/WEB/server/users";
inline constexpr char kRolesPath[] = "/settings/WEB/server/roles";
inline constexpr char kDefaultPath[] = "/settings/default";
constexpr size_t kGeneratedPassword = 32;

struct WebCommand {
  std::string_view name;
  std::vector<CommandOption> options;
  Result<std::string> (*run)(const CommandLine& line, SettingsEditor& settings);
};

Result<std::string> Install(const CommandLine& line, SettingsEditor& settings);
Result<std::string> Password(const CommandLine& line, SettingsEditor& settings);
Result<std::string> AddUser(const CommandLine& line, SettingsEditor& settings);
Result<std::string> AddRole(const CommandLine& line, SettingsEditor& settings);
Result<std::string> InstallUi(const CommandLine& line, SettingsEditor& settings);
Result<std::string> UninstallUi(const CommandLine& line, SettingsEditor& settings);
Result<std::string> UiStatus(const CommandLine& line, SettingsEditor& settings);

}  // namespace nscp::gateway
