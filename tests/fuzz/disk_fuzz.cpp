// Any text as what CheckDisk reads: the tables of mounts and disks, a kept trend,
// patterns of names. Links check_disk.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/check_disk/disk_activity.h"
#include "workers/check_disk/glob.h"
#include "workers/check_disk/mounts.h"
#include "workers/check_disk/trend.h"

namespace {

using namespace nscp::check_disk;

void ReadTrend(std::string_view text) {
  constexpr int64_t kNow = 1700000000;
  TrendHistory history;
  history.Read(text, kNow);
  const std::string once = history.Write();
  TrendHistory again;
  again.Read(once, kNow);
  nscp::fuzz::Check(again.Write() == once);
  history.Read(text, kNow);
  nscp::fuzz::Check(history.Write() == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Mount& mount : ParseMountInfo(text)) {
    nscp::fuzz::Check(mount.options.substr(0, 1) == "r");
  }
  const auto disks = ParseDiskStats(text);
  const auto halves = text.find('\0');
  if (halves != std::string_view::npos) {
    const auto later = ParseDiskStats(text.substr(halves + 1));
    for (const auto& disk : ActivityBetween(disks, later, std::chrono::seconds(1))) {
      nscp::fuzz::Check(disk.busy >= 0 && disk.busy <= 100);
    }
    MatchesPattern(text.substr(0, halves), text.substr(halves + 1));
  }
  ReadTrend(text);
  return 0;
}
