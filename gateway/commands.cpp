#include "gateway/commands.h"

#include <utility>

#include "gateway/command_parts.h"

namespace nscp::gateway {
namespace {

using Takes = CommandOption::Takes;

constexpr int kFailed = 3;
constexpr char kUsage[] =
    "Usage: nscp web "
    "[install|password|add-user|add-role|install-ui|uninstall-ui|ui-status] "
    "--help";

std::vector<WebCommand> AllCommands() {
  return {
      {"install",
       {{"allowed-hosts", 'h', Takes::kValue, "Hosts that may ask"},
        {"certificate", 0, Takes::kValue, "Certificate file"},
        {"certificate-key", 0, Takes::kValue,
         "Key file, when it is not in the certificate"},
        {"port", 0, Takes::kValue, "Port to listen on"},
        {"password", 0, Takes::kValue, "Password of the user admin"},
        {"https", 0, Takes::kOptionalValue,
         "Keep the certificate; --https=false goes back to the default one"},
        {"disable-admin", 0, Takes::kNothing, "Do without the user admin"}},
       Install},
      {"password",
       {{"set", 's', Takes::kValue, "The new password"},
        {"display", 'd', Takes::kNothing, "Show the password"},
        {"only-web", 0, Takes::kNothing, "Set it for the web server alone"}},
       Password},
      {"add-user",
       {{"user", 0, Takes::kValue, "Name of the user"},
        {"password", 0, Takes::kValue, "Password of the user"},
        {"role", 0, Takes::kValue, "Role of the user"}},
       AddUser},
      {"add-role",
       {{"role", 0, Takes::kValue, "Name of the role"},
        {"grant", 0, Takes::kValue, "Grants of the role, comma separated"}},
       AddRole},
      {"install-ui",
       {{"release-version", 0, Takes::kValue, "The release; by default the agent's own"},
        {"from", 0, Takes::kValue, "Unpack this archive and download nothing"},
        {"url", 0, Takes::kValue, "Where releases are, instead of NSClient++'s own"},
        {"force", 0, Takes::kNothing, "Replace all that the folder holds"},
        {"dry-run", 0, Takes::kNothing, "Tell what would be done"}},
       InstallUi},
      {"uninstall-ui",
       {{"force", 0, Takes::kNothing, "No manifest is no failure"}},
       UninstallUi},
      {"ui-status", {}, UiStatus}};
}

sdk::ExecAnswer Run(const WebCommand& command, const std::vector<std::string>& arguments,
                    SettingsEditor& settings) {
  const auto line = CommandLine::Parse(command.options, arguments);
  if (!line.ok()) {
    return {kFailed, "Invalid command line: " + line.status().message() + "\n" +
                         DescribeOptions(command.options)};
  }
  if (line->Has("help")) return {0, DescribeOptions(command.options)};
  auto output = command.run(*line, settings);
  if (output.ok()) return {0, std::move(output).value()};
  if (output.status().message().empty())
    return {kFailed, DescribeOptions(command.options)};
  return {kFailed, output.status().message()};
}

}  // namespace

sdk::ExecAnswer RunWebCommand(const sdk::Query& command, KernelClient& kernel,
                              const std::string& request_id) {
  std::string name = command.command;
  std::vector<std::string> arguments = command.arguments;
  if (name.empty() && !arguments.empty()) {
    name = arguments.front();
    arguments.erase(arguments.begin());
  }
  for (const WebCommand& known : AllCommands()) {
    if (known.name != name) continue;
    SettingsEditor settings(kernel, request_id);
    return Run(known, arguments, settings);
  }
  return {kFailed, kUsage};
}

}  // namespace nscp::gateway
