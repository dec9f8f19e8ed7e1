#include "workers/sample_cpp/sample_cpp.h"

#include <mutex>
#include <variant>

#include "proto/cpp/text.h"
#include "workers/sample_cpp/space_check.h"

namespace nscp::sample_cpp {
namespace {

using sdk::CheckResult;

constexpr char kFolders[] = "/settings/sample cpp/folders";
constexpr size_t kMostCommands = 16;

Result<std::vector<Folder>> ReadFolders(const sdk::Settings& settings) {
  std::vector<Folder> folders;
  for (const sdk::Settings::Entry& entry : settings.Keys(kFolders)) {
    if (entry.value.empty() || entry.value.find_first_of("/\\") == std::string::npos) {
      return Status::FailedPrecondition(std::string(kFolders) + ", " + entry.key +
                                        ": \"" + entry.value +
                                        "\" is no folder: write its whole path");
    }
    folders.push_back({entry.key, entry.value});
  }
  return folders;
}

class SampleCpp final : public sdk::Module {
 public:
  SampleCpp() {
    any_options_.List("command", {}, "A check to run; may be given several times");
  }

  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    RETURN_IF_ERROR(Reload(context.settings));
    host_->Log(sdk::LogLevel::kDebug,
               "SampleCpp of agent " + context.version + " starts");
    return Status::Ok();
  }

  Status Reload(const sdk::Settings& settings) override {
    ASSIGN_OR_RETURN(auto folders, ReadFolders(settings));
    const std::lock_guard<std::mutex> lock(mutex_);
    folders_ = std::move(folders);
    return Status::Ok();
  }

  CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    if (query.command == "sample_space") {
      return space_.Run(query.arguments, checks::EnvironmentOf(*host_, call),
                        CollectSpace(folders()));
    }
    if (query.command == "sample_any") return RunAny(query.arguments, call);
    return CheckResult::Unknown("Unknown command(s): " + query.command);
  }

 private:
  std::vector<Folder> folders() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return folders_;
  }

  CheckResult RunAny(const std::vector<std::string>& arguments, sdk::Call& call) const {
    checks::OptionTable::Outcome outcome = any_options_.Parse(arguments);
    if (auto* answer = std::get_if<CheckResult>(&outcome)) return std::move(*answer);
    const auto& commands = std::get<checks::Arguments>(outcome).List("command");
    if (commands.empty() || commands.size() > kMostCommands) {
      return CheckResult::Unknown("Give 1 to " + std::to_string(kMostCommands) +
                                  " times command=");
    }
    CheckResult result;
    for (const std::string& command : commands) {
      result = call.Run({ToLowerAscii(command), {}});
      if (result.state == sdk::State::kOk || call.cancelled()) break;
    }
    return result;
  }

  sdk::Host* host_ = nullptr;
  const SpaceCheck space_;
  checks::OptionTable any_options_;
  std::mutex mutex_;
  std::vector<Folder> folders_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeSampleCpp() { return std::make_unique<SampleCpp>(); }

}  // namespace nscp::sample_cpp
