// Any text as a plugin's performance data; what was read must be readable again once
// printed. Links nscp_checks.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/sdk/check_result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& value : nscp::sdk::ParsePerf(text)) {
    nscp::fuzz::Check(!value.label.empty());
    nscp::sdk::ParsePerf(nscp::sdk::FormatPerf(value));
  }
  return 0;
}
