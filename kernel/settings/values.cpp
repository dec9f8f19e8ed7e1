#include <charconv>

#include "kernel/settings/settings.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {

bool SettingIsTrue(std::string_view value) {
  value = Trim(value);
  for (const std::string_view word : {"true", "1", "yes", "enabled"}) {
    if (EqualsIgnoreCase(value, word)) return true;
  }
  return false;
}

std::optional<int64_t> ParseDurationMs(std::string_view value) {
  constexpr int64_t kLongestMs = int64_t{1000} * 86400 * 36500;
  value = Trim(value);
  int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit =
      Trim(value.substr(static_cast<size_t>(rest - value.data())));
  constexpr struct {
    std::string_view name;
    int64_t ms;
  } kUnits[] = {{"", 1000},     {"ms", 1},       {"s", 1000},     {"m", 60000},
                {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
  for (const auto& known : kUnits) {
    if (known.name != unit) continue;
    if (number > kLongestMs / known.ms) return std::nullopt;
    return number * known.ms;
  }
  return std::nullopt;
}

}  // namespace nscp::kernel
