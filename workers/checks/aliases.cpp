#include "workers/checks/aliases.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/argument_macros.h"
#include "workers/checks/command_line.h"
#include "workers/sdk/objects.h"

namespace nscp::checks {

std::vector<AliasDefinition> ReadAliases(const sdk::Settings& settings,
                                         std::string_view path, const Log& log) {
  const sdk::ObjectList list = sdk::ReadObjects(settings, path);
  for (const std::string& problem : list.problems) {
    log(sdk::LogLevel::kError, "Reading the aliases: " + problem);
  }
  std::vector<AliasDefinition> definitions;
  for (const sdk::SettingsObject& object : list.objects) {
    definitions.push_back(
        {object.alias, object.value.empty() ? object.Get("command") : object.value});
  }
  return definitions;
}

Aliases::Aliases(const std::vector<AliasDefinition>& definitions,
                 const std::vector<std::string>& taken, const Log& log) {
  auto refuse = [&](const std::string& name, const std::string& why) {
    log(sdk::LogLevel::kError, "Refusing alias '" + name + "' - " + why);
  };
  for (const AliasDefinition& one : definitions) {
    const std::string name = ToLowerAscii(Trim(one.name));
    auto words = SplitCommandLine(one.line);
    if (!words.ok()) {
      refuse(one.name, "command line did not parse cleanly: " + words.status().message() +
                           " (input: " + one.line + ")");
    } else if (words->empty()) {
      refuse(one.name, "command line is empty");
    } else if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
      refuse(one.name, "a command of this module has that name");
    } else if (aliases_.size() >= kMaxAliases) {
      refuse(one.name, "there are " + std::to_string(kMaxAliases) + " already");
    } else {
      sdk::Query query;
      query.command = ToLowerAscii(words->front());
      query.arguments.assign(words->begin() + 1, words->end());
      aliases_[name] = std::move(query);
    }
  }
}

const sdk::Query* Aliases::Find(const std::string& name) const {
  const auto found = aliases_.find(name);
  return found == aliases_.end() ? nullptr : &found->second;
}

std::vector<sdk::Host::DynamicName> Aliases::Names() const {
  std::vector<sdk::Host::DynamicName> names;
  for (const auto& [name, query] : aliases_) {
    names.push_back({sdk::Host::DynamicName::Kind::kAlias, name,
                     "Alias for: " + query.command, query.command});
  }
  return names;
}

sdk::CheckResult Aliases::Run(const sdk::Query& query, sdk::Call& call) const {
  const sdk::Query* alias = Find(query.command);
  if (alias == nullptr) {
    return sdk::CheckResult::Unknown("No alias found matching: " + query.command);
  }
  auto arguments = ExpandMacros(alias->arguments, query.arguments);
  if (!arguments.ok()) {
    return sdk::CheckResult::Unknown("Failed to execute: " + query.command + " (" +
                                     arguments.status().message() + ")");
  }
  sdk::CheckResult result = call.Run({alias->command, *std::move(arguments)});
  if (result.command.empty()) result.command = alias->command;
  return result;
}

}  // namespace nscp::checks
