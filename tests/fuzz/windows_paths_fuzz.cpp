// Any bytes as paths of performance counters and of the registry, and as data of
// registry values. What is taken for a path is the same path again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/check.h"
#include "workers/check_system/counter_path.h"
#include "workers/check_system/registry_path.h"

namespace cs = nscp::check_system;
using nscp::fuzz::Check;

namespace {

void ReadCounterPath(std::string_view text) {
  const auto named = cs::SplitCounterAlias(text);
  Check(named.alias.size() + named.counter.size() <= text.size());
  cs::CounterFormat format;
  (void)cs::AddCounterFlags(text, format);
  const auto path = cs::ParseCounterPath(text);
  if (!path.ok()) return;
  Check(path->Text() == text);
  Check(!path->object.empty() && !path->counter.empty());
}

void ReadRegistryPath(std::string_view text) {
  const auto path = cs::ParseRegistryPath(text);
  if (!path.ok()) return;
  const auto again = cs::ParseRegistryPath(path->Text());
  Check(again.ok() && again->Text() == path->Text());
  Check(path->key.size() <= text.size());
}

void ReadRegistryData(const std::string& bytes) {
  for (uint32_t type = 0; type <= 12; ++type) {
    const cs::RegistryData data{type, bytes, static_cast<int64_t>(bytes.size())};
    (void)cs::RegistryInteger(data);
    // A character of two bytes is three in UTF-8 at most, and ", " joins lines.
    Check(cs::RegistryText(data).size() <= 4 * bytes.size() + 32);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ReadCounterPath(text);
  ReadRegistryPath(text);
  ReadRegistryData(text);
  return 0;
}
