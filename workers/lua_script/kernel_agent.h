// The agent as a script sees it, over the kernel's RPCs. Any thread.
#pragma once

#include "workers/lua_script/agent.h"
#include "workers/sdk/gateway_host.h"

namespace nscp::lua_script {

class KernelAgent final : public Agent {
 public:
  // `host` outlives the object.
  explicit KernelAgent(sdk::GatewayHost& host) : host_(host) {}

  void Log(sdk::LogLevel level, std::string_view text) override;
  sdk::CheckResult Run(const Visit& visit, const sdk::Query& query) override;
  sdk::ExecAnswer Exec(const Visit& visit, const std::string& target,
                       const sdk::Query& command) override;
  sdk::SubmitAnswer Submit(const Visit& visit,
                           const sdk::Submission& submission) override;
  Status Reload(const std::string& target) override;
  Result<std::string> ExpandPath(const std::string& text) override;
  Result<std::vector<std::string>> Keys(const std::string& path) override;
  Result<std::optional<std::string>> Get(const std::string& path,
                                         const std::string& key) override;
  Status Set(const std::string& path, const std::string& key,
             const std::string& value) override;
  Status Save() override;

  // Whether all modules have started, well or badly.
  bool Ready();

 private:
  bool MayKnow(const std::string& module, const std::string& command);
  sdk::ExecAnswer ExecOne(const Visit& visit, const std::string& module,
                          const sdk::Query& command);

  sdk::GatewayHost& host_;
};

}  // namespace nscp::lua_script
