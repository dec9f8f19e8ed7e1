#include "gateway/web/files.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "proto/cpp/text.h"

namespace nscp::gateway {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> ReadFile(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error || size > kMaxWebFile) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::string contents(static_cast<size_t>(size), '\0');
  in.read(contents.data(), static_cast<std::streamsize>(contents.size()));
  if (in.bad() || !in.is_open()) return std::nullopt;
  contents.resize(static_cast<size_t>(in.gcount()));  // it may be written right now
  return contents;
}

}  // namespace

std::optional<std::string> ReadWebFile(const std::vector<std::string>& folders,
                                       std::string_view name) {
  for (const std::string& folder : folders) {
    auto contents = ReadFile(fs::u8path(folder) / fs::u8path(name));
    if (contents) return contents;
  }
  return std::nullopt;
}

std::string_view WebTypeOf(std::string_view path) {
  if (EndsWith(path, ".js")) return "application/javascript";
  if (EndsWith(path, ".css")) return "text/css";
  return EndsWith(path, ".png") ? "image/png" : "text/html";
}

}  // namespace nscp::gateway
