// Any bytes as what CheckNet hears from the network and reads of the kernel: DNS, NTP and
// ICMP packets, SSH lines, status pages, another agent's answer, JSON, socket tables.
// Links check_net.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/check_net/json_values.h"
#include "workers/check_net/ntp_packet.h"
#include "workers/check_net/socket_table.h"
#include "workers/check_net/ssh_banner.h"
#include "workers/check_net/status_pages.h"
#include "workers/check_net/web_answer.h"
#include "workers/net/dns_answer.h"
#include "workers/net/http.h"
#include "workers/net/icmp_packet.h"

namespace {

using nscp::fuzz::Check;

void ReadPackets(std::string_view bytes) {
  using namespace nscp::net;
  for (const char* name : {"A", "NS", "CNAME", "SOA", "PTR", "MX", "TXT", "AAAA"}) {
    const auto records = ParseDnsAnswer(bytes, *ParseDnsType(name));
    // Each takes ten bytes of the answer at least.
    Check(!records.ok() || records->size() <= bytes.size() / 10);
  }
  for (const bool is_v6 : {false, true}) {
    const auto reply = DecodeReply(bytes, is_v6, !is_v6);
    Check(!reply || reply->payload.size() < bytes.size());
  }
  const int ttl = HeaderTtl(bytes);
  Check(ttl >= 0 && ttl <= 255);
  const auto answer = nscp::check_net::DecodeNtpAnswer(bytes, 0);
  Check(answer.stratum >= 0 && answer.stratum <= 255 && !answer.result.empty());
}

void ReadTexts(std::string_view text) {
  using namespace nscp::check_net;
  const auto banner = ParseSshBanner(text);
  Check(!banner || (HasSshLine(text) && banner->protocol_major >= 0));
  const auto apache = ParseApacheStatus(text);
  Check(!apache || apache->requests_per_sec >= 0);
  ParseNginxStatus(text);
  ParsePhpFpmStatus(text);
  const auto tomcat = ParseTomcatStatus(text);
  Check(!tomcat || tomcat->connectors.size() <= kMaxConnectors);
  const auto answer = ParseWebAnswer(text);
  if (answer.ok()) nscp::sdk::FormatPlain(*answer);
  const auto path = ParseJsonPath(std::string(text.substr(0, text.find('\n'))));
  if (path.ok())
    TakeJsonValues(text.substr(std::min(text.find('{'), text.size())), {*path});
  Check(nscp::net::WithoutUser(text).size() <= text.size());
}

// In pieces of any size the same is counted.
void ReadTable(std::string_view text) {
  nscp::check_net::SocketCounter whole;
  whole.Feed(text);
  whole.End();
  nscp::check_net::SocketCounter pieces;
  for (size_t at = 0; at < text.size(); at += 3) pieces.Feed(text.substr(at, 3));
  pieces.End();
  Check(whole.sockets() == pieces.sockets() && whole.states() == pieces.states());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadPackets(bytes);
  ReadTexts(bytes);
  ReadTable(bytes);
  return 0;
}
