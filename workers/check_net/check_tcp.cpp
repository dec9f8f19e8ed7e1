#include "workers/check_net/check_tcp.h"

#include "workers/checks/formats.h"

namespace nscp::check_net {
namespace {

// Services whose port, protocol and greeting are known.
struct Service {
  std::string_view name;
  uint16_t port;
  bool is_tls;
  std::string_view greeting;
};
constexpr Service kServices[] = {
    {"ftp", 21, false, "220"},    {"pop", 110, false, "+OK"},
    {"imap", 143, false, "* OK"}, {"smtp", 25, false, "220"},
    {"ssh", 22, false, "SSH-"},   {"spop", 995, true, "+OK"},
    {"simap", 993, true, "* OK"}, {"ssmtp", 465, true, "220"},
};

Result<const Service*> FindService(const std::string& name) {
  if (name.empty()) return static_cast<const Service*>(nullptr);
  for (const Service& service : kServices) {
    if (EqualsIgnoreCase(service.name, name)) return &service;
  }
  return Status::InvalidArgument(
      "Invalid service: '" + name +
      "' (expected ftp, pop, imap, smtp, ssh, spop, simap or ssmtp)");
}

std::string Talk(const TcpPlan& plan, net::Stream& stream, TcpRow& row,
                 const net::Limit& limit) {
  if (!plan.send.empty() && !stream.Write(plan.send.data(), plan.send.size())) {
    return limit.IsOver() ? "timeout" : "write_failed";
  }
  if (!plan.is_enough) return "ok";
  char bytes[4096];
  while (!plan.is_enough(row.response)) {
    const size_t room = std::min(sizeof bytes, kMaxResponse - row.response.size());
    if (room == 0) return "no_match";
    const long count = stream.Read(bytes, room);
    if (count <= 0) {
      const bool is_silent = limit.IsOver() && row.response.empty();
      return is_silent ? "timeout" : "no_match";
    }
    row.response.append(bytes, static_cast<size_t>(count));
  }
  return "ok";
}

checks::Check<TcpRow> MakeTcpCheck() {
  checks::OptionTable options;
  options.Integer("port", 0, "The TCP port to connect to").HideDefault();
  AddTcpOptions(options);
  options.Text("service", "",
               "A service whose port, TLS and greeting are known: ftp, pop, imap, smtp, "
               "ssh, spop, simap, ssmtp; port and expect given beside it win");
  checks::FilterDefaults defaults;
  defaults.warning = {"time > 1000"};
  defaults.critical = {"time > 5000 or result != 'ok'"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): %(list)";
  defaults.empty_syntax = "No hosts checked";
  defaults.detail_syntax = "${host}:${port} ${result} in ${time}ms";
  defaults.perf_syntax = "${host}_${port}";
  checks::Keywords<TcpRow> k;
  AddTcpKeywords(k);
  return {std::move(options), defaults, std::move(k)};
}

// What is expected in the answer; without it any answer will do, if somebody looks.
std::function<bool(const std::string&)> Enough(const std::string& expect, bool looks) {
  if (!expect.empty()) {
    return [expect](const std::string& response) {
      return response.find(expect) != std::string::npos;
    };
  }
  if (!looks) return {};
  return [](const std::string& response) { return !response.empty(); };
}

Result<TcpPlan> ReadPlan(const checks::Arguments& arguments, bool looks,
                         const Surroundings& surroundings) {
  ASSIGN_OR_RETURN(const Service* service, FindService(arguments.Text("service")));
  const bool with_tls = arguments.Flag("ssl") || (service != nullptr && service->is_tls);
  ASSIGN_OR_RETURN(TcpPlan plan, ReadTcpPlan(arguments, with_tls, surroundings));
  if (arguments.Given("port")) {
    ASSIGN_OR_RETURN(plan.port, ReadPort(arguments));
  } else if (service != nullptr) {
    plan.port = service->port;
  } else {
    return Status::InvalidArgument("No port specified");
  }
  std::string expect = checks::DecodeSeparator(arguments.Text("expect"));
  if (expect.empty() && service != nullptr) expect = service->greeting;
  plan.is_enough = Enough(expect, looks);
  return plan;
}

}  // namespace

void AskTcp(const TcpPlan& plan, TcpRow& row, const net::Limit& limit) {
  const auto start = net::Clock::now();
  auto stream = net::OpenStream({row.host, plan.port, plan.family},
                                plan.tls ? &*plan.tls : nullptr, limit);
  if (stream.ok()) {
    row.is_connected = true;
    if (const auto seconds = (*stream)->CertificateSeconds()) {
      row.certificate_days = DaysOf(*seconds);
    }
    row.result = Talk(plan, **stream, row, limit);
  } else {
    row.result = ResultWord(stream.status());
  }
  row.time = MillisecondsSince(start);
}

void AddTcpOptions(checks::OptionTable& options) {
  options.List("host", {}, "A host to connect to; may be given several times");
  options.Text("hosts", "", "Hosts to connect to, separated by commas");
  options.Integer("timeout", 5000, "Milliseconds that one host has for all of it");
  options.Text("send", "",
               "Text to send once connected; \\r and \\n in it are line ends");
  options.Text("expect", "", "Text that the answer must hold");
  options.Bool("ssl", "Speak TLS from the start");
  AddTlsOptions(options, "none");
  AddFamilyOption(options);
}

Result<TcpPlan> ReadTcpPlan(const checks::Arguments& arguments, bool with_tls,
                            const Surroundings& surroundings) {
  TcpPlan plan;
  ASSIGN_OR_RETURN(plan.family, net::ParseFamily(arguments.Text("address-family")));
  ASSIGN_OR_RETURN(net::TlsOptions tls, ReadTls(arguments, surroundings));
  if (with_tls) plan.tls = std::move(tls);
  plan.send = checks::DecodeSeparator(arguments.Text("send"));
  return plan;
}

TcpCheck::TcpCheck() : check_(MakeTcpCheck()) {}

sdk::CheckResult TcpCheck::Run(const std::vector<std::string>& arguments,
                               const Surroundings& surroundings) const {
  return check_.Run(
      arguments, surroundings.environment,
      [&](const checks::Arguments& given, checks::Sink<TcpRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const auto hosts,
                         ReadHosts(given, "host", "hosts", "No host specified"));
        ASSIGN_OR_RETURN(const auto timeout, ReadTimeout(given));
        ASSIGN_OR_RETURN(const TcpPlan plan,
                         ReadPlan(given, sink.Uses("response"), surroundings));
        std::vector<TcpRow> rows(hosts.size());
        for (size_t i = 0; i < hosts.size(); ++i) {
          rows[i].host = hosts[i];
          rows[i].port = plan.port;
        }
        AskAll(
            std::move(rows), timeout, surroundings, sink,
            [&plan](TcpRow& row, const net::Limit& limit) { AskTcp(plan, row, limit); });
        return Status::Ok();
      });
}

}  // namespace nscp::check_net
