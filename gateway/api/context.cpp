#include "gateway/api/context.h"

#include <algorithm>

#include "gateway/api/answer.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

constexpr size_t kMaxLoggedPath = 200;

}  // namespace

const std::string& Context::Get(std::string_view capture) const {
  static const std::string kNone;
  for (const auto& [name, value] : captures) {
    if (name == capture) return value;
  }
  return kNone;
}

std::string Context::Link(std::string_view rest) const {
  std::string link = base + "/api/";
  link += VersionName(version);
  link += '/';
  link += rest;
  return link;
}

CallOptions Context::Call(std::chrono::milliseconds limit) const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      request.deadline - services.clock() - kAnswerTime);
  CallOptions options;
  options.timeout = std::max(std::chrono::milliseconds(1), std::min(limit, left));
  options.request_id = request.request_id;
  return options;
}

Response Context::Refuse(const Identity& refused) const {
  Log(sdk::LogLevel::kWarning,
      "request " + request.request_id + " from " + request.remote_address +
          " refused at the gate '" + std::string(GateName(refused.gate)) +
          "': " + RepairUtf8(method) + " " +
          CutUtf8(RepairUtf8(request.path), kMaxLoggedPath) + ": " + refused.hint);
  return Forbidden();
}

Response Context::Refuse(std::string_view grant) const {
  return Refuse(Authenticator::RefuseGrant(who, grant));
}

void Context::SetCaller(v1::Caller* caller) const {
  caller->set_principal(who.user);
  caller->set_client(request.remote_address);
}

bool Context::IsTrue(std::string_view parameter) const {
  return request.Parameter1(parameter).value_or("") == "true";
}

void Context::Log(sdk::LogLevel level, std::string_view message) const {
  if (services.log) services.log(level, message);
}

}  // namespace nscp::gateway
