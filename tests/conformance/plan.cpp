#include "tests/conformance/plan.h"

#include <charconv>
#include <filesystem>
#include <functional>
#include <map>

#include "kernel/modules/manifest.h"
#include "kernel/settings/atomic_file.h"
#include "kernel/settings/settings.h"
#include "kernel/settings/snapshot.h"
#include "proto/cpp/text.h"

namespace nscp::conformance {

const char kUsage[] =
    R"(usage: conformance [option ...] <manifest.json or program>
Plays the kernel for a worker and holds it to the contract (proto/README.md), rule by rule.
A program's manifest is looked for beside it. Exit code 0: no rule failed.

  --nested "COMMAND ARGUMENT ..."  has the kernel run the command {command}
  --slow "COMMAND ARGUMENT ..."    takes a minute or more; by default: --nested, and the
                                   kernel answers late
  --large "COMMAND ARGUMENT ..."   answers more than 4 MiB; by default: --nested, and the
                                   kernel answers that much
  --set "PATH,KEY=VALUE"           a setting; may be given several times
  --refuse "PATH,KEY=VALUE"        a setting with which the worker has to refuse its start
  --start-limit SECONDS            for attach and start together (10)
  --rule NAME                      only this rule; may be given several times
  --jobs N                         rules at once (8)
)";

namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxJobs = 64;

Result<Command> ReadCommand(const std::string& text) {
  std::vector<std::string> words;
  for (std::string& word : Split(text, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  if (words.empty()) return Status::InvalidArgument("a command is empty");
  return Command{words.front(), {words.begin() + 1, words.end()}};
}

Result<Setting> ReadSetting(const std::string& text) {
  const size_t comma = text.find(',');
  const size_t equals = text.find('=', comma);
  if (comma == std::string::npos || equals == std::string::npos) {
    return Status::InvalidArgument("\"" + text + "\" is no PATH,KEY=VALUE");
  }
  return Setting{text.substr(0, comma), text.substr(comma + 1, equals - comma - 1),
                 text.substr(equals + 1)};
}

Result<size_t> ReadNumber(const std::string& text, size_t most) {
  size_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0 ||
      number > most) {
    return Status::InvalidArgument("\"" + text + "\" is no number from 1 to " +
                                   std::to_string(most));
  }
  return number;
}

using Reader = std::function<Status(const std::string& value)>;

Reader IntoCommand(std::optional<Command>& target) {
  return [&target](const std::string& value) {
    ASSIGN_OR_RETURN(target, ReadCommand(value));
    return Status::Ok();
  };
}

std::map<std::string, Reader> Options(Plan& plan) {
  return {
      {"--nested", IntoCommand(plan.nested_form)},
      {"--slow", IntoCommand(plan.slow_form)},
      {"--large", IntoCommand(plan.large_form)},
      {"--set",
       [&plan](const std::string& value) {
         ASSIGN_OR_RETURN(Setting setting, ReadSetting(value));
         plan.settings.push_back(std::move(setting));
         return Status::Ok();
       }},
      {"--refuse",
       [&plan](const std::string& value) {
         ASSIGN_OR_RETURN(plan.refused, ReadSetting(value));
         return Status::Ok();
       }},
      {"--start-limit",
       [&plan](const std::string& value) {
         ASSIGN_OR_RETURN(const size_t seconds, ReadNumber(value, 600));
         plan.start_limit = std::chrono::seconds(seconds);
         return Status::Ok();
       }},
      {"--rule",
       [&plan](const std::string& value) {
         plan.only.push_back(value);
         return Status::Ok();
       }},
      {"--jobs",
       [&plan](const std::string& value) {
         ASSIGN_OR_RETURN(plan.jobs, ReadNumber(value, kMaxJobs));
         return Status::Ok();
       }},
  };
}

// As the kernel reads it, with the same refusals.
Status ReadManifest(std::string file, Plan& plan) {
  if (!EndsWith(file, ".json")) file += ".json";
  file = fs::absolute(file).lexically_normal().string();
  RETURN_IF_ERROR(kernel::CheckTrustedFile(file, "manifest"));
  ASSIGN_OR_RETURN(const std::string text,
                   kernel::ReadWholeFile(file, kernel::kMaxManifestBytes));
  ASSIGN_OR_RETURN(plan.manifest, kernel::ParseManifest(text, file));
  RETURN_IF_ERROR(kernel::CheckManifest(plan.manifest, file));
  plan.program = kernel::ProgramOf(plan.manifest, fs::path(file).parent_path().string());
  RETURN_IF_ERROR(kernel::CheckTrustedFile(plan.program, "program"));
  return kernel::CheckExecutable(plan.program);
}

}  // namespace

std::optional<Command> Plan::Nested(const std::string& inner) const {
  if (!nested_form) return std::nullopt;
  Command command = *nested_form;
  for (std::string& argument : command.arguments) {
    argument = ReplaceAll(argument, kCommandMark, inner);
  }
  return command;
}

std::optional<Command> Plan::Slow() const {
  return slow_form ? slow_form : Nested(kHangs);
}

std::optional<Command> Plan::Large() const {
  return large_form ? large_form : Nested(kTalks);
}

Result<Plan> ReadPlan(const std::vector<std::string>& arguments, bool* usage) {
  Plan plan;
  const auto options = Options(plan);
  std::string file;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      *usage = true;
      return plan;
    }
    const auto option = options.find(argument);
    if (option != options.end() && i + 1 < arguments.size()) {
      RETURN_IF_ERROR(option->second(arguments[++i]).WithContext(argument));
    } else if (!file.empty() || StartsWith(argument, "-")) {
      return Status::InvalidArgument("what is \"" + argument + "\"? --help tells");
    } else {
      file = argument;
    }
  }
  if (file.empty()) return Status::InvalidArgument("which worker? --help tells");
  RETURN_IF_ERROR(ReadManifest(file, plan));
  return plan;
}

Result<std::vector<v1::EffectiveSetting>> ResolveSettings(const Plan& plan,
                                                          const std::string& folder) {
  kernel::PathTokens tokens(folder, {});
  for (const char* name : {"certificate-path", "data-path", "log-path", "cache-folder",
                           "shared-path", "module-path", "scripts", "web-path"}) {
    tokens.Override(name, folder);
  }
  const kernel::NoDescriptions nothing;
  ASSIGN_OR_RETURN(const auto settings,
                   kernel::Settings::Open({"dummy", tokens, {}, {}, {}}, nothing));
  v1::UpdateSettingsRequest request;
  for (const Setting& setting : plan.settings) {
    v1::SettingEntry& entry = *request.add_entries();
    entry.set_path(setting.path);
    entry.set_key(setting.key);
    entry.set_value(setting.value);
  }
  RETURN_IF_ERROR(settings->Update(request).status());
  return kernel::EffectiveSettings(plan.manifest, "", *settings, tokens);
}

}  // namespace nscp::conformance
