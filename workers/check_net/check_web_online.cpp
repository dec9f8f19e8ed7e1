#include "workers/check_net/check_web_online.h"

#include "workers/check_net/web_answer.h"
#include "workers/net/http.h"

namespace nscp::check_net {
namespace {

constexpr int64_t kAgentPort = 8443;
constexpr int64_t kAnswerSeconds = 30;

checks::OptionTable WebOnlineOptions() {
  checks::OptionTable options;
  options.Text("url", "", "The agent to ask, https://host:port; a path in it is not used")
      .Short('u');
  options.Text("host", "", "The agent's host when there is no url").Short('H');
  options.Integer("port", kAgentPort,
                  "The agent's port beside host, and of a url without");
  options
      .Text(
          "password", "",
          "The password: of user, or without one the agent's own in the header password")
      .Short('p');
  options.Text("user", "", "The user to log in as");
  options
      .Text("command", "",
            "A check to run on that agent; its result is the answer. Without one the "
            "agent is asked who it is")
      .Short('c');
  options.List("argument", {}, "An argument of command; may be given several times")
      .Short('a');
  options.Integer("timeout", kAnswerSeconds, "Seconds that the answer may take");
  AddTlsOptions(options, "none");
  AddFamilyOption(options);
  return options;
}

// "https://host:8443", without a path.
Result<std::string> ReadBase(const checks::Arguments& given) {
  std::string url(Trim(given.Text("url")));
  const std::string host(Trim(given.Text("host")));
  if (url.empty() && host.empty()) {
    return Status::InvalidArgument("No host or url specified");
  }
  if (url.empty()) url = net::IsV6(host) ? "[" + host + "]" : host;
  if (url.find("://") == std::string::npos) url = "https://" + url;
  auto parts = net::TakeUrlApart(url);
  if (!parts.ok()) return parts.status();
  // A port in the text wins; the usual ones of http and https are not an agent's.
  const std::string authority = net::WithoutUser(url).substr(url.find("://") + 3);
  const std::string place = authority.substr(0, authority.find_first_of("/?#"));
  const bool has_port = place.find(':', place.rfind(']') + 1) != std::string::npos;
  ASSIGN_OR_RETURN(const uint16_t port, ReadPort(given));
  return std::string(parts->is_https ? "https://" : "http://") +
         net::HostPort(parts->host, has_port ? parts->port : port);
}

struct WebPlan {
  std::string base;
  std::string command;
  net::HttpCall call;
  std::chrono::seconds timeout{kAnswerSeconds};
};

Result<WebPlan> ReadWebPlan(const checks::Arguments& given,
                            const Surroundings& surroundings) {
  WebPlan plan;
  ASSIGN_OR_RETURN(plan.base, ReadBase(given));
  plan.command = given.Text("command");
  plan.call.url = plan.base + "/api/v1/info";
  if (!plan.command.empty()) {
    // The name takes part in the path, where it must not begin another.
    const std::string name = EncodeArguments({plan.command}).substr(1);
    plan.call.url = plan.base + "/api/v1/queries/" + name + "/commands/execute" +
                    EncodeArguments(given.List("argument"));
  }
  plan.call.headers = {{"User-Agent", "NSClient++"}};
  const std::string& password = given.Text("password");
  if (!net::IsHeaderText(password)) {
    return Status::InvalidArgument("Invalid password: it has a line end");
  }
  plan.call.user = given.Text("user");
  if (!plan.call.user.empty()) {
    plan.call.password = password;
  } else if (!password.empty()) {
    plan.call.headers.emplace_back("password", password);
  }
  ASSIGN_OR_RETURN(plan.call.tls, ReadTls(given, surroundings));
  ASSIGN_OR_RETURN(plan.call.family, net::ParseFamily(given.Text("address-family")));
  ASSIGN_OR_RETURN(const int64_t seconds,
                   ReadNumber(given, "timeout", 1, kMaxTimeout / 1000));
  plan.timeout = std::chrono::seconds(seconds);
  return plan;
}

sdk::CheckResult Critical(std::string message) {
  return sdk::CheckResult::Of(sdk::State::kCritical, std::move(message));
}

sdk::CheckResult Judge(const WebPlan& plan, const Result<net::HttpReply>& reply) {
  if (!reply.ok()) {
    const bool is_late = reply.status().code() == Code::kDeadlineExceeded;
    return Critical("Failed to reach " + plan.base + ": " +
                    (is_late ? "no answer in time" : reply.status().message()));
  }
  const std::string status = std::to_string(reply->status);
  if (reply->status == 401 || reply->status == 403) {
    return Critical("Authentication failed (HTTP " + status + ") on " + plan.base);
  }
  if (reply->status < 200 || reply->status >= 400) {
    return Critical("REST API returned HTTP " + status + " on " + plan.base);
  }
  if (plan.command.empty()) {
    return sdk::CheckResult::Of(sdk::State::kOk, "REST API reachable on " + plan.base);
  }
  auto answer = ParseWebAnswer(reply->body);
  if (!answer.ok()) {
    return sdk::CheckResult::Unknown("Could not parse response from " + plan.base + ": " +
                                     answer.status().message());
  }
  return std::move(*answer);
}

}  // namespace

WebOnlineCheck::WebOnlineCheck() : options_(WebOnlineOptions()) {}

sdk::CheckResult WebOnlineCheck::Run(const std::vector<std::string>& arguments,
                                     const Surroundings& surroundings) const {
  auto outcome = options_.Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto plan = ReadWebPlan(std::get<checks::Arguments>(outcome), surroundings);
  if (!plan.ok()) return sdk::CheckResult::Unknown(plan.status().message());
  Result<net::HttpReply> reply = Status::DeadlineExceeded("not asked in time");
  net::AtOnce(1, surroundings.deadline, surroundings.environment.cancelled,
              [&](size_t, const net::Limit& limit) {
                reply = net::AskHttp(plan->call, limit.AtMost(plan->timeout));
              });
  return Judge(*plan, reply);
}

}  // namespace nscp::check_net
