// Any text as a plugin's performance data, as a perf-config and as a command line; what
// was read as performance data must be readable again once printed. Links nscp_checks.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "workers/checks/command_line.h"
#include "workers/checks/perf_config.h"
#include "workers/sdk/check_result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& value : nscp::sdk::ParsePerf(text)) {
    if (value.label.empty()) std::abort();
    nscp::sdk::ParsePerf(nscp::sdk::FormatPerf(value));
  }
  const auto config = nscp::checks::PerfConfig::Parse(text);
  if (config.ok()) (void)config->Find("unit", "p", "k", "s");
  (void)nscp::checks::SplitCommandLine(text).ok();
  return 0;
}
