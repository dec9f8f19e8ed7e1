#include "workers/check_net/asking.h"

#include <limits>

namespace nscp::check_net {
namespace {

constexpr int64_t kMaxPort = 65535;
constexpr char kCaPath[] = "${ca-path}";

Result<bool> ReadVerify(const std::string& text) {
  bool verifies = false;
  for (const std::string& part : SplitList(text)) {
    const std::string word = ToLowerAscii(part);
    const bool is_known = word == "peer" || word == "peer-cert" ||
                          word == "fail-if-no-cert" || word == "fail-if-no-peer-cert" ||
                          word == "client-certificate";
    if (!is_known && word != "none" && word != "single" && word != "workarounds") {
      return Status::InvalidArgument(
          "Invalid verify mode: '" + part +
          "' (expected none, peer, peer-cert, fail-if-no-cert, fail-if-no-peer-cert or "
          "client-certificate)");
    }
    verifies = verifies || is_known;
  }
  return verifies;
}

}  // namespace

std::string ResultWord(const Status& status) {
  switch (status.code()) {
    case Code::kOk:
      return "ok";
    case Code::kNotFound:
      return "resolve_failed";
    case Code::kDeadlineExceeded:
    case Code::kCancelled:
      return "timeout";
    case Code::kAborted:
      return "refused";
    default:
      return "error: " + status.message();
  }
}

int64_t MillisecondsSince(net::Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(net::Clock::now() - start)
      .count();
}

int64_t DaysOf(int64_t seconds) {
  constexpr int64_t kDay = 86400;
  return seconds >= 0 ? seconds / kDay : -((kDay - 1 - seconds) / kDay);
}

Result<std::vector<std::string>> ReadHosts(const checks::Arguments& arguments,
                                           std::string_view list, std::string_view text,
                                           std::string_view none) {
  std::vector<std::string> hosts;
  for (const std::string& host : arguments.List(list)) {
    if (!Trim(host).empty()) hosts.emplace_back(Trim(host));
  }
  for (std::string& host : SplitList(arguments.Text(text))) {
    hosts.push_back(std::move(host));
  }
  if (hosts.empty()) return Status::InvalidArgument(std::string(none));
  if (hosts.size() > kMaxHosts) {
    return Status::InvalidArgument("Too many hosts: " + std::to_string(hosts.size()) +
                                   " (at most " + std::to_string(kMaxHosts) +
                                   " in one call)");
  }
  return hosts;
}

Result<int64_t> ReadNumber(const checks::Arguments& arguments, std::string_view option,
                           int64_t least, int64_t most) {
  const int64_t number = arguments.Integer(option);
  if (number >= least && number <= most) return number;
  return Status::InvalidArgument(
      "Invalid " + std::string(option) + ": " + std::to_string(number) + " (expected " +
      std::to_string(least) + "-" + std::to_string(most) + ")");
}

Result<uint16_t> ReadPort(const checks::Arguments& arguments) {
  ASSIGN_OR_RETURN(const int64_t port, ReadNumber(arguments, "port", 1, kMaxPort));
  return static_cast<uint16_t>(port);
}

Result<std::chrono::milliseconds> ReadTimeout(const checks::Arguments& arguments) {
  ASSIGN_OR_RETURN(const int64_t timeout,
                   ReadNumber(arguments, "timeout", 1, kMaxTimeout));
  return std::chrono::milliseconds(timeout);
}

void AddFamilyOption(checks::OptionTable& options) {
  options.Text("address-family", "any",
               "The IP version to use: any, ipv4 (4, v4, inet) or ipv6 (6, v6, inet6)");
}

void AddTlsOptions(checks::OptionTable& options, const std::string& verify) {
  options.Text("tls-version", "tlsv1.2+",
               "The TLS version to speak: tlsv1.0, tlsv1.1, tlsv1.2 or tlsv1.3, with a + "
               "behind it that version or a newer one");
  options.Text("verify", verify,
               "Whether the server's certificate must be trusted and be for its name: "
               "none, or peer (also peer-cert, fail-if-no-cert, fail-if-no-peer-cert, "
               "client-certificate)");
  options.Text("ca", kCaPath,
               "File or folder of the trusted certificates; ${ca-path} is the system's");
}

Result<net::TlsOptions> ReadTls(const checks::Arguments& arguments,
                                const Surroundings& surroundings) {
  net::TlsOptions tls;
  tls.version = arguments.Text("tls-version");
  ASSIGN_OR_RETURN(tls.verify, ReadVerify(arguments.Text("verify")));
  tls.ca_file = arguments.Text("ca");
  if (tls.ca_file.empty() || tls.ca_file == kCaPath) tls.ca_file = surroundings.ca;
  tls.any_version = true;
  tls.version_setting = "tls-version";
  tls.ca_setting = "the option ca";
  return tls;
}

}  // namespace nscp::check_net
