// A module that plays PythonScript or LUAScript for `nscp unit`: it takes a script by a
// command, and once it is reloaded has the queries of its tests. A script is a text file
// whose lines are "ok <case>" and "fail <case>".
//
//   fake_unittest <py | lua> <section of the definitions>
#include <algorithm>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "workers/sdk/gateway_host.h"
#include "workers/sdk/run.h"

namespace {

using nscp::sdk::CheckResult;
using nscp::sdk::ExecAnswer;
using nscp::sdk::State;

constexpr char kKey[] = "unit";

class UnitTests final : public nscp::sdk::Module {
 public:
  UnitTests(std::string prefix, std::string section)
      : prefix_(std::move(prefix)), section_(std::move(section)) {}

  nscp::Status Start(const nscp::sdk::StartContext& context) override {
    host_ = static_cast<nscp::sdk::GatewayHost*>(context.host);
    script_ = context.settings.Get(section_, kKey);
    if (script_.empty()) return nscp::Status::Ok();
    using Name = nscp::sdk::Host::DynamicName;
    std::vector<Name> names;
    for (const char* name : {"", "_show_ok", "_add_case"}) {
      names.push_back({Name::Kind::kQuery, prefix_ + "_unittest" + name, "", ""});
    }
    return host_->SetNames(std::move(names));
  }

  ExecAnswer OnExec(const nscp::sdk::Query& command, nscp::sdk::Call&) override {
    const auto& words = command.arguments;
    if (command.command != (prefix_ == "py" ? "python-script" : "lua-script") ||
        words.size() != 2 || words[0] != "--script") {
      return {1, "Command not found: " + command.command};
    }
    if (!std::ifstream(words[1])) return {3, "Script not found: " + words[1]};
    nscp::v1::UpdateSettingsRequest request;
    nscp::v1::SettingEntry& entry = *request.add_entries();
    entry.set_path(section_);
    entry.set_key(kKey);
    entry.set_value(words[1]);
    const auto saved = host_->kernel().UpdateSettings(request, {});
    if (!saved.ok()) return {3, saved.status().message()};
    return {0, "took " + words[1]};
  }

  CheckResult OnQuery(const nscp::sdk::Query& query, nscp::sdk::Call&) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (query.command == prefix_ + "_unittest") return RunAll();
    if (query.command == prefix_ + "_unittest_show_ok") show_ok_ = true;
    for (const std::string& name : query.arguments) cases_.push_back(name);
    return CheckResult::Of(State::kOk, "Done");
  }

 private:
  CheckResult RunAll() const {
    std::ifstream script(script_);
    std::string verdict;
    std::string name;
    std::string failed;
    std::string shown;
    while (script >> verdict >> name) {
      const bool chosen =
          cases_.empty() || std::find(cases_.begin(), cases_.end(), name) != cases_.end();
      if (!chosen) continue;
      if (verdict != "ok") failed += " " + name;
      if (verdict == "ok" && show_ok_) shown += " " + name;
    }
    return failed.empty() ? CheckResult::Of(State::kOk, "all well:" + shown)
                          : CheckResult::Of(State::kCritical, "failed:" + failed);
  }

  const std::string prefix_;
  const std::string section_;
  nscp::sdk::GatewayHost* host_ = nullptr;
  std::string script_;
  std::mutex mutex_;
  bool show_ok_ = false;
  std::vector<std::string> cases_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  return nscp::sdk::RunModule(std::make_unique<UnitTests>(argv[1], argv[2]));
}
