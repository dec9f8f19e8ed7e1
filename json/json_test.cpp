// The traps of the library underneath, each shown absent, and the forms that clients rely
// on.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "json/value.h"
#include "json/writer.h"
#include "proto/cpp/utf8.h"

namespace nscp::json {
namespace {

std::string Nested(size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string WrittenDouble(double number) {
  Writer writer;
  writer.BeginArray().Double(number).EndArray();
  return writer.Text();
}

TEST_CASE("a writer gives compact JSON in the order of the calls") {
  Writer writer;
  writer.BeginObject().Field("command", "check_ok").Field("result", 0);
  writer.Key("lines").BeginArray().BeginObject();
  writer.Field("message", std::string("all \"well\"\n"))
      .Key("perf")
      .BeginObject()
      .EndObject();
  writer.EndObject().EndArray().Field("last", true).Key("none").Null();
  writer.Field("big", uint64_t{18446744073709551615ULL}).EndObject();
  const std::string lines = R"([{"message":"all \"well\"\n","perf":{}}])";
  CHECK(writer.Text() == R"({"command":"check_ok","result":0,"lines":)" + lines +
                             R"(,"last":true,"none":null,"big":18446744073709551615})");
}

TEST_CASE("numbers take their shortest exact form") {
  CHECK(WrittenDouble(30.0) == "[30]");
  CHECK(WrittenDouble(0.1) == "[0.1]");
  CHECK(WrittenDouble(-2.5) == "[-2.5]");
  CHECK(WrittenDouble(-0.0) == "[0]");
  CHECK(WrittenDouble(1e22) == "[1e+22]");
  for (double number : {1.0 / 3, 123456789.123456789, 5e-324, 1.7976931348623157e308}) {
    auto parsed = Parse(WrittenDouble(number));
    REQUIRE(parsed.ok());
    CHECK(parsed->Items().at(0).AsDouble() == number);
  }
}

TEST_CASE("NaN and infinities become null and the document stays valid") {
  for (double number : {std::nan(""), std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity()}) {
    CHECK(WrittenDouble(number) == "[null]");
  }
}

TEST_CASE("bytes that are no UTF-8 are repaired in values and in keys") {
  Writer writer;
  writer.BeginObject()
      .Field("gr\xF6\xDF",
             "Gr\xFC\xDF"
             "e\x80")
      .EndObject();
  CHECK(IsUtf8(writer.Text()));
  auto parsed = Parse(writer.Text());
  REQUIRE(parsed.ok());
  CHECK(parsed->Members().at(0).second.AsString() ==
        "Gr\xEF\xBF\xBD\xEF\xBF\xBD"
        "e\xEF\xBF\xBD");
}

TEST_CASE("control characters and NUL survive a round trip") {
  const std::string text("\x01\0tab\t\x7f", 7);
  Writer writer;
  writer.BeginArray().String(text).EndArray();
  auto parsed = Parse(writer.Text());
  REQUIRE(parsed.ok());
  CHECK(parsed->Items().at(0).AsString() == text);
}

TEST_CASE(
    "nesting is read up to the limit and refused beyond it without ending the process") {
  CHECK(Parse(Nested(kMaxDepth)).ok());
  for (size_t depth : {size_t{kMaxDepth + 1}, size_t{500000}}) {
    auto parsed = Parse(Nested(depth));
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.status().code() == Code::kInvalidArgument);
  }
  CHECK_FALSE(Parse(std::string(1000000, '[')).ok());
  CHECK(Parse("[\"" + std::string(100, '[') + "\\\"[[[\"]").ok());  // within a string
}

TEST_CASE("a text above the size limit is refused by its size") {
  CHECK(Parse("\"" + std::string(kMaxBytes - 2, 'x') + "\"").ok());
  auto parsed = Parse("\"" + std::string(kMaxBytes - 1, 'x') + "\"");
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.status().code() == Code::kResourceExhausted);
}

