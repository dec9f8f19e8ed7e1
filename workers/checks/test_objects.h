// Objects and checks for the engine's own tests: one keyword of each type, and two checks
// shaped like check_cpu and check_memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workers/checks/check.h"
#include "workers/checks/formats.h"

namespace nscp::checks {

struct Thing {
  std::string name = "notepad";
  int64_t number = 5;
  double real = 1.5;
  int64_t size = 5120;
  int64_t date = 1000000;
  int64_t duration = 7200;
  int64_t percent = 85;
  int64_t state = 1;
  std::optional<int64_t> maybe;
};

constexpr int64_t kTestNow = 1003600;

inline Result<Value> ThingState(const Literal& literal, const Thing*) {
  if (literal.text == "stopped") return Value::Integer(0);
  if (literal.text == "started") return Value::Integer(1);
  return Status::InvalidArgument("no such state: " + literal.text);
}

inline Keywords<Thing> ThingKeywords() {
  Keywords<Thing> k;
  k.Text("name", "", [](const Thing& t) -> std::string_view { return t.name; });
  k.Text("made", "", [](const Thing& t) { return t.name + "!"; });
  k.Text("label", "", [](const Thing& t, std::string& out) {
    out.append("<").append(t.name).append(">");
  });
  k.Integer("number", "", [](const Thing& t) { return t.number; });
  k.Real("real", "", [](const Thing& t) { return t.real; });
  k.Size("size", "", [](const Thing& t) { return t.size; }).PerfBytes(" size");
  k.Date("written", "", [](const Thing& t) { return t.date; });
  k.Duration("age", "", [](const Thing& t) { return t.duration; }).Perf("s", "");
  k.Percent("load", "", [](const Thing& t) { return t.percent; }).Perf("%", "");
  k.Integer("state", "", [](const Thing& t) { return t.state; })
      .Convert(ThingState)
      .Human([](const Thing& t) { return t.state == 0 ? "stopped" : "started"; });
  k.Integer("core", "", [](const Thing& t) { return t.number; })
      .TextFace([](const Thing& t) { return "core " + std::to_string(t.number); })
      .NoPerf();
  k.Integer("maybe", "", [](const Thing& t) { return t.maybe; }).NoValue("never");
  k.Integer("count_me", "", [](const Thing&) { return 1; });
  k.Call("is_big", "", Type::kInteger, 0, 0,
         [](const Thing& t, const std::vector<Value>&) { return t.size > 1024; });
  k.Call("letter", "", Type::kText, 1, 1,
         [](const Thing& t, const std::vector<Value>& arguments) {
           const auto at = static_cast<size_t>(arguments[0].integer);
           return at < t.name.size() ? std::string(1, t.name[at]) : std::string();
         });
  return k;
}

// t1, t2, ...: `number` counts, `load` is ten times as much, `size` as many kibibytes.
inline std::vector<Thing> NumberedThings(int64_t count) {
  std::vector<Thing> things;
  for (int64_t i = 1; i <= count; ++i) {
    Thing thing;
    thing.name = "t" + std::to_string(i);
    thing.number = i;
    thing.percent = 10 * i;
    thing.size = 1024 * i;
    things.push_back(thing);
  }
  return things;
}

inline Check<Thing> ThingCheck(FilterDefaults defaults) {
  return Check<Thing>(OptionTable(), defaults, ThingKeywords());
}

inline FilterDefaults ThingDefaults() {
  FilterDefaults defaults;
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.detail_syntax = "${name}";
  defaults.perf_syntax = "${name}";
  defaults.has_unique_index = true;
  return defaults;
}

inline sdk::CheckResult RunThings(const Check<Thing>& check,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<Thing>& things,
                                  std::vector<std::string>* log = nullptr) {
  Environment environment;
  environment.now = kTestNow;
  environment.log = [log](sdk::LogLevel, std::string_view text) {
    if (log != nullptr) log->emplace_back(text);
  };
  return check.Run(arguments, environment, [&](const Arguments&, Sink<Thing>& sink) {
    for (const Thing& thing : things) {
      if (!sink.Add(thing)) break;
    }
    return Status::Ok();
  });
}

}  // namespace nscp::checks
