#include "proto/cpp/password.h"

#include <doctest/doctest.h>

#include <string>

namespace nscp {
namespace {

// RFC 7914 section 11 gives PBKDF2-HMAC-SHA256 vectors; "passwd"/"salt"/1, first 32
// bytes.
constexpr std::string_view kVector =
    "pbkdf2-sha256$1$73616c74$"
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";

TEST_CASE("a known hash is recognised") {
  CHECK(VerifyPassword(kVector, "passwd"));
  CHECK_FALSE(VerifyPassword(kVector, "Passwd"));
}

TEST_CASE("a hash has its form, a salt of its own, and verifies") {
  const auto one = HashPassword("s3cret \xC3\xA4");
  const auto two = HashPassword("s3cret \xC3\xA4");
  REQUIRE(one.ok());
  REQUIRE(two.ok());
  CHECK(one->find("pbkdf2-sha256$100000$") == 0);
  CHECK(one->size() == std::string("pbkdf2-sha256$100000$").size() + 32 + 1 + 64);
  CHECK(*one != *two);
  CHECK(IsPasswordHash(*one));
  CHECK(VerifyPassword(*one, "s3cret \xC3\xA4"));
  CHECK_FALSE(VerifyPassword(*one, "s3cret"));
  CHECK_FALSE(VerifyPassword(*one, *one));
}

TEST_CASE("a plain stored password is compared as it is") {
  CHECK(VerifyPassword("abc", "abc"));
  CHECK_FALSE(VerifyPassword("abc", "abd"));
  CHECK_FALSE(VerifyPassword("abc", "ab"));
}

TEST_CASE("nothing lets an empty password in, nor a broken or too costly hash") {
  CHECK_FALSE(VerifyPassword("", ""));
  CHECK_FALSE(VerifyPassword("abc", ""));
  CHECK_FALSE(VerifyPassword("", "abc"));
  const std::string hash(kVector.substr(kVector.rfind('$')));
  const std::string broken[] = {
      "pbkdf2-sha256$",
      "pbkdf2-sha256$1$73616c74",
      "pbkdf2-sha256$0$73616c74" + hash,
      "pbkdf2-sha256$-1$73616c74" + hash,
      "pbkdf2-sha256$1x$73616c74" + hash,
      "pbkdf2-sha256$1000001$73616c74" + hash,
      "pbkdf2-sha256$99999999999$73616c74" + hash,
      "pbkdf2-sha256$1$7361zz74" + hash,
      "pbkdf2-sha256$1$73616c7" + hash,
      "pbkdf2-sha256$1$73616c74$55ac",
      "pbkdf2-sha256$1$73616c74$",
      "pbkdf2-sha256$1$73616c74" + hash + "$x",
  };
  for (const std::string& stored : broken) {
    CAPTURE(stored);
    CHECK_FALSE(VerifyPassword(stored, "passwd"));
    CHECK_FALSE(VerifyPassword(stored, stored));
  }
  CHECK_FALSE(HashPassword("").ok());
  CHECK_FALSE(HashPassword(std::string(kMaxPasswordBytes + 1, 'x')).ok());
  CHECK_FALSE(VerifyPassword("x", std::string(kMaxPasswordBytes + 1, 'x')));
}

}  // namespace
}  // namespace nscp
