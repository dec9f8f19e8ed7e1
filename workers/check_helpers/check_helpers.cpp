#include "workers/check_helpers/check_helpers.h"

#include <map>
#include <mutex>

#include "workers/check_helpers/perf_checks.h"
#include "workers/check_helpers/wrappers.h"
#include "workers/checks/aliases.h"

namespace nscp::check_helpers {
namespace {

using sdk::CheckResult;
using sdk::State;

constexpr char kAliasPath[] = "/settings/check helpers/alias";

// The other names of the manifest, as they arrive: in lower case.
constexpr struct {
  const char* alternative;
  const char* command;
} kAlternatives[] = {
    {"checkalwaysok", "check_always_ok"},
    {"checkalwayswarning", "check_always_warning"},
    {"checkalwayscritical", "check_always_critical"},
    {"checkmultiple", "check_multi"},
    {"checkok", "check_ok"},
    {"checkwarning", "check_warning"},
    {"checkcritical", "check_critical"},
    {"checkversion", "check_version"},
    {"negate", "check_negate"},
    {"timeout", "check_timeout"},
};

class CheckHelpers : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    const Log log = [this](sdk::LogLevel level, std::string_view text) {
      host_->Log(level, text);
    };
    handlers_["check_ok"] = MakeFixed(State::kOk);
    handlers_["check_warning"] = MakeFixed(State::kWarning);
    handlers_["check_critical"] = MakeFixed(State::kCritical);
    handlers_["check_version"] = MakeVersion(context.version);
    handlers_["check_always_ok"] = MakeAlways(State::kOk);
    handlers_["check_always_warning"] = MakeAlways(State::kWarning);
    handlers_["check_always_critical"] = MakeAlways(State::kCritical);
    handlers_["check_negate"] = MakeNegate();
    handlers_["check_multi"] = MakeMulti();
    handlers_["check_timeout"] = MakeTimeout(&std::chrono::steady_clock::now);
    handlers_["check_and_forward"] = MakeForward(log);
    handlers_["filter_perf"] = MakeFilterPerf();
    handlers_["render_perf"] = MakeRenderPerf(log);
    handlers_["xform_perf"] = MakeXformPerf();
    for (const auto& other : kAlternatives) {
      handlers_[other.alternative] = handlers_.at(other.command);
    }
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    std::vector<std::string> taken;
    for (const auto& [name, handler] : handlers_) taken.push_back(name);
    const Log log = [this](sdk::LogLevel level, std::string_view text) {
      host_->Log(level, text);
    };
    auto aliases = std::make_shared<const checks::Aliases>(
        checks::ReadAliases(settings, kAliasPath, log), taken, log);
    const Status set = host_->SetNames(aliases->Names());
    if (!set.ok()) {
      host_->Log(sdk::LogLevel::kError, "Registering the aliases of " +
                                            std::string(kAliasPath) + ": " +
                                            set.ToString());
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    aliases_ = std::move(aliases);
    return Status::Ok();
  }

  CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const auto handler = handlers_.find(query.command);
    if (handler != handlers_.end()) return handler->second(query.arguments, call);
    return aliases()->Run(query, call);
  }

 private:
  std::shared_ptr<const checks::Aliases> aliases() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return aliases_;
  }

  sdk::Host* host_ = nullptr;
  std::map<std::string, Handler> handlers_;  // complete after Start, then only read
  std::mutex mutex_;
  std::shared_ptr<const checks::Aliases> aliases_ =
      std::make_shared<const checks::Aliases>();
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckHelpers() {
  return std::make_unique<CheckHelpers>();
}

}  // namespace nscp::check_helpers
