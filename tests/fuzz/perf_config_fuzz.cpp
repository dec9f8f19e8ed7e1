// Any text as a perf-config, asked for every key with selectors of all kinds, and applied
// to the performance data of an object. Links nscp_checks.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tests/fuzz/check.h"
#include "workers/checks/perf_builder.h"
#include "workers/checks/summary.h"
#include "workers/checks/test_objects.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::checks;
  using nscp::fuzz::Check;
  static const Keywords<Thing> objects = ThingKeywords();
  static const Keywords<Summary> summaries = SummaryKeywords();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = PerfConfig::Parse(text);
  if (!config.ok()) return 0;
  for (const char* key : {"unit", "prefix", "suffix", "ignored", "minimum", "max"}) {
    // What is found without prefix and suffix does not hang on them.
    const auto plain = config->Find(key, "", "size", "");
    if (!plain) Check(!config->Find(key, "", "size", " "));
    (void)config->Find(key, "size", "size", " size");
  }
  const Environment environment;
  const Scope scope{objects, summaries, environment};
  std::vector<CompiledExpression> warning;
  auto compared =
      CompileCondition("size > 1k or age > 1h or real > 1.5 or count > 5", scope);
  Check(compared.ok());
  warning.push_back(std::move(compared).value());
  const PerfBuilder builder(warning, {}, *config, scope);
  Thing thing;
  thing.maybe = 1;
  const Summary summary;
  Scratch scratch;
  std::vector<nscp::sdk::PerfValue> values;
  builder.AppendObject(&thing, "label", scratch, values);
  builder.AppendSummary(&summary, scratch, values);
  for (const auto& value : values) (void)nscp::sdk::FormatPerf(value);
  return 0;
}