TEST_CASE("texts that are no JSON document are refused and the place is told") {
  const std::string nul("[1]\0[2]", 7);
  const std::string escaped_nul("[\"a\\\0\"]", 7);
  const std::string cases[] = {"",
                               " ",
                               "{",
                               "[1,]",
                               "{\"a\"}",
                               "{'a':1}",
                               "[1] x",
                               "nul",
                               "[NaN]",
                               "[1e999]",
                               "[01]",
                               "[\"\xFF\"]",
                               "[\"\xC0\x80\"]",
                               "[\"\\ud800\"]",
                               "// c\n1",
                               "[\"a\nb\"]",
                               "{\"a\":1,}",
                               "-",
                               nul,
                               escaped_nul,
                               "}",
                               "]]]]"};
  for (const auto& text : cases) {
    CAPTURE(text);
    auto parsed = Parse(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.status().code() == Code::kInvalidArgument);
    CHECK(parsed.status().message().find("at byte ") != std::string::npos);
  }
}

TEST_CASE("one name twice in one object is refused and named, at any depth") {
  for (const char* text :
       {R"({"a":1,"b":2,"a":3})", R"([{"x":{"a":1,"\u0061":2}}])", R"({"":1,"":2})"}) {
    CAPTURE(text);
    auto parsed = Parse(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.status().message().find("stands twice") != std::string::npos);
  }
  CHECK(Parse(R"([{"a":1},{"a":2}])").ok());
}

TEST_CASE("a missing key or a wrong kind gives nothing instead of an end") {
  auto parsed = Parse(R"({"name":"x","n":1,"list":[1,"two",null],"yes":true})");
  REQUIRE(parsed.ok());
  CHECK(parsed->IsObject());
  CHECK(parsed->size() == 4);
  CHECK_FALSE(parsed->Find("missing"));
  CHECK_FALSE(parsed->Find(std::string_view()));
  CHECK_FALSE(parsed->Find("name")->Find("deeper"));
  CHECK(parsed->Find("name")->AsString() == "x");
  CHECK(parsed->Find("n")->AsString().empty());
  CHECK(parsed->Find("name")->AsDouble(7) == 7);
  CHECK(parsed->Find("name")->AsBool(true));
  CHECK(parsed->Find("yes")->AsBool());
  CHECK(parsed->Find("name")->Items().empty());
  CHECK(parsed->Find("list")->Members().empty());
  CHECK(parsed->Find("list")->Items().at(2).IsNull());
  CHECK(Value().IsNull());
  CHECK(Value().NumberText().empty());
}

TEST_CASE("numbers keep their text and whole numbers are told from others") {
  struct Case {
    const char* text;
    const char* number;
    std::optional<int64_t> whole;
  };
  const Case cases[] = {
      {"30", "30", 30},
      {"30.0", "30", 30},
      {"-7", "-7", -7},
      {"0.5", "0.5", std::nullopt},
      {"18446744073709551615", "18446744073709551615", std::nullopt},
      {"9223372036854775807", "9223372036854775807", INT64_MAX},
      {"1e3", "1000", 1000},
      {"1e300", "1e+300", std::nullopt},
      {"0e99", "0", 0},
      {"-0", "0", 0},
      {"-0.0e-400", "0", 0},
      {"1e-400", "0", 0},
      {"0.1", "0.1", std::nullopt},
      {"0.30000000000000004", "0.30000000000000004", std::nullopt},
      {"123456789012345678901234567890", "1.2345678901234568e+29", std::nullopt}};
  for (const auto& c : cases) {
    CAPTURE(c.text);
    auto parsed = Parse(c.text);
    REQUIRE(parsed.ok());
    CHECK(parsed->NumberText() == c.number);
    CHECK(parsed->AsInt() == c.whole);
  }
}

TEST_CASE("a value outlives the text and the handle it came from") {
  std::optional<Value> kept;
  {
    std::string text = R"({"a":{"b":["kept"]}})";
    auto parsed = Parse(text);
    REQUIRE(parsed.ok());
    kept = parsed->Find("a");
    text.assign(text.size(), 'x');
  }
  REQUIRE(kept);
  CHECK(kept->Find("b")->Items().at(0).AsString() == "kept");
}

TEST_CASE("who asks says how much is read") {
  const std::string large = "[\"" + std::string(kMaxBytes, 'a') + "\"]";
  CHECK(Parse(large).status().code() == Code::kResourceExhausted);
  CHECK(Parse(large, {2 * kMaxBytes, kMaxDepth}).ok());
  CHECK(Parse(Nested(40), {kMaxBytes, 40}).ok());
  CHECK_FALSE(Parse(Nested(41), {kMaxBytes, 40}).ok());
  CHECK_FALSE(Parse("[1]", {2, 1}).ok());
}

}  // namespace
}  // namespace nscp::json
