// What a script may ask of the agent. An interface, so that scripts are tested without
// one. Any thread; nothing here knows Lua.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workers/sdk/module.h"

namespace nscp::lua_script {

// One way into a script: a call from the kernel, or something that the module does by
// itself (loading, on_start).
struct Visit {
  sdk::Call* call = nullptr;  // null outside of a call; not owned
  std::chrono::steady_clock::time_point deadline;
  const std::atomic<bool>* stopping = nullptr;  // ends it early; null = nothing does

  bool over() const {
    return (call != nullptr && call->cancelled()) || (stopping != nullptr && *stopping) ||
           std::chrono::steady_clock::now() >= deadline;
  }
  std::chrono::milliseconds left() const;
};

class Agent {
 public:
  virtual ~Agent() = default;

  virtual void Log(sdk::LogLevel level, std::string_view text) = 0;
  // These three in the name of whoever made the visit's call; outside of a call in the
  // module's own.
  virtual sdk::CheckResult Run(const Visit& visit, const sdk::Query& query) = 0;
  // `target`: a module or instance; "any": the first module that knows the command; "all"
  // and "*": every one that does, their outputs one after the other.
  virtual sdk::ExecAnswer Exec(const Visit& visit, const std::string& target,
                               const sdk::Query& command) = 0;
  virtual sdk::SubmitAnswer Submit(const Visit& visit,
                                   const sdk::Submission& submission) = 0;
  // "service", "settings" or a module; done after the answer.
  virtual Status Reload(const std::string& target) = 0;
  virtual Result<std::string> ExpandPath(const std::string& text) = 0;

  // The settings as they are now, changes in memory included; passwords are "***".
  virtual Result<std::vector<std::string>> Keys(const std::string& path) = 0;
  virtual Result<std::optional<std::string>> Get(const std::string& path,
                                                 const std::string& key) = 0;
  // In memory, until Save.
  virtual Status Set(const std::string& path, const std::string& key,
                     const std::string& value) = 0;
  virtual Status Save() = 0;
};

}  // namespace nscp::lua_script
