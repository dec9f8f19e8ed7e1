#include "workers/net/dns_answer.h"

#include <doctest/doctest.h>

#include "workers/net/dns.h"

namespace nscp::net {
namespace {

std::string Bytes(std::initializer_list<int> numbers) {
  std::string bytes;
  for (const int number : numbers) bytes.push_back(static_cast<char>(number));
  return bytes;
}

// The answer to a question for a.b, as RFC 1035 4.1 lays it out; constructed. The name
// stands at 12, records follow at 21.
std::string AnswerWith(int count, const std::string& records) {
  return Bytes({0, 1, 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0}) +
         Bytes({1, 'a', 1, 'b', 0, 0, 1, 0, 1}) + records;
}

std::string Record(int type, const std::string& data) {
  return Bytes({0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, static_cast<int>(data.size() >> 8),
                static_cast<int>(data.size() & 0xFF)}) +
         data;
}

const std::string kPointer = Bytes({0xC0, 12});

}  // namespace

TEST_CASE("records of each type are told as text") {
  struct Row {
    const char* type;
    int number;
    std::string data;
    std::string text;
  };
  const Row rows[] = {
      {"A", 1, Bytes({192, 0, 2, 7}), "192.0.2.7"},
      {"AAAA", 28, Bytes({0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
       "2001:db8::1"},
      {"NS", 2, kPointer, "a.b"},
      {"CNAME", 5, Bytes({1, 'c'}) + kPointer, "c.a.b"},
      {"PTR", 12, kPointer, "a.b"},
      {"mx", 15, Bytes({0, 10}) + kPointer, "10 a.b"},
      {"txt", 16, Bytes({2, 'v', '=', 1, '1'}), "v=1"},
      {"TXT", 16, "", ""},
      {"SOA", 6, kPointer + kPointer + Bytes({0, 0, 0, 1, 0, 0, 0, 2, 0, 0,
                                              0, 3, 0, 0, 0, 4, 0, 0, 0, 5}),
       "a.b a.b 1 2 3 4 5"},
  };
  for (const Row& row : rows) {
    const auto type = ParseDnsType(row.type);
    REQUIRE(type.ok());
    // One of another type stands in front, as a CNAME does before the address.
    const auto texts = ParseDnsAnswer(
        AnswerWith(2, Record(99, "xyz") + Record(row.number, row.data)), *type);
    REQUIRE(texts.ok());
    REQUIRE(texts->size() == 1);
    CHECK((*texts)[0] == row.text);
  }
  CHECK_FALSE(ParseDnsType("ANY").ok());
}

TEST_CASE("an answer cut anywhere is damaged, not trusted") {
  const std::string whole = AnswerWith(1, Record(15, Bytes({0, 10}) + kPointer));
  REQUIRE(ParseDnsAnswer(whole, DnsType::kMx).ok());
  for (size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(ParseDnsAnswer(whole.substr(0, size), DnsType::kMx).ok());
  }
}

TEST_CASE("names that loop or lead out, and data of a wrong size, are damage") {
  const std::string loop =
      Bytes({0, 1, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0, 1});
  CHECK_FALSE(ParseDnsAnswer(loop, DnsType::kA).ok());
  CHECK_FALSE(
      ParseDnsAnswer(AnswerWith(1, Record(5, Bytes({0xC0, 33}))), DnsType::kCname).ok());
  CHECK_FALSE(
      ParseDnsAnswer(AnswerWith(1, Record(5, Bytes({0xFF, 0xFF}))), DnsType::kCname)
          .ok());
  CHECK_FALSE(ParseDnsAnswer(AnswerWith(1, Record(1, "abc")), DnsType::kA).ok());
  CHECK_FALSE(
      ParseDnsAnswer(AnswerWith(1, Record(16, Bytes({9, 'a'}))), DnsType::kTxt).ok());
}

TEST_CASE("an address asked for its name is turned round") {
  CHECK(PointerName("192.0.2.7") == "7.2.0.192.in-addr.arpa");
  CHECK(PointerName("::1") ==
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa");
  CHECK(PointerName("7.2.0.192.in-addr.arpa") == "7.2.0.192.in-addr.arpa");
}

}  // namespace nscp::net
