#include "workers/check_disk/file_origin.h"

#include "proto/cpp/text.h"

namespace nscp::check_disk {

std::string VersionText(uint32_t high, uint32_t low) {
  constexpr uint32_t kHalf = 0xffff;
  return Join({std::to_string(high >> 16), std::to_string(high & kHalf),
               std::to_string(low >> 16), std::to_string(low & kHalf)},
              ".");
}

std::string AttributesText(uint32_t attributes) {
  constexpr struct {
    uint32_t bit;
    const char* name;
  } kNames[] = {
      {0x1, "readonly"},     {0x2, "hidden"},       {0x4, "system"},
      {0x20, "archive"},     {0x100, "temporary"},  {0x200, "sparse"},
      {0x400, "reparse"},    {0x800, "compressed"}, {0x1000, "offline"},
      {0x2000, "unindexed"}, {0x4000, "encrypted"},
  };
  std::vector<std::string> names;
  for (const auto& row : kNames) {
    if ((attributes & row.bit) != 0) names.emplace_back(row.name);
  }
  return names.empty() ? "normal" : Join(names, ", ");
}

}  // namespace nscp::check_disk
