// A whole call of a check: each line of the input is an argument, save that the first
// byte says how many objects there are. The same call must give the same answer, one
// line, and what is printed as performance data must be readable. Links nscp_checks.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/text.h"
#include "tests/fuzz/check.h"
#include "workers/checks/test_objects.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::checks;
  using nscp::fuzz::Check;
  static const nscp::checks::Check<Thing> check = ThingCheck(ThingDefaults());
  if (size == 0) return 0;
  constexpr int64_t kMostObjects = 8;
  std::vector<Thing> things = NumberedThings(data[0] % (kMostObjects + 1));
  for (Thing& thing : things) {
    if (thing.number % 2 == 0) thing.maybe = thing.number;
    if (thing.number % 3 == 0) thing.name = "gr\xFC\xDF | 'x'=1";
    if (thing.number % 4 == 0) thing.size = INT64_MAX;
    if (thing.number % 5 == 0) thing.real = -1e300;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<std::string> arguments = nscp::Split(text, '\n');
  const auto result = RunThings(check, arguments, things);
  Check(result.lines.size() == 1);
  const std::string plain = nscp::sdk::FormatPlain(result);
  const auto again = RunThings(check, arguments, things);
  Check(again.state == result.state && nscp::sdk::FormatPlain(again) == plain);
  (void)nscp::sdk::ParsePerf(nscp::sdk::FormatPerf(result.lines[0].perf));
  return 0;
}
