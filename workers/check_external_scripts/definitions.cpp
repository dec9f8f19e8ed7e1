#include "workers/check_external_scripts/definitions.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/check_external_scripts/default_aliases.h"
#include "workers/check_external_scripts/wrapping.h"
#include "workers/scripts/script_folder.h"
#include "workers/sdk/objects.h"

namespace nscp::check_external_scripts {
namespace {

using sdk::LogLevel;

constexpr char kAliasSection[] = "/settings/external scripts/alias";
constexpr char kWrappings[] = "/settings/external scripts/wrappings";
constexpr int64_t kDefaultTimeout = 60;
constexpr int64_t kLongestTimeout = 600;  // no call of the agent lasts longer

class Reader {
 public:
  Reader(const sdk::Settings& settings, const checks::Log& log)
      : settings_(settings), log_(log) {}

  Definitions Read() {
    ReadRules();
    ReadFolder();
    ReadWrapped();
    ReadScripts();
    ReadAliases();
    return std::move(read_);
  }

 private:
  void ReadRules() {
    RunRules& rules = read_.rules;
    rules.arguments.allowed = settings_.GetBool(kSection, "allow arguments", false);
    rules.arguments.nasty = settings_.GetBool(kSection, "allow nasty characters", false);
    const int64_t given = settings_.GetInt(kSection, "timeout", kDefaultTimeout);
    const int64_t timeout = std::min(std::max<int64_t>(given, 1), kLongestTimeout);
    if (timeout != given) {
      log_(LogLevel::kError,
           std::string(kSection) + ": timeout = " + std::to_string(given) +
               " is not between 1 and " + std::to_string(kLongestTimeout) +
               " seconds; it is " + std::to_string(timeout));
    }
    rules.timeout = std::chrono::seconds(timeout);
    read_.root = settings_.Get(kSection, "script root");
    rules.folder = scripts::ParentOf(read_.root);
  }

  // Later ones win: what is written out counts for more than what lies in a folder.
  void Add(Script script) {
    if (script.name.empty()) return;
    if (read_.scripts.size() >= kMaxScripts && read_.scripts.count(script.name) == 0) {
      log_(LogLevel::kError, "Refusing script '" + script.name + "' - there are " +
                                 std::to_string(kMaxScripts) + " already");
      return;
    }
    if (!script.fault.empty()) log_(LogLevel::kError, script.fault);
    std::string name = script.name;
    read_.scripts[std::move(name)] = std::move(script);
  }

  void ReadFolder() {
    const std::string path = settings_.Get(kSection, "script path");
    if (path.empty()) return;
    const auto files = scripts::FilesOf(path);
    if (!files.ok()) {
      log_(LogLevel::kError,
           "Reading the scripts of " + path + ": " + files.status().message());
      return;
    }
    for (const scripts::ScriptFile& file : *files) {
      std::string line = QuoteWord(file.path);
      if (read_.rules.arguments.allowed) line += " %ARGS%";
      Add(MakeScript(file.name, std::move(line)));
    }
  }

  void ReadWrapped() {
    Wrappings wrappings;
    for (const auto& entry : settings_.Keys(kWrappings)) {
      wrappings[ToLowerAscii(entry.key)] = entry.value;
    }
    for (const auto& entry : settings_.Keys(kWrappedSection)) {
      auto line = Wrap(wrappings, entry.value);
      Script script = MakeScript(entry.key, line.ok() ? *line : entry.value);
      if (!line.ok()) script.fault = line.status().message();
      Add(std::move(script));
    }
  }

  void ReadScripts() {
    const sdk::ObjectList list = sdk::ReadObjects(settings_, kScriptsSection);
    for (const std::string& problem : list.problems) {
      log_(LogLevel::kError, "Reading the scripts: " + problem);
    }
    for (const sdk::SettingsObject& object : list.objects) {
      Script script = MakeScript(
          object.alias, object.value.empty() ? object.Get("command") : object.value);
      script.ignore_perf = sdk::ParseBool(object.Get("ignore perfdata"), false);
      script.capture = sdk::ParseBool(object.Get("capture output"), true);
      Add(std::move(script));
    }
  }

  void ReadAliases() {
    auto definitions = checks::ReadAliases(settings_, kAliasSection, log_);
    if (definitions.empty()) definitions = DefaultAliases();
    std::vector<std::string> taken;
    for (const auto& [name, script] : read_.scripts) taken.push_back(name);
    read_.aliases = checks::Aliases(definitions, taken, log_);
  }

  const sdk::Settings& settings_;
  const checks::Log& log_;
  Definitions read_;
};

}  // namespace

std::vector<sdk::Host::DynamicName> Definitions::Names() const {
  using Kind = sdk::Host::DynamicName::Kind;
  std::vector<sdk::Host::DynamicName> names = aliases.Names();
  for (const auto& [name, script] : scripts) {
    names.push_back({Kind::kQuery, name, "External script: " + script.line, ""});
  }
  return names;
}

Definitions ReadDefinitions(const sdk::Settings& settings, const checks::Log& log) {
  return Reader(settings, log).Read();
}

}  // namespace nscp::check_external_scripts
