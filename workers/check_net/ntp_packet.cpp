#include "workers/check_net/ntp_packet.h"

namespace nscp::check_net {
namespace {

constexpr size_t kPacket = 48;
// Seconds from 1900 to 1970.
constexpr int64_t kEpoch = 2208988800;
constexpr int kNotSynchronized = 3;  // the leap indicator's alarm
constexpr int kServerMode = 4;
constexpr int kHighestStratum = 16;

uint64_t Number(std::string_view packet, size_t at, size_t size) {
  uint64_t number = 0;
  for (size_t i = 0; i < size; ++i) {
    number = number << 8 | static_cast<unsigned char>(packet[at + i]);
  }
  return number;
}

// 16 bits of seconds, 16 bits of fractions.
double ShortMilliseconds(std::string_view packet, size_t at) {
  return static_cast<double>(Number(packet, at, 4)) * 1000 / 65536;
}

}  // namespace

NtpTime ToNtpTime(int64_t microseconds_since_1970) {
  constexpr int64_t kSecond = 1000000;
  const int64_t seconds = microseconds_since_1970 / kSecond + kEpoch;
  const auto rest = static_cast<uint64_t>(microseconds_since_1970 % kSecond);
  return static_cast<uint64_t>(seconds) << 32 | (rest << 32) / kSecond;
}

double NtpDifference(NtpTime a, NtpTime b) {
  return static_cast<double>(static_cast<int64_t>(a - b)) * 1000 / 4294967296.0;
}

std::string EncodeNtpRequest(NtpTime cookie) {
  constexpr char kVersion4Client = 0x23;
  std::string packet(kPacket, '\0');
  packet[0] = kVersion4Client;
  for (size_t i = 0; i < sizeof cookie; ++i) {
    packet[kPacket - 1 - i] = static_cast<char>(cookie >> (8 * i) & 0xFF);
  }
  return packet;
}

NtpAnswer DecodeNtpAnswer(std::string_view packet, NtpTime cookie) {
  constexpr size_t kDelayAt = 4;
  constexpr size_t kDispersionAt = 8;
  constexpr size_t kOriginAt = 24;
  constexpr size_t kReceivedAt = 32;
  constexpr size_t kSentAt = 40;
  NtpAnswer answer;
  if (packet.size() < kPacket) {
    answer.result = "short_response";
    return answer;
  }
  const auto first = static_cast<unsigned char>(packet[0]);
  if ((first & 7) != kServerMode || Number(packet, kOriginAt, 8) != cookie) {
    answer.result = "no_match";
    return answer;
  }
  answer.stratum = static_cast<unsigned char>(packet[1]);
  answer.root_delay = ShortMilliseconds(packet, kDelayAt);
  answer.root_dispersion = ShortMilliseconds(packet, kDispersionAt);
  answer.received = Number(packet, kReceivedAt, 8);
  answer.sent = Number(packet, kSentAt, 8);
  if (answer.stratum == 0) {
    answer.result = "kiss_of_death";
  } else if (answer.received == 0 || answer.sent == 0) {
    answer.result = "no_timestamp";
  } else if (first >> 6 == kNotSynchronized || answer.stratum >= kHighestStratum) {
    answer.result = "unsynchronized";
  } else {
    answer.result = "ok";
  }
  return answer;
}

}  // namespace nscp::check_net
