#include <doctest/doctest.h>

#include "proto/cpp/secret.h"
#include "proto/cpp/status.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Status::InvalidArgument("odd");
  return n / 2;
}

Status HalfTwice(int n, int& out) {
  ASSIGN_OR_RETURN(const int half, Half(n));
  ASSIGN_OR_RETURN(out, Half(half));
  return Status::Ok();
}

TEST_CASE("a status carries its code and what was being done") {
  CHECK(Status::Ok().ok());
  CHECK(Status(Code::kOk, "ignored").ok());
  const Status s = Status::NotFound("no file").WithContext("loading CheckDisk");
  CHECK(s.code() == Code::kNotFound);
  CHECK(s.message() == "loading CheckDisk: no file");
  CHECK(s.ToString() == "not found: loading CheckDisk: no file");
  CHECK(Status::Ok().WithContext("x").ok());
}

TEST_CASE("the macros leave with the first error") {
  int out = 0;
  CHECK(HalfTwice(8, out).ok());
  CHECK(out == 2);
  CHECK(HalfTwice(6, out).message() == "odd");
  CHECK_FALSE(Result<int>(Status::Ok()).ok());
}

TEST_CASE("text that is not UTF-8 is repaired, text that is stays") {
  CHECK(RepairUtf8("gr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
  CHECK(RepairUtf8("gr\xFC\xDF") == "gr\xEF\xBF\xBD\xEF\xBF\xBD");
  for (const char* bad :
       {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    CHECK_FALSE(IsUtf8(bad));
    CHECK(IsUtf8(RepairUtf8(bad)));
  }
  CHECK(IsUtf8("\xF0\x9F\x98\x80"));
  CHECK(CutUtf8("gr\xC3\xBC\xC3\x9F", 5) == "gr...");
  CHECK(CutUtf8("short", 5) == "short");
}

TEST_CASE("lists are split, trimmed and joined") {
  CHECK(Split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(SplitList(" a , ,b ") == std::vector<std::string>{"a", "b"});
  CHECK(SplitList("").empty());
  CHECK(Join({"a", "b"}, ", ") == "a, b");
  CHECK(ToLowerAscii("Check\xC3\x84") == "check\xC3\x84");
  CHECK(EqualsIgnoreCase("ABC", "abc"));
  CHECK(ReplaceAll("a$b$", "$", "--") == "a--b--");
}

TEST_CASE("tokens are 64 hex digits and differ") {
  const auto a = NewToken();
  const auto b = NewToken();
  REQUIRE(a.ok());
  REQUIRE(b.ok());
  CHECK(a->size() == 64);
  CHECK(*a != *b);
  CHECK(EqualsConstantTime(*a, *a));
  CHECK_FALSE(EqualsConstantTime(*a, *b));
  CHECK_FALSE(EqualsConstantTime("a", "ab"));
}

}  // namespace
}  // namespace nscp
