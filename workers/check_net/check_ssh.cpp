#include "workers/check_net/check_ssh.h"

#include "workers/checks/formats.h"

namespace nscp::check_net {
namespace {

constexpr int64_t kSshPort = 22;

checks::Keywords<SshRow> SshKeywords() {
  checks::Keywords<SshRow> k;
  AddTcpKeywords(k);
  const auto text = [&k](std::string name, std::string description,
                         std::string SshBanner::*part) {
    k.Text(std::move(name), std::move(description),
           [part](const SshRow& row) -> std::string_view { return row.banner.*part; });
  };
  text("banner",
       "The line in which the server names itself, such as SSH-2.0-OpenSSH_9.2p1",
       &SshBanner::banner);
  text("protocol", "The version of the SSH protocol, such as 2.0", &SshBanner::protocol);
  k.Integer("protocol_major", "The first number of the protocol's version",
            [](const SshRow& row) { return row.banner.protocol_major; });
  k.Integer("protocol_minor", "The second number of the protocol's version",
            [](const SshRow& row) { return row.banner.protocol_minor; });
  text("version", "Software and version as the server writes them, such as OpenSSH_9.2p1",
       &SshBanner::version);
  text("software", "The name of the server's software, such as OpenSSH",
       &SshBanner::software);
  text("software_version", "The version of the server's software, such as 9.2p1",
       &SshBanner::software_version);
  text("comments", "What the server adds behind its version, such as the distribution",
       &SshBanner::comments);
  return k;
}

checks::Check<SshRow> MakeSshCheck() {
  checks::OptionTable options;
  options.Integer("port", kSshPort, "The TCP port of the SSH server");
  AddTcpOptions(options);
  checks::FilterDefaults defaults;
  defaults.warning = {"time > 1000"};
  defaults.critical = {"time > 5000 or result != 'ok'"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): %(list)";
  defaults.empty_syntax = "No hosts checked";
  defaults.detail_syntax = "${host}:${port} ${result} in ${time}ms";
  defaults.perf_syntax = "${host}_${port}";
  return {std::move(options), defaults, SshKeywords()};
}

void AskSsh(const TcpPlan& plan, const std::string& expect, SshRow& row,
            const net::Limit& limit) {
  AskTcp(plan, row, limit);
  if (row.result != "ok") return;
  auto banner = ParseSshBanner(row.response);
  const bool is_right = banner && banner->banner.find(expect) != std::string::npos;
  if (!is_right) row.result = "no_match";
  if (banner) row.banner = std::move(*banner);
}

}  // namespace

SshCheck::SshCheck() : check_(MakeSshCheck()) {}

sdk::CheckResult SshCheck::Run(const std::vector<std::string>& arguments,
                               const Surroundings& surroundings) const {
  return check_.Run(
      arguments, surroundings.environment,
      [&](const checks::Arguments& given, checks::Sink<SshRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto hosts,
                         ReadHosts(given, "host", "hosts", "No host specified"));
        ASSIGN_OR_RETURN(const auto timeout, ReadTimeout(given));
        ASSIGN_OR_RETURN(TcpPlan plan,
                         ReadTcpPlan(given, given.Flag("ssl"), surroundings));
        ASSIGN_OR_RETURN(plan.port, ReadPort(given));
        plan.is_enough = [](const std::string& response) { return HasSshLine(response); };
        const std::string expect = checks::DecodeSeparator(given.Text("expect"));
        std::vector<SshRow> rows(hosts.size());
        for (size_t i = 0; i < hosts.size(); ++i) {
          rows[i].host = hosts[i];
          rows[i].port = plan.port;
        }
        AskAll(std::move(rows), timeout, surroundings, sink,
               [&](SshRow& row, const net::Limit& limit) {
                 AskSsh(plan, expect, row, limit);
               });
        return Status::Ok();
      });
}

}  // namespace nscp::check_net
