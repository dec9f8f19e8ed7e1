// Any text as a filter expression: parsed, bound to keywords of every type, and evaluated
// with and without an object. Links nscp_checks.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "workers/checks/binder.h"
#include "workers/checks/summary.h"
#include "workers/checks/test_objects.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::checks;
  static const Keywords<Thing> objects = ThingKeywords();
  static const Keywords<Summary> summaries = SummaryKeywords();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Environment environment;
  const auto compiled = CompileCondition(text, Scope{objects, summaries, environment});
  if (!compiled.ok()) return 0;
  const Thing thing;
  const Summary summary;
  Scratch scratch;
  compiled->term->Evaluate({&thing, &summary, &scratch});
  compiled->term->Evaluate({nullptr, &summary, &scratch});
  return 0;
}
