#include "workers/net/dns.h"

#include "workers/net/dns_channel.h"

namespace nscp::net {
namespace {

constexpr int kInternet = 1;  // the class of all names today

struct AnswerBytes {
  bool done = false;
  int error = ARES_ECANCELLED;
  std::string bytes;
};

void OnDnsAnswer(void* to, int error, int, unsigned char* bytes, int size) {
  auto& answer = *static_cast<AnswerBytes*>(to);
  answer.done = true;
  answer.error = error;
  if (bytes != nullptr && size > 0) {
    answer.bytes.assign(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }
}

}  // namespace

std::string PointerName(const std::string& name) {
  constexpr char kHex[] = "0123456789abcdef";
  unsigned char bytes[16];
  std::string text;
  if (ares_inet_pton(AF_INET, name.c_str(), bytes) == 1) {
    for (int i = 3; i >= 0; --i) text += std::to_string(bytes[i]) + ".";
    return text + "in-addr.arpa";
  }
  if (ares_inet_pton(AF_INET6, name.c_str(), bytes) == 1) {
    for (int i = 15; i >= 0; --i) {
      text += {kHex[bytes[i] & 0xF], '.', kHex[bytes[i] >> 4], '.'};
    }
    return text + "ip6.arpa";
  }
  return name;
}

Result<std::vector<std::string>> AskDns(const DnsQuestion& question, const Limit& limit) {
  DnsChannel channel;
  // Of several servers the next one is asked where one fails; what the only one says is
  // the answer.
  const int only = question.server.empty() ? 0 : ARES_FLAG_NOCHECKRESP;
  RETURN_IF_ERROR(channel.Open(only | (question.recursion ? 0 : ARES_FLAG_NORECURSE)));
  if (!question.server.empty()) {
    RETURN_IF_ERROR(channel.UseServer(question.server, question.port));
  }
  const std::string name =
      question.type == DnsType::kPtr ? PointerName(question.name) : question.name;
  if (name.find('\0') != std::string::npos) return DnsStatus(ARES_EBADNAME);
  AnswerBytes answer;
  ares_query(channel.get(), name.c_str(), kInternet, static_cast<int>(question.type),
             OnDnsAnswer, &answer);
  channel.Run(limit, answer.done);
  if (answer.error != ARES_SUCCESS) return DnsStatus(answer.error);
  ASSIGN_OR_RETURN(auto records, ParseDnsAnswer(answer.bytes, question.type));
  if (records.empty()) return DnsStatus(ARES_ENODATA);
  return records;
}

}  // namespace nscp::net
