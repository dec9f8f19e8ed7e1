#include <filesystem>
#include <fstream>

#include "workers/check_security/file_bytes.h"

namespace nscp::check_security {

Result<std::string> ReadPlainFile(const std::string& path, size_t limit) {
  const std::filesystem::path name = std::filesystem::u8path(path);
  std::error_code error;
  const auto status = std::filesystem::status(name, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return Status::NotFound("No such file or directory");
  }
  if (error) return Status::Unavailable(error.message());
  if (!std::filesystem::is_regular_file(status)) {
    return Status::InvalidArgument("it is no plain file");
  }
  std::ifstream in(name, std::ios::binary);
  if (!in) return Status::PermissionDenied("Permission denied");
  std::string bytes(limit + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad()) return Status::Unavailable("it cannot be read");
  bytes.resize(static_cast<size_t>(in.gcount()));
  if (bytes.size() <= limit) return bytes;
  return Status::ResourceExhausted("it is larger than " + std::to_string(limit) +
                                   " bytes");
}

}  // namespace nscp::check_security
