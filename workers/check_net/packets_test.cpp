#include <doctest/doctest.h>

#include "workers/check_net/check_dns.h"
#include "workers/check_net/check_ntp_offset.h"
#include "workers/check_net/check_ping.h"
#include "workers/check_net/ntp_packet.h"
#include "workers/check_net/ssh_banner.h"

namespace nscp::check_net {
namespace {

// 2023-11-14 22:13:20.5 UTC.
constexpr int64_t kMoment = 1700000000500000;
constexpr NtpTime kCookie = 0x0123456789ABCDEF;

void PutTime(std::string* packet, size_t at, NtpTime time) {
  for (size_t i = 0; i < 8; ++i) {
    (*packet)[at + i] = static_cast<char>(time >> (56 - 8 * i) & 0xFF);
  }
}

// A server's answer as RFC 5905, 7.3 lays it out; constructed.
std::string Answer(int first, int stratum, NtpTime origin, NtpTime received,
                   NtpTime sent) {
  std::string packet(48, '\0');
  packet[0] = static_cast<char>(first);
  packet[1] = static_cast<char>(stratum);
  packet[5] = 1;  // root delay 1 + 0.5 s
  packet[6] = static_cast<char>(0x80);
  packet[10] = static_cast<char>(0x40);  // root dispersion 0.25 s
  PutTime(&packet, 24, origin);
  PutTime(&packet, 32, received);
  PutTime(&packet, 40, sent);
  return packet;
}

}  // namespace

TEST_CASE("times of NTP differ as the clocks do, also over the end of an era") {
  const NtpTime now = ToNtpTime(kMoment);
  CHECK((now >> 32) == 1700000000 + 2208988800);
  CHECK((now & 0xFFFFFFFF) == 0x80000000);
  CHECK(NtpDifference(ToNtpTime(kMoment + 1500000), now) == doctest::Approx(1500));
  CHECK(NtpDifference(now, ToNtpTime(kMoment + 250000)) == doctest::Approx(-250));
  constexpr int64_t kEra = 2085978496;  // 2036-02-07 06:28:16, where seconds begin anew
  CHECK(NtpDifference(ToNtpTime((kEra + 1) * 1000000), ToNtpTime((kEra - 1) * 1000000)) ==
        doctest::Approx(2000));
}

TEST_CASE("an NTP answer says what it is worth") {
  const std::string request = EncodeNtpRequest(kCookie);
  CHECK(request.size() == 48);
  CHECK(request[0] == 0x23);
  const NtpTime now = ToNtpTime(kMoment);
  struct Row {
    std::string packet;
    const char* result;
  };
  const Row rows[] = {
      {Answer(0x24, 2, kCookie, now, now), "ok"},
      {Answer(0x24, 15, kCookie, now, now), "ok"},
      {Answer(0x24, 16, kCookie, now, now), "unsynchronized"},
      {Answer(0xE4, 2, kCookie, now, now), "unsynchronized"},
      {Answer(0x24, 0, kCookie, now, now), "kiss_of_death"},
      {Answer(0x24, 2, kCookie, 0, now), "no_timestamp"},
      {Answer(0x24, 2, kCookie, now, 0), "no_timestamp"},
      {Answer(0x24, 2, kCookie + 1, now, now), "no_match"},
      {Answer(0x23, 2, kCookie, now, now), "no_match"},
      {Answer(0x24, 2, kCookie, now, now).substr(0, 47), "short_response"},
      {"", "short_response"},
  };
  for (const Row& row : rows)
    CHECK(DecodeNtpAnswer(row.packet, kCookie).result == row.result);
  const NtpAnswer answer = DecodeNtpAnswer(rows[0].packet, kCookie);
  CHECK(answer.stratum == 2);
  CHECK(answer.received == now);
  CHECK(answer.root_delay == doctest::Approx(1500));
  CHECK(answer.root_dispersion == doctest::Approx(250));
}

TEST_CASE("of several NTP samples the one with the shortest way counts") {
  NtpRow row;
  TakeSamples({{10, 5}}, &row);
  CHECK(row.offset == 10);
  CHECK_FALSE(row.jitter);
  TakeSamples({{10, 5}, {-4, 1}, {0, 9}}, &row);
  CHECK(row.offset == -4);
  CHECK(row.samples == 3);
  CHECK(*row.jitter == doctest::Approx(9));
}

TEST_CASE("an SSH server's line is taken apart") {
  struct Row {
    const char* text;
    const char* protocol;
    int64_t major;
    int64_t minor;
    const char* version;
    const char* software;
    const char* software_version;
    const char* comments;
  };
  // Lines of the named servers as their releases send them.
  const Row rows[] = {
      {"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", "2.0", 2, 0, "OpenSSH_9.2p1",
       "OpenSSH", "9.2p1", "Debian-2+deb12u3"},
      {"Welcome\r\nSSH-1.99-Cisco-1.25\n", "1.99", 1, 99, "Cisco-1.25", "Cisco-1.25", "",
       ""},
      {"SSH-2.0-dropbear_2022.83\r\n", "2.0", 2, 0, "dropbear_2022.83", "dropbear",
       "2022.83", ""},
      {"SSH-2.0-OpenSSH_for_Windows_9.5\r\n", "2.0", 2, 0, "OpenSSH_for_Windows_9.5",
       "OpenSSH_for_Windows", "9.5", ""},
      {"SSH-2.0-Sun_1_SSH_1.1\n", "2.0", 2, 0, "Sun_1_SSH_1.1", "Sun_1_SSH", "1.1", ""},
      {"SSH-2.0-Go\n", "2.0", 2, 0, "Go", "Go", "", ""},
      {"SSH-x-_ a b\n", "x", 0, 0, "_", "_", "", "a b"},
  };
  for (const Row& row : rows) {
    const auto banner = ParseSshBanner(row.text);
    REQUIRE(banner);
    CHECK(HasSshLine(row.text));
    CHECK(banner->protocol == row.protocol);
    CHECK(banner->protocol_major == row.major);
    CHECK(banner->protocol_minor == row.minor);
    CHECK(banner->version == row.version);
    CHECK(banner->software == row.software);
    CHECK(banner->software_version == row.software_version);
    CHECK(banner->comments == row.comments);
  }
  CHECK(ParseSshBanner("a\nSSH-2.0-x\n")->banner == "SSH-2.0-x");
  for (const char* text : {"", "SSH-2.0-Open", "220 hello\r\n", "SSH-\n", "SSH-2.0\n",
                           "SSH--x\n", "SSH-2.0-\n", "SSH-2.0- x\n"}) {
    CHECK_FALSE(ParseSshBanner(text));
  }
}

TEST_CASE("echo replies are summed up") {
  CHECK(Summarize({}).time == 0);
  CHECK_FALSE(Summarize({4}).jitter);
  const PingSummary summary = Summarize({4, 8, 6});
  CHECK(summary.time == doctest::Approx(6));
  CHECK(*summary.jitter == doctest::Approx(3));

  PingRow a;
  a.sent = 4;
  a.received = 3;
  a.time = 10;
  PingRow b;
  b.sent = 2;
  b.received = 1;
  b.time = 50;
  const PingRow total = TotalOf({a, b});
  CHECK(total.host == "total");
  CHECK(total.sent == 6);
  CHECK(total.received == 4);
  CHECK(total.time == doctest::Approx(20));
  CHECK(total.result == "ok");
  CHECK(TotalOf({}).result == "timeout");
}

TEST_CASE("a payload is repeated and cut") {
  CHECK(FillPayload("abc", 0) == "abc");
  CHECK(FillPayload("abc", 7) == "abcabca");
  CHECK(FillPayload("abc", 2) == "ab");
  CHECK(FillPayload("", 3) == std::string(3, '\0'));
  CHECK(FillPayload("x", net::kMaxEchoPayload).size() == net::kMaxEchoPayload);
}

TEST_CASE("expected records are found whatever their case, dots and preference") {
  const std::vector<std::string> records = {"192.0.2.1", "10 Mail.example.org", "v=a b"};
  CHECK(HasAll(records, {}));
  CHECK(HasAll(records, {"192.0.2.1", "mail.EXAMPLE.org.", "10 mail.example.org"}));
  CHECK(HasAll(records, {" v=a b "}));
  CHECK_FALSE(HasAll(records, {"192.0.2.1", "192.0.2.2"}));
  CHECK_FALSE(HasAll(records, {"b"}));
  CHECK_FALSE(HasAll({}, {"192.0.2.1"}));
}

}  // namespace nscp::check_net
