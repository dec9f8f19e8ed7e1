// check_tcp: whether a port answers, what it says and how good its certificate is
// (modules.md C6). Any thread.
#pragma once

#include "workers/check_net/asking.h"

namespace nscp::check_net {

// Of what a server says that is kept.
constexpr size_t kMaxResponse = 65536;

struct TcpRow {
  std::string host;
  uint16_t port = 0;
  std::string result = "timeout";
  std::string response;  // bytes of the server
  bool is_connected = false;
  int64_t time = 0;  // ms, all of it
  std::optional<int64_t> certificate_days;
};

struct TcpPlan {
  uint16_t port = 0;
  net::Family family = net::Family::kAny;
  std::optional<net::TlsOptions> tls;
  std::string send;
  // Reads until it says that this is enough; null = does not read.
  std::function<bool(const std::string& response)> is_enough;
};

// Fills all of `row` but host and port.
void AskTcp(const TcpPlan& plan, TcpRow& row, const net::Limit& limit);

void AddTcpOptions(checks::OptionTable& options);
// Of the options but `service`: port, family, tls, send.
Result<TcpPlan> ReadTcpPlan(const checks::Arguments& arguments, bool with_tls,
                            const Surroundings& surroundings);

template <class Row>
void AddTcpKeywords(checks::Keywords<Row>& k) {
  k.Text("host", "The host that was asked, as the call names it",
         [](const Row& row) -> std::string_view { return row.host; });
  k.Integer("port", "The TCP port that was asked",
            [](const Row& row) { return row.port; });
  k.Text("result",
         "How it ended: ok, refused, timeout, resolve_failed, no_match, write_failed or "
         "error: with the reason",
         [](const Row& row) -> std::string_view { return row.result; });
  k.Text("response", "What the server said, at most 64 KiB of it",
         [](const Row& row) -> std::string_view { return row.response; });
  k.Integer("connected", "1 when the connection was made, else 0",
            [](const Row& row) { return row.is_connected ? 1 : 0; });
  k.Integer("time", "Milliseconds from the look-up of the name to the end of the answer",
            [](const Row& row) { return row.time; })
      .Perf("ms", "");
  k.Integer("has_certificate", "1 when the server showed a certificate, else 0",
            [](const Row& row) { return row.certificate_days ? 1 : 0; });
  k.Integer("ssl_expiry_days",
            "Days until the server's certificate expires, negative when it has",
            [](const Row& row) { return row.certificate_days; })
      .NoValue("no certificate");
}

class TcpCheck {
 public:
  TcpCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const;
  const checks::Check<TcpRow>& check() const { return check_; }

 private:
  checks::Check<TcpRow> check_;
};

}  // namespace nscp::check_net
