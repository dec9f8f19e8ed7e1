#include "workers/simple_cache/simple_cache.h"

#include <mutex>

#include "proto/cpp/text.h"
#include "workers/checks/options.h"
#include "workers/checks/options_help.h"
#include "workers/checks/submission_text.h"
#include "workers/simple_cache/cache.h"

namespace nscp::simple_cache {
namespace {

using sdk::CheckResult;
using sdk::State;

constexpr char kPath[] = "/settings/cache";

checks::OptionTable CheckOptions() {
  checks::OptionTable options;
  options.Text("key", "", "The key of the result, as the primary index makes it");
  options.Text("host", "", "The host of the result, where the primary index has ${host}");
  options.Text("command", "", "The command whose result it is");
  options.Text("channel", "", "The channel that it came by");
  options.Text("alias", "", "The service's name");
  options.Text("not-found-msg", "Entry not found", "What to say when there is none");
  options.Text("not-found-code", "unknown",
               "The state when there is none: ok, warning, critical or unknown");
  return options;
}

class SimpleCache : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      index_ = settings.Get(kPath, "primary index");
    }
    std::vector<sdk::Host::DynamicName> channels;
    for (const std::string& channel : SplitList(settings.Get(kPath, "channel"))) {
      channels.push_back({sdk::Host::DynamicName::Kind::kChannel, channel,
                          "Results that check_cache gives", ""});
    }
    return host_->SetNames(std::move(channels)).WithContext("listening to channels");
  }

  sdk::SubmitAnswer OnSubmit(const sdk::Submission& submission, sdk::Call&) override {
    const std::string key = checks::SubmissionText(index(), submission, {});
    if (key.empty()) {
      return {false, "caching a result of " + submission.channel +
                         ": its key is empty (see primary index in " + kPath + ")"};
    }
    cache_.Put(key, submission.result);
    return {true, "message has been cached"};
  }

  CheckResult OnQuery(const sdk::Query& query, sdk::Call&) override {
    if (query.command == "check_cache" || query.command == "checkcache") {
      return Check(query.arguments);
    }
    if (query.command == "list_cache") return List(query.arguments);
    return CheckResult::Unknown("Unknown command(s): " + query.command);
  }

 private:
  std::string index() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return index_;
  }

  CheckResult Check(const std::vector<std::string>& given) {
    auto outcome = check_.Parse(given);
    if (auto* answer = std::get_if<CheckResult>(&outcome)) return std::move(*answer);
    const auto& arguments = std::get<checks::Arguments>(outcome);
    const std::string key = KeyOf(arguments);
    if (key.empty()) {
      return CheckResult::Unknown("No key specified\n" + checks::ShortHelp(check_));
    }
    if (auto found = cache_.Find(key)) return std::move(*found);
    return CheckResult::Of(sdk::ParseState(arguments.Text("not-found-code")),
                           arguments.Text("not-found-msg"));
  }

  std::string KeyOf(const checks::Arguments& arguments) {
    if (arguments.Given("key")) return arguments.Text("key");
    sdk::Submission wanted;
    wanted.result.command = arguments.Text("command");
    wanted.alias = arguments.Text("alias");
    wanted.channel = arguments.Text("channel");
    wanted.source = arguments.Text("host");
    return checks::SubmissionText(index(), wanted, {});
  }

  CheckResult List(const std::vector<std::string>& given) {
    auto outcome = list_.Parse(given);
    if (auto* answer = std::get_if<CheckResult>(&outcome)) return std::move(*answer);
    return CheckResult::Of(State::kOk, Join(cache_.Keys(), ", "));
  }

  sdk::Host* host_ = nullptr;
  const checks::OptionTable check_ = CheckOptions();
  const checks::OptionTable list_;
  Cache cache_;
  std::mutex mutex_;
  std::string index_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeSimpleCache() { return std::make_unique<SimpleCache>(); }

}  // namespace nscp::simple_cache
