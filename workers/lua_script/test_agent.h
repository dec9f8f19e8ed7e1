// For the tests of LUAScript: an agent that remembers what it was asked, and a script
// from a text. For one thread.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "workers/lua_script/interpreter.h"

namespace nscp::lua_script {

class TestAgent final : public Agent {
 public:
  void Log(sdk::LogLevel, std::string_view text) override { log.emplace_back(text); }
  sdk::CheckResult Run(const Visit&, const sdk::Query& query) override {
    asked.push_back(query);
    if (on_run) on_run();
    sdk::CheckResult result =
        sdk::CheckResult::Of(sdk::State::kWarning, "from the agent");
    result.lines[0].perf = sdk::ParsePerf("'p'=1");
    return result;
  }
  sdk::ExecAnswer Exec(const Visit&, const std::string& target,
                       const sdk::Query& command) override {
    return {0, target + "\n" + command.command};
  }
  sdk::SubmitAnswer Submit(const Visit&, const sdk::Submission& submission) override {
    submitted.push_back(submission);
    return {true, "taken"};
  }
  Status Reload(const std::string& target) override {
    return Status::NotFound("no module " + target);
  }
  Result<std::string> ExpandPath(const std::string& text) override { return "/x" + text; }
  Result<std::vector<std::string>> Keys(const std::string&) override {
    return std::vector<std::string>{"a", "b"};
  }
  Result<std::optional<std::string>> Get(const std::string& path,
                                         const std::string& key) override {
    if (path == "/broken") return Status::Unavailable("no settings");
    const auto found = settings.find(path + ":" + key);
    if (found == settings.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  Status Set(const std::string& path, const std::string& key,
             const std::string& value) override {
    settings[path + ":" + key] = value;
    return Status::Ok();
  }
  Status Save() override {
    ++saves;
    return Status::Ok();
  }

  std::vector<std::string> log;
  std::vector<sdk::Query> asked;
  std::vector<sdk::Submission> submitted;
  std::map<std::string, std::string> settings;
  int saves = 0;
  std::function<void()> on_run;
};

// A visit that may take so long, outside of a call.
inline Visit Within(std::chrono::milliseconds time) {
  return {nullptr, std::chrono::steady_clock::now() + time};
}

struct TestScript {
  // With these lines before the text: `r` is Registry(), `c` Core(), `s` Settings().
  explicit TestScript(const std::string& text,
                      std::chrono::milliseconds time = std::chrono::seconds(5)) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("nscp-lua-test-" + std::to_string(std::hash<std::string>()(text)));
    std::ofstream(file, std::ios::binary)
        << "local r, c, s = Registry(), Core(), Settings(); " << text;
    auto made = Interpreter::Load({"t", file.string()}, "/nowhere", agent, Within(time));
    std::filesystem::remove(file);
    status = made.status();
    if (made.ok()) script = *made;
  }
  // "<state> <text>|<perf>" of the query "q".
  std::string Ask(std::vector<std::string> arguments = {},
                  std::chrono::milliseconds time = std::chrono::seconds(5)) {
    REQUIRE_MESSAGE(script, status.message());
    const auto result = script->Query({"q", std::move(arguments)}, Within(time));
    return std::string(sdk::StateName(result.state)) + " " + sdk::FormatPlain(result);
  }

  TestAgent agent;
  Status status;
  std::shared_ptr<Interpreter> script;
};

}  // namespace nscp::lua_script
