#include "workers/sdk/convert.h"

#include <doctest/doctest.h>

#include "proto/cpp/utf8.h"

namespace nscp::sdk {
namespace {

TEST_CASE("a result survives the way to the wire and back") {
  CheckResult result = CheckResult::Of(State::kWarning, "bytes \xE4\xFF");
  PerfValue value;
  value.label = "a label";
  value.value = 30;
  value.unit = "Z";
  value.warning = Bound{4, "4:5"};
  value.minimum = 0;
  PerfValue text;
  text.label = "u";
  text.text = "U";
  result.lines[0].perf = {value, text};
  result.lines.push_back({"second", {}});

  v1::CheckResult message;
  REQUIRE(message.ParseFromString(ToMessage(result, "check_x").SerializeAsString()));
  CHECK(message.command() == "check_x");
  const CheckResult back = FromMessage(message);
  CHECK(back.state == State::kWarning);
  REQUIRE(back.lines.size() == 2);
  CHECK(back.lines[0].message == "bytes \xE4\xFF");
  CHECK(FormatPerf(back.lines[0].perf) == FormatPerf(result.lines[0].perf));
  CHECK(back.lines[0].perf[0].warning->range == "4:5");
  CHECK(back.lines[0].perf[0].minimum == 0);
  CHECK_FALSE(back.lines[0].perf[0].maximum);
  CHECK_FALSE(back.lines[0].perf[0].critical);
}

TEST_CASE("a result that is too large is cut and says so") {
  const CheckResult result =
      CheckResult::Of(State::kOk, std::string(20 * 1024 * 1024, 'x'));
  const v1::CheckResult message = ToMessage(result, "check_x");
  CHECK(message.ByteSizeLong() < kMaxResultBytes + 1024);
  CHECK(message.lines(0).message().find("(cut: the result is too large)") !=
        std::string::npos);
}

TEST_CASE("nothing in a result escapes the bound on its size") {
  PerfValue text;
  text.text = std::string(1024 * 1024, 'x');
  PerfValue range;
  range.critical = Bound{1, std::string(1024 * 1024, 'x')};
  CheckResult perf = CheckResult::Of(State::kOk, "perf");
  perf.lines[0].perf = {text, range, text, range, text, range, text, range, text, range};
  CheckResult lines;
  lines.lines.resize(4 * 1024 * 1024);
  for (const CheckResult& result : {perf, lines}) {
    CHECK(ToMessage(result, "check_x").ByteSizeLong() < kMaxResultBytes + 1024);
  }
}

TEST_CASE("a hostile command name cannot break the message") {
  const v1::CheckResult message = ToMessage(CheckResult::Unknown("x"), "caf\xE9");
  CHECK(IsUtf8(message.command()));
}

}  // namespace
}  // namespace nscp::sdk
