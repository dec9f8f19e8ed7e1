#include "workers/net/icmp_packet.h"

namespace nscp::net {
namespace {

constexpr unsigned char kRequestV4 = 8;
constexpr unsigned char kReplyV4 = 0;
constexpr unsigned char kRequestV6 = 128;
constexpr unsigned char kReplyV6 = 129;
constexpr size_t kEchoHeader = 8;
constexpr size_t kIpHeader = 20;
constexpr size_t kTtlAt = 8;

void Put16(std::string* packet, uint16_t number) {
  packet->push_back(static_cast<char>(number >> 8));
  packet->push_back(static_cast<char>(number & 0xFF));
}

uint16_t Get16(std::string_view packet, size_t at) {
  return static_cast<uint16_t>(static_cast<unsigned char>(packet[at]) << 8 |
                               static_cast<unsigned char>(packet[at + 1]));
}

uint16_t Checksum(std::string_view packet) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < packet.size(); i += 2) sum += Get16(packet, i);
  if (packet.size() % 2 != 0) {
    sum += static_cast<uint32_t>(static_cast<unsigned char>(packet.back())) << 8;
  }
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

// Of the IPv4 header in front; 0 where there is none.
size_t HeaderSize(std::string_view packet) {
  if (packet.size() < kIpHeader) return 0;
  const auto first = static_cast<unsigned char>(packet[0]);
  const size_t size = (first & 0xFU) * 4;
  return first >> 4 == 4 && size >= kIpHeader && size <= packet.size() ? size : 0;
}

}  // namespace

std::string EncodeEcho(const Echo& echo, bool is_v6) {
  std::string packet;
  packet.push_back(static_cast<char>(is_v6 ? kRequestV6 : kRequestV4));
  packet.push_back(0);
  Put16(&packet, 0);
  Put16(&packet, echo.id);
  Put16(&packet, echo.sequence);
  packet += echo.payload;
  if (is_v6) return packet;
  const uint16_t sum = Checksum(packet);
  packet[2] = static_cast<char>(sum >> 8);
  packet[3] = static_cast<char>(sum & 0xFF);
  return packet;
}

std::optional<Echo> DecodeReply(std::string_view packet, bool is_v6, bool with_header) {
  if (with_header) {
    const size_t header = HeaderSize(packet);
    if (header == 0) return std::nullopt;
    packet.remove_prefix(header);
  }
  if (packet.size() < kEchoHeader) return std::nullopt;
  const auto type = static_cast<unsigned char>(packet[0]);
  if (type != (is_v6 ? kReplyV6 : kReplyV4) || packet[1] != 0) return std::nullopt;
  return Echo{Get16(packet, 4), Get16(packet, 6),
              std::string(packet.substr(kEchoHeader))};
}

int HeaderTtl(std::string_view packet) {
  return HeaderSize(packet) == 0 ? 0 : static_cast<unsigned char>(packet[kTtlAt]);
}

}  // namespace nscp::net
