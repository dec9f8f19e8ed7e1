#include "workers/net/icmp_packet.h"

#include <doctest/doctest.h>

namespace nscp::net {
namespace {

// Of the 16 bits words with the checksum in place: all ones (RFC 1071).
uint32_t Sum(const std::string& packet) {
  uint32_t sum = 0;
  for (size_t i = 0; i < packet.size(); ++i) {
    const auto byte = static_cast<unsigned char>(packet[i]);
    sum += i % 2 == 0 ? byte << 8U : byte;
  }
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

// An IPv4 header without options, TTL 57, as RFC 791 draws it; constructed.
std::string WithHeader(const std::string& packet) {
  return std::string("\x45\0\0\x24\0\0\0\0\x39\x01\0\0\x7f\0\0\x01\x7f\0\0\x01", 20) +
         packet;
}

}  // namespace

TEST_CASE("a request has the type and the checksum of its protocol") {
  for (const char* payload : {"", "odd", "even"}) {
    const std::string v4 = EncodeEcho({0x1234, 7, payload}, false);
    CHECK(v4.substr(0, 2) == std::string("\x08\0", 2));
    CHECK(v4.substr(4, 4) == std::string("\x12\x34\0\x07", 4));
    CHECK(Sum(v4) == 0xFFFF);
    const std::string v6 = EncodeEcho({0x1234, 7, payload}, true);
    CHECK(v6.substr(0, 4) == std::string("\x80\0\0\0", 4));
    CHECK(v6.substr(8) == payload);
  }
}

TEST_CASE("a reply is taken apart, all else is none") {
  std::string packet = EncodeEcho({9, 8, "hello"}, false);
  CHECK_FALSE(DecodeReply(packet, false, false));  // a request, as a raw socket hears it
  packet[0] = 0;
  for (const bool with_header : {false, true}) {
    const std::string bytes = with_header ? WithHeader(packet) : packet;
    const auto reply = DecodeReply(bytes, false, with_header);
    REQUIRE(reply);
    CHECK(reply->id == 9);
    CHECK(reply->sequence == 8);
    CHECK(reply->payload == "hello");
    CHECK_FALSE(DecodeReply(bytes, true, with_header));
    for (size_t size = 0; size < bytes.size() - 5; ++size) {
      CHECK_FALSE(DecodeReply(bytes.substr(0, size), false, with_header));
    }
  }
  CHECK(HeaderTtl(WithHeader(packet)) == 57);
  CHECK(HeaderTtl(packet) == 0);
  packet[0] = static_cast<char>(129);
  CHECK(DecodeReply(packet, true, false));
}

}  // namespace nscp::net
