#include <fstream>
#include <string>

#include "workers/check_disk/mounts.h"

namespace nscp::check_disk {

PathStyle SystemPathStyle() { return PathStyle::kPosix; }

Result<std::vector<Mount>> ReadMounts() {
  constexpr char kPath[] = "/proc/self/mountinfo";
  constexpr size_t kMaxText = 8 * 1024 * 1024;
  constexpr size_t kChunk = 64 * 1024;
  std::ifstream file(kPath, std::ios::binary);
  std::string text;
  while (file && text.size() < kMaxText) {
    const size_t before = text.size();
    text.resize(before + kChunk);
    file.read(text.data() + before, static_cast<std::streamsize>(kChunk));
    text.resize(before + static_cast<size_t>(file.gcount()));
  }
  if (text.empty()) {
    return Status::Unavailable("Failed to read " + std::string(kPath));
  }
  return ParseMountInfo(text);
}

}  // namespace nscp::check_disk
