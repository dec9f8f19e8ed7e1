#include <doctest/doctest.h>

#include "proto/cpp/text.h"
#include "workers/checks/test_objects.h"

namespace nscp::checks {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

TEST_CASE("bytes and percentages scale together with their bounds") {
  struct Memory {
    std::string type;
    double used;
    double size;
  };
  Keywords<Memory> keywords;
  keywords.Text("type", "", [](const Memory& m) -> std::string_view { return m.type; });
  keywords.Real("used", "", [](const Memory& m) { return m.used; })
      .Convert([](const Literal& literal, const Memory* memory) -> Result<Value> {
        const double size = memory == nullptr ? 0 : memory->size;
        if (literal.unit == 0 || literal.unit == '%') {
          return Value::Real(size * literal.real / 100);
        }
        const auto factor = BytesOf(literal.unit);
        if (!factor) return Status::InvalidArgument("Invalid unit");
        return Value::Real(literal.real * *factor);
      })
      .Human([](const Memory& m) { return FormatBytes(m.used); })
      .PerfBytes("", [](const Memory& m) { return m.size; })
      .PerfPercentage(" %", [](const Memory& m) { return m.size; });
  FilterDefaults defaults;
  defaults.warning = {"used > 80%"};
  defaults.critical = {"used > 90%"};
  defaults.detail_syntax = "${type} = ${used}";
  defaults.perf_syntax = "${type}";
  const Check<Memory> check(OptionTable(), defaults, std::move(keywords));
  constexpr double kGiga = 1024.0 * 1024 * 1024;
  auto run = [&](const Words& arguments) {
    Environment environment;
    return check.Run(arguments, environment, [&](const Arguments&, Sink<Memory>& sink) {
      sink.Add({"physical", 3.125 * kGiga, 7.8125 * kGiga});
      sink.Add({"swap", 0, 0});
      return Status::Ok();
    });
  };
  CHECK(sdk::FormatPlain(run({})) ==
        "OK: physical = 3.125GB, swap = 0B|'physical'=3.125GB;6.25;7.03125;0;7.8125 "
        "'physical %'=40%;80;90;0;100 'swap'=0B;0;0;0;0");
  CHECK(sdk::FormatPlain(run({"warn=used > 2G", "crit=used > 80.5", "filter=size > 1"}))
            .rfind("Failed to validate", 0) == 0);
  CHECK(sdk::FormatPlain(run({"warn=used > 2G", "crit=none", "filter=type = 'physical'",
                              "perf-config=used %(ignored:true)"})) ==
        "WARNING: physical = 3.125GB|'physical'=3.125GB;2;0;0;7.8125 "
        "'physical %'=40%;26;0;0;100");
  CHECK(sdk::FormatPlain(run({"warn=used > 2G", "crit=none", "filter=type = 'physical'",
                              "perf-config=%(ignored:true)"})) ==
        "WARNING: physical = 3.125GB|'physical'=3.125GB;2;0;0;7.8125");
}

TEST_CASE("debug shows how every object was judged, twice") {
  const auto result =
      RunThings(ThingCheck(ThingDefaults()),
                {"debug", "filter=number > 1", "crit=number > 2"}, NumberedThings(3));
  CHECK(result.state == State::kCritical);
  CHECK(result.lines[0].message ==
        "ignored  t1\nmatch    t2\nmatch    t3\nmatch    t2\ncritical t3\n");
  CHECK(result.lines[0].perf.size() == 2);
}

TEST_CASE("a check that nobody waits for any more stops collecting") {
  const auto check = ThingCheck(ThingDefaults());
  Environment environment;
  int added = 0;
  environment.cancelled = [&] { return added > 100; };
  const auto result = check.Run({}, environment, [&](const Arguments&, auto& sink) {
    while (added < 10000 && sink.Add(Thing())) ++added;
    return Status::Ok();
  });
  CHECK(result.state == State::kUnknown);
  CHECK(added < 200);
}

TEST_CASE("a check that finds more than it can hold says so") {
  const auto check = ThingCheck(ThingDefaults());
  const auto run = [&](const Words& arguments, size_t count) {
    return check.Run(arguments, Environment(), [&](const Arguments&, auto& sink) {
      Thing thing;
      for (size_t i = 0; i < count && sink.Add(thing); ++i) {
      }
      return Status::Ok();
    });
  };
  const auto many = run({"detail-syntax=none"}, kMaxMatches + 1);
  CHECK(many.state == State::kUnknown);
  CHECK(many.lines[0].message.find("narrower filter") != std::string::npos);
  CHECK(run({"detail-syntax=none"}, kMaxMatches).state == State::kOk);
  const auto wide = run({"detail-syntax=" + std::string(30000, 'x')}, 1000);
  CHECK(wide.lines[0].message.find("narrower filter") != std::string::npos);
  CHECK(run({"top-syntax=" + std::string(kMaxTemplateLength + 1, 'x')}, 1)
            .lines[0]
            .message == "Failed to parse syntax");
}

TEST_CASE("labels, separators and messages are bounded like the list") {
  const std::string wide(30000, 'x');
  const struct {
    Words arguments;
    int64_t objects;
    std::string message;  // its beginning
  } rows[] = {
      {{"perf-config=extra(number)", "perf-syntax=" + wide},
       300,
       "Too many objects: more than 8388608 bytes of labels are needed for them. Use a "
       "narrower filter."},
      {{"list-separator=" + wide, "top-syntax=%(list)"},
       300,
       "Too many objects: more than 8388608 bytes of text are needed to list them."},
      {{"detail-syntax=" + wide, "top-syntax=%(list)%(list)%(list)"},
       250,
       "The message is longer than 16777216 bytes."},
  };
  const auto check = ThingCheck(ThingDefaults());
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const auto result = RunThings(check, row.arguments, NumberedThings(row.objects));
    CHECK(result.state == State::kUnknown);
    CHECK(StartsWith(result.lines[0].message, row.message));
    CHECK(RunThings(check, row.arguments, NumberedThings(3)).state == State::kOk);
  }
}

TEST_CASE("a caller that leaves while objects are judged ends the run") {
  const auto check = ThingCheck(ThingDefaults());
  Environment environment;
  bool is_collected = false;
  int looks = 0;
  environment.cancelled = [&] { return is_collected && ++looks > 2; };
  const auto result =
      check.Run({"warn=number > 5"}, environment, [&](const Arguments&, auto& sink) {
        for (const Thing& thing : NumberedThings(1000)) sink.Add(thing);
        is_collected = true;
        return Status::Ok();
      });
  CHECK(result.state == State::kUnknown);
  CHECK(StartsWith(result.lines[0].message, "The check was stopped: "));
  CHECK(looks == 3);
}

TEST_CASE("an error while collecting is the answer") {
  const auto result =
      ThingCheck(ThingDefaults()).Run({}, Environment(), [](const Arguments&, auto&) {
        return Status::Unavailable("Failed to read /proc/uptime");
      });
  CHECK(result.state == State::kUnknown);
  CHECK(result.lines[0].message == "Failed to read /proc/uptime");
}

TEST_CASE("help lists the fields of the objects and of the summary") {
  const auto result = RunThings(ThingCheck(ThingDefaults()), {"help-pb"}, {});
  for (const char* name : {"number", "is_big()", "problem_list", "top-syntax"}) {
    CHECK(result.data.find(name) != std::string::npos);
  }
}

}  // namespace
}  // namespace nscp::checks
