#include <filesystem>
#include <fstream>
#include <vector>

#include "workers/check_disk/file_content.h"

namespace nscp::check_disk {

bool ReadWhole(const std::string& path,
               const std::function<bool(const char* bytes, size_t size)>& take) {
  constexpr size_t kPiece = 256 * 1024;
  std::ifstream file(std::filesystem::u8path(path), std::ios::binary);
  std::vector<char> piece(kPiece);
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<size_t>(file.gcount());
    if (got > 0 && !take(piece.data(), got)) return false;
  }
  return file.eof();
}

}  // namespace nscp::check_disk
