// Stands in for the kernel in the tests of modules: a Call that answers nested queries
// from a table and remembers what it was asked, and a Host that remembers what it was
// told. For one thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "workers/sdk/idle_host.h"
#include "workers/sdk/module.h"

namespace nscp::checks {

class FakeCall : public sdk::Call {
 public:
  struct Asked {
    sdk::Query query;
    std::optional<std::chrono::milliseconds> limit;
  };

  const std::string& principal() const override { return principal_; }
  const std::string& request_id() const override { return request_id_; }
  std::chrono::steady_clock::time_point deadline() const override {
    return std::chrono::steady_clock::time_point::max();
  }
  bool cancelled() const override { return is_cancelled; }

  sdk::CheckResult Run(const sdk::Query& query,
                       std::optional<std::chrono::milliseconds> limit) override {
    asked.push_back({query, limit});
    if (on_run) on_run();
    const auto answer = answers.find(query.command);
    if (answer != answers.end()) return answer->second;
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }
  sdk::SubmitAnswer Submit(const sdk::Submission& submission) override {
    submitted.push_back(submission);
    return submit_answer;
  }

  std::map<std::string, sdk::CheckResult> answers;
  std::vector<Asked> asked;
  std::vector<sdk::Submission> submitted;
  sdk::SubmitAnswer submit_answer{true, ""};
  bool is_cancelled = false;
  std::function<void()> on_run;

 private:
  std::string principal_ = "Test:admin";
  std::string request_id_ = "request";
};

class FakeHost : public sdk::IdleHost<sdk::Host> {
 public:
  void Log(sdk::LogLevel level, std::string_view message) override {
    log.emplace_back(level, message);
  }
  Status SetNames(std::vector<DynamicName> set) override {
    names = std::move(set);
    return set_names_answer;
  }
  Status SaveSettings(const std::vector<sdk::Settings::Entry>& entries) override {
    if (save_answer.ok()) saved.insert(saved.end(), entries.begin(), entries.end());
    return save_answer;
  }
  Status SetTag(const std::string& name, const std::string& value) override {
    tags[name] = value;
    return Status::Ok();
  }
  sdk::CheckResult Run(const sdk::Query& query, std::chrono::milliseconds) override {
    asked.push_back(query);
    const auto answer = answers.find(query.command);
    if (answer != answers.end()) return answer->second;
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }
  sdk::SubmitAnswer Submit(const sdk::Submission& submission,
                           std::chrono::milliseconds) override {
    submitted.push_back(submission);
    return submit_answer;
  }
  Status Emit(const std::vector<sdk::Event>& emitted) override {
    events.insert(events.end(), emitted.begin(), emitted.end());
    return emit_answer;
  }
  Status Store(const std::string& context, const std::string& key,
               const std::string& value) override {
    if (!store_answer.ok()) return store_answer;
    if (value.empty()) {
      stored[context].erase(key);
    } else {
      stored[context][key] = value;
    }
    return Status::Ok();
  }
  Result<std::map<std::string, std::string>> Stored(const std::string& context) override {
    if (!store_answer.ok()) return store_answer;
    return stored[context];
  }

  std::vector<std::pair<sdk::LogLevel, std::string>> log;
  std::vector<DynamicName> names;
  Status set_names_answer;
  std::vector<sdk::Settings::Entry> saved;
  Status save_answer;
  std::map<std::string, std::string> tags;
  std::map<std::string, sdk::CheckResult> answers;
  std::vector<sdk::Query> asked;
  std::vector<sdk::Submission> submitted;
  sdk::SubmitAnswer submit_answer{true, ""};
  std::vector<sdk::Event> events;
  Status emit_answer;
  std::map<std::string, std::map<std::string, std::string>> stored;  // by context
  Status store_answer;
};

// A result of one line, its performance data in text form.
inline sdk::CheckResult MakeResult(sdk::State state, std::string message,
                                   std::string_view perf = "") {
  sdk::CheckResult result = sdk::CheckResult::Of(state, std::move(message));
  result.lines[0].perf = sdk::ParsePerf(perf);
  return result;
}

}  // namespace nscp::checks
