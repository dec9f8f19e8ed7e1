// Any text as a template of one object and of the whole message. Links nscp_checks.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "workers/checks/summary.h"
#include "workers/checks/template_text.h"
#include "workers/checks/test_objects.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::checks;
  static const Keywords<Thing> objects = ThingKeywords();
  static const Keywords<Summary> summaries = SummaryKeywords();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Environment environment;
  const Thing thing;
  const Summary summary;
  Scratch scratch;
  for (const bool whole_message : {false, true}) {
    const auto compiled =
        Template::Compile(text, Scope{objects, summaries, environment, whole_message});
    if (!compiled.ok()) continue;
    compiled->Render({&thing, &summary, &scratch});
    compiled->Render({nullptr, &summary, &scratch});
  }
  return 0;
}
