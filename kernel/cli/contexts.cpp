#include "kernel/cli/contexts.h"

#include "kernel/cli/check_command.h"
#include "kernel/cli/client_command.h"
#include "kernel/cli/client_request.h"
#include "kernel/cli/completion_command.h"
#include "kernel/cli/diagnostics_command.h"
#include "kernel/cli/logs_command.h"
#include "kernel/cli/metrics_command.h"
#include "kernel/cli/modules_command.h"
#include "kernel/cli/queries_command.h"
#include "kernel/cli/service_command.h"
#include "kernel/cli/settings_command.h"
#include "kernel/cli/status_command.h"
#include "kernel/cli/unit_command.h"
#include "nscp/version.h"

namespace nscp::kernel {
namespace {

constexpr size_t kContextColumn = 16;

std::string Row(std::string_view word, std::string_view text) {
  std::string row = "  " + std::string(word);
  row += std::string(row.size() < kContextColumn ? kContextColumn - row.size() : 1, ' ');
  return row + std::string(text) + "\n";
}

int RunHelp(const Invocation&, Terminal& terminal) {
  terminal.Print(HelpText());
  return 1;
}

int RunUnavailable(const Invocation& invocation, Terminal& terminal) {
  terminal.PrintError("nscp " + invocation.context +
                      " is not available in this version\n");
  return 1;
}

std::string ContextNames() {
  std::string names;
  for (const ContextWord& context : Contexts()) {
    names += (names.empty() ? "" : ", ") + std::string(context.name);
  }
  return names;
}

std::string AliasNames() {
  std::string names;
  for (const AliasWord& alias : Aliases()) {
    names += (names.empty() ? "" : ", ") + std::string(alias.name);
  }
  return names;
}

}  // namespace

const std::vector<ContextWord>& Contexts() {
  static const std::vector<ContextWord> kContexts = {
      {"client", "Run a check or a command of a module", RunClient, ClientOptions},
      {"settings", "Show and change the settings", RunSettings, SettingsCommandOptions},
      {"service", "Run, install and control the service", RunService, ServiceOptions},
      {"help", "Show all options", RunHelp},
      {"unit", "Run unit tests of scripts", RunUnit, UnitOptions},
      {"enroll", "Enroll with a fleet server", RunUnavailable},
      {"status", "Show the running agent and its modules", RunStatus, StatusOptions},
      {"modules", "Show and change the running agent's modules", RunModules,
       ModulesOptions, ModulesActions(), Names::kModules},
      {"queries", "List the checks and aliases", RunQueries, QueriesOptions},
      {"check", "Run a check", RunCheck, CheckOptions, {}, Names::kQueries},
      {"logs", "Show and follow the running agent's log", RunLogs, LogsOptions},
      {"diagnostics", "Gather what support needs into one archive", RunDiagnostics,
       DiagnosticsOptions},
      {"metrics", "Show the running agent's figures", RunMetrics, MetricsOptions},
      {"completion", "Print a shell's completion of these commands", RunCompletion,
       nullptr, CompletionActions()},
  };
  return kContexts;
}

const std::vector<AliasWord>& Aliases() {
  static const std::vector<AliasWord> kAliases = {
      {"nrpe", "NRPEClient"},
      {"nscp", "NSCPClient"},
      {"nsca", "NSCAClient"},
      {"smtp", "SMTPClient"},
      {"nrdp", "NRDPClient"},
      {"nsca-ng", "NSCANgClient"},
      {"icinga", "IcingaClient"},
      {"graphite", "GraphiteClient"},
      {"eventlog", "CheckEventLog"},
      {"python", "PythonScript"},
      {"py", "PythonScript"},
      {"lua", "LUAScript"},
      {"syslog", "SyslogClient"},
      {"sys", "CheckSystem"},
      {"wmi", "CheckWMI"},
      {"check_mk", "CheckMKClient"},
      {"mk", "CheckMKClient"},
      {"ext-scr", "CheckExternalScripts"},
      {"ext", "CheckExternalScripts"},
      {"web", "WEBServer"},
      {"test", "CommandClient"},
      {"op5", "Op5Client"},
  };
  return kAliases;
}

std::string UsageText() {
  std::string text = "Usage: nscp <context>\n\nThe context is one of:\n";
  for (const ContextWord& context : Contexts()) text += Row(context.name, context.help);
  text += "\nOr an alias:\n";
  for (const AliasWord& alias : Aliases()) {
    text += Row(alias.name,
                "(same as nscp client --module " + std::string(alias.module) + ")");
  }
  return text + "\nIn short: " + ContextNames() + ", " + AliasNames() + "\n";
}

std::string HelpText() {
  std::string text =
      "Allowed options:\n" + OptionHelp(ContextOptions()) + OptionHelp(LightOptions());
  for (const ContextWord& context : Contexts()) {
    if (context.options != nullptr) text += OptionHelp(context.options());
  }
  return text + "First argument has to be one of the following: " + ContextNames() +
         "\n" + "Or one of the following client aliases: " + AliasNames() + "\n";
}

std::string VersionText(bool in_context) {
  return std::string("NSClient++, ") + (in_context ? "version: " : "Version: ") +
         kVersionText + ", Platform: " + kPlatform + "\n";
}

}  // namespace nscp::kernel
