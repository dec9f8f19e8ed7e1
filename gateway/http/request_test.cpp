// Arguments and headers as the rest of the gateway sees them (rest-api.md 1.4).
#include <doctest/doctest.h>

#include <string>

#include "gateway/http/http.h"

namespace nscp::gateway {
namespace {

// "name=value|name|..." with brackets around what was decoded.
std::string Shown(std::string_view query) {
  std::string text;
  for (const auto& parameter : DecodeQuery(query)) {
    text += "[" + parameter.name + "]";
    if (parameter.has_value) text += "=[" + parameter.value + "]";
    text += ";";
  }
  return text;
}

TEST_CASE("a query string becomes the ordered list of its parts") {
  struct Case {
    const char* query;
    const char* shown;
  };
  const Case cases[] = {
      {"", ""},
      {"a", "[a];"},
      {"a=", "[a]=[];"},
      {"a=1&b=2&a=3", "[a]=[1];[b]=[2];[a]=[3];"},
      {"a=1&&b&", "[a]=[1];[b];"},
      {"&&&", ""},
      {"=v", "[]=[v];"},
      {"a=b=c", "[a]=[b=c];"},
      {"warning=load%3E80&filter=a+b%2Bc", "[warning]=[load>80];[filter]=[a b+c];"},
      {"a%3Db=%26", "[a=b]=[&];"},
      {"a=%4", "[a]=[%4];"},
      {"a=%", "[a]=[%];"},
      {"a=%zz%41%g1", "[a]=[%zzA%g1];"},
      {"a=%25%34%31", "[a]=[%41];"},
      {"x=%u0041", "[x]=[%u0041];"},
      {"A=1&a=2", "[A]=[1];[a]=[2];"},
      {"drive=%c3%a4%FF", "[drive]=[\xC3\xA4\xFF];"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.query);
    CHECK(Shown(c.query) == c.shown);
  }
  CHECK(DecodeQuery("a=%00b")[0].value == std::string("\0b", 2));
}

TEST_CASE("a path segment keeps its plus signs") {
  CHECK(PercentDecode("check%20helpers+more") == "check helpers+more");
  CHECK(PercentDecode("100%") == "100%");
}

TEST_CASE("the first parameter with a value wins") {
  Request request;
  request.parameters = DecodeQuery("all&all=true&all=false&All=x");
  CHECK(request.Parameter1("all") == "true");
  CHECK_FALSE(request.Parameter1("none"));
  CHECK(request.Parameter1("All") == "x");
}

TEST_CASE("headers are found in any case and keep their order") {
  Request request;
  request.headers = {{"Password", "one"}, {"X", ""}, {"password", "two"}};
  CHECK(request.Header("PASSWORD") == "one");
  CHECK(request.Header("x") == "");
  CHECK_FALSE(request.Header("passwor"));
  REQUIRE(request.Headers("password").size() == 2);
  CHECK(request.Headers("password")[1] == "two");
}

}  // namespace
}  // namespace nscp::gateway
