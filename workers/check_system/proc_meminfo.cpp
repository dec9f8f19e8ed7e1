#include "workers/check_system/proc_meminfo.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

constexpr uint64_t kKilobyte = 1024;

// The bytes in a line "MemFree:        13741972 kB".
std::optional<uint64_t> FieldOf(std::string_view text, std::string_view name) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (!StartsWith(line, name) || line.substr(name.size(), 1) != ":") continue;
    const std::string_view digits = Trim(line.substr(name.size() + 1));
    uint64_t number = 0;
    const auto parsed =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (parsed.ec != std::errc() || number > UINT64_MAX / kKilobyte) return std::nullopt;
    return number * kKilobyte;
  }
  return std::nullopt;
}

}  // namespace

Result<MemorySample> ParseMeminfo(std::string_view text) {
  const auto total = FieldOf(text, "MemTotal");
  const auto free = FieldOf(text, "MemFree");
  if (!total || !free) {
    return Status::Unavailable(
        "Failed to parse /proc/meminfo: it has no MemTotal and MemFree");
  }
  auto optional = [&](std::string_view name) { return FieldOf(text, name).value_or(0); };
  // The fields are read one after the other while memory moves between them.
  const uint64_t reclaimable =
      std::min(*total, *free + optional("Buffers") + optional("Cached"));
  const uint64_t swap = optional("SwapTotal");
  MemorySample sample;
  sample.pagefile = {"swap", swap, std::min(swap, optional("SwapFree"))};
  sample.kinds = {{"physical", *total, std::min(*total, *free)},
                  {"cached", *total, reclaimable},
                  sample.pagefile};
  sample.kernel = KernelMemory{optional("Slab"), optional("SReclaimable"),
                               optional("SUnreclaim"), optional("Cached")};
  return sample;
}

}  // namespace nscp::check_system
