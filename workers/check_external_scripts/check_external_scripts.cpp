#include "workers/check_external_scripts/check_external_scripts.h"

#include <algorithm>
#include <mutex>

#include "proto/cpp/text.h"
#include "workers/check_external_scripts/commands.h"
#include "workers/check_external_scripts/definitions.h"

namespace nscp::check_external_scripts {
namespace {

using sdk::CheckResult;

// `settings` with `changes` in place; an empty value takes a key away.
sdk::Settings Changed(const sdk::Settings& settings,
                      const std::vector<sdk::Settings::Entry>& changes) {
  std::vector<sdk::Settings::Entry> entries = settings.all();
  for (const auto& change : changes) {
    entries.erase(std::remove_if(entries.begin(), entries.end(),
                                 [&](const sdk::Settings::Entry& entry) {
                                   return EqualsIgnoreCase(entry.path, change.path) &&
                                          EqualsIgnoreCase(entry.key, change.key);
                                 }),
                  entries.end());
    if (!change.value.empty()) entries.push_back(change);
  }
  return sdk::Settings(std::move(entries));
}

class CheckExternalScripts : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    auto read = std::make_shared<const Definitions>(ReadDefinitions(settings, log_));
    const Status set = host_->SetNames(read->Names());
    if (!set.ok()) {
      host_->Log(sdk::LogLevel::kError,
                 "Registering the scripts and aliases: " + set.ToString());
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    settings_ = settings;
    definitions_ = std::move(read);
    return Status::Ok();
  }

  CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const auto known = definitions();
    const auto script = known->scripts.find(query.command);
    if (script != known->scripts.end()) {
      return RunScript(script->second, query, known->rules, background_, log_, call);
    }
    if (known->aliases.Find(query.command) != nullptr) {
      return known->aliases.Run(query, call);
    }
    return CheckResult::Unknown("No command or alias found matching: " + query.command);
  }

  sdk::ExecAnswer OnExec(const sdk::Query& command, sdk::Call&) override {
    const std::lock_guard<std::mutex> lock(commands_);
    return RunCommand(command, *definitions(), [this](const auto& entries) {
      RETURN_IF_ERROR(host_->SaveSettings(entries));
      return Reload(Changed(settings(), entries));
    });
  }

 private:
  std::shared_ptr<const Definitions> definitions() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return definitions_;
  }
  sdk::Settings settings() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return settings_;
  }

  sdk::Host* host_ = nullptr;
  const checks::Log log_ = [this](sdk::LogLevel level, std::string_view text) {
    host_->Log(level, text);
  };
  process::Background background_;
  std::mutex commands_;  // a command sees what the one before it wrote
  std::mutex mutex_;
  sdk::Settings settings_;
  std::shared_ptr<const Definitions> definitions_ = std::make_shared<const Definitions>();
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckExternalScripts() {
  return std::make_unique<CheckExternalScripts>();
}

}  // namespace nscp::check_external_scripts
