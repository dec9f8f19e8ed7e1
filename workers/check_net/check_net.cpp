#include "workers/check_net/check_net.h"

#include <map>

#include "workers/check_net/check_connections.h"
#include "workers/check_net/check_dns.h"
#include "workers/check_net/check_http.h"
#include "workers/check_net/check_ntp_offset.h"
#include "workers/check_net/check_ping.h"
#include "workers/check_net/check_ssh.h"
#include "workers/check_net/check_tcp.h"
#include "workers/check_net/check_web_online.h"
#include "workers/check_net/status_checks.h"
#include "workers/net/network.h"

namespace nscp::check_net {
namespace {

// Of what the kernel waits, kept back for judging and the way of the answer.
constexpr std::chrono::milliseconds kWayBack{250};

using Arguments = std::vector<std::string>;
using Command = std::function<sdk::CheckResult(const Arguments&, const Surroundings&)>;

// The check is made once and kept by its function.
template <class Made>
Command Keep(std::shared_ptr<const Made> check) {
  return [check](const Arguments& arguments, const Surroundings& surroundings) {
    return check->Run(arguments, surroundings);
  };
}

std::map<std::string, Command> MakeCommands() {
  std::map<std::string, Command> commands;
  commands["check_ping"] = Keep(std::make_shared<const PingCheck>());
  commands["check_tcp"] = Keep(std::make_shared<const TcpCheck>());
  commands["check_ssh"] = Keep(std::make_shared<const SshCheck>());
  commands["check_dns"] = Keep(std::make_shared<const DnsCheck>());
  commands["check_http"] = Keep(std::make_shared<const HttpCheck>());
  commands["check_ntp_offset"] = Keep(std::make_shared<const NtpCheck>());
  commands["check_nsclient_web_online"] = Keep(std::make_shared<const WebOnlineCheck>());
  for (auto& [name, check] : MakeStatusChecks()) {
    commands[name] = Keep(std::shared_ptr<const StatusCheck>(std::move(check)));
  }
  commands["check_connections"] = [check = std::make_shared<const ConnectionsCheck>()](
                                      const Arguments& arguments,
                                      const Surroundings& surroundings) {
    return check->Run(arguments, surroundings.environment, ReadSocketTables);
  };
  return commands;
}

net::Deadline DeadlineOf(const sdk::Call& call) {
  const auto now = net::Clock::now();
  const net::Deadline deadline = call.deadline();
  if (deadline <= now) return now;
  const auto quarter = (deadline - now) / 4;
  return deadline - std::min<net::Clock::duration>(kWayBack, quarter);
}

class CheckNet : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    RETURN_IF_ERROR(net::StartNetwork());
    // Without it OpenSSL's own place is used.
    const auto ca = host_->ExpandPath("${ca-path}");
    ca_ = ca.ok() && ca->find("${") == std::string::npos ? *ca : "";

    return Status::Ok();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const auto command = commands_.find(query.command);
    if (command == commands_.end()) {
      return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    Surroundings surroundings;
    surroundings.environment = checks::EnvironmentOf(*host_, call);
    surroundings.deadline = DeadlineOf(call);
    surroundings.ca = ca_;
    return command->second(query.arguments, surroundings);
  }

 private:
  sdk::Host* host_ = nullptr;
  std::string ca_;
  const std::map<std::string, Command> commands_ = MakeCommands();
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckNet() { return std::make_unique<CheckNet>(); }

}  // namespace nscp::check_net
