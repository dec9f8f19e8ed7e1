#include "workers/check_net/web_answer.h"

#include <doctest/doctest.h>

namespace nscp::check_net {

TEST_CASE("another agent's answer is taken over whole") {
  // /api/v1 and /api/v2 of an agent of this repository.
  for (const char* result : {"1", "\"WARNING\""}) {
    const auto answer = ParseWebAnswer(
        std::string(
            "{\"command\":\"check_x\",\"lines\":[{\"message\":\"WARNING: x\",\"perf\":"
            "{\"a b\":{\"value\":5.5,\"unit\":\"%\",\"warning\":3,\"critical\":9,"
            "\"minimum\":0,\"maximum\":100},\"u\":{\"value\":\"U\"}}}],\"result\":") +
        result + "}");
    REQUIRE(answer.ok());
    CHECK(answer->state == sdk::State::kWarning);
    CHECK(sdk::FormatPlain(*answer) == "WARNING: x|'a b'=5.5%;3;9;0;100 'u'=U");
  }
  CHECK(ParseWebAnswer("{\"result\":9,\"lines\":[]}")->state == sdk::State::kUnknown);
  CHECK(ParseWebAnswer("{\"result\":-1,\"lines\":[]}")->state == sdk::State::kUnknown);
  CHECK(ParseWebAnswer("{\"result\":null,\"lines\":[1,null]}")->state ==
        sdk::State::kUnknown);
}

TEST_CASE("what is no such answer is refused") {
  for (const char* body : {"", "[]", "{}", "{\"result\":0}", "{\"lines\":[]}",
                           "{\"result\":0,\"lines\":{}}", "not json"}) {
    CHECK_FALSE(ParseWebAnswer(body).ok());
  }
}

TEST_CASE("arguments keep their meaning in a URL") {
  CHECK(EncodeArguments({}).empty());
  CHECK(EncodeArguments({"host=a b", "x&y", "\xC3\xA4/"}) ==
        "?host=a%20b&x%26y&%C3%A4%2F");
}

}  // namespace nscp::check_net
