// For tests: a kernel that takes everything and does nothing, as a Host or a GatewayHost.
// A test's own host overrides what it plays.
#pragma once

#include "workers/sdk/module.h"

namespace nscp::sdk {

template <class Base>
class IdleHost : public Base {
 public:
  using DynamicName = typename Base::DynamicName;

  void Log(LogLevel, std::string_view) override {}
  Status SetNames(std::vector<DynamicName>) override { return Status::Ok(); }
  Result<std::string> ExpandPath(const std::string& path) override { return path; }
  Status SaveSettings(const std::vector<Settings::Entry>&) override {
    return Status::Ok();
  }
  Status SetTag(const std::string&, const std::string&) override { return Status::Ok(); }
  bool WaitReady(std::chrono::milliseconds) override { return true; }
  CheckResult Run(const Query& query, std::chrono::milliseconds) override {
    return CheckResult::Unknown("Unknown command(s): " + query.command);
  }
  SubmitAnswer Submit(const Submission&, std::chrono::milliseconds) override {
    return {true, ""};
  }
  Status Emit(const std::vector<Event>&) override { return Status::Ok(); }
  Status Store(const std::string&, const std::string&, const std::string&) override {
    return Status::Ok();
  }
  Result<std::map<std::string, std::string>> Stored(const std::string&) override {
    return std::map<std::string, std::string>{};
  }
};

}  // namespace nscp::sdk
