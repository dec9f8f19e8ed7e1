#include "workers/check_nscp/health.h"

#include <cinttypes>
#include <cstdio>

namespace nscp::check_nscp {
namespace {

std::string Describe(const AgentFacts& facts) {
  std::string text = std::to_string(facts.crashes) + " crash(es)";
  if (!facts.last_crash.empty()) text += ", last crash: " + facts.last_crash;
  text += ", " + std::to_string(facts.errors) + " error(s)";
  if (!facts.last_error.empty()) text += ", last error: " + facts.last_error;
  return text + ", uptime " + FormatPreciseUptime(facts.uptime);
}

}  // namespace

std::string FormatPreciseUptime(std::chrono::microseconds uptime) {
  constexpr int64_t kSecond = 1000000;
  constexpr int64_t kMinute = 60 * kSecond;
  constexpr int64_t kHour = 60 * kMinute;
  const int64_t all = uptime.count();
  char text[64];
  std::snprintf(text, sizeof text, "%02" PRId64 ":%02" PRId64 ":%02" PRId64 ".%06" PRId64,
                all / kHour, all % kHour / kMinute, all % kMinute / kSecond,
                all % kSecond);
  return text;
}

sdk::CheckResult HealthCheck::Run(const std::vector<std::string>& arguments,
                                  AgentView& agent,
                                  std::chrono::milliseconds limit) const {
  checks::OptionTable::Outcome outcome = options_.Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto facts = agent.Read(limit);
  if (!facts.ok()) {
    return sdk::CheckResult::Unknown(
        facts.status().WithContext("asking the agent about itself").message());
  }
  const bool healthy = facts->crashes == 0 && facts->errors == 0;
  return sdk::CheckResult::Of(healthy ? sdk::State::kOk : sdk::State::kCritical,
                              Describe(*facts));
}

}  // namespace nscp::check_nscp
