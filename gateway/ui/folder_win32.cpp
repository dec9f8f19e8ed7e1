#include <filesystem>

#include "gateway/ui/folder.h"

namespace nscp::gateway {
namespace fs = std::filesystem;

Status ExchangeFolders(const std::string& fresh, const std::string& folder,
                       const std::string& aside) {
  std::error_code error;
  if (fs::exists(fs::u8path(folder), error)) {
    fs::rename(fs::u8path(folder), fs::u8path(aside), error);
  }
  if (!error) fs::rename(fs::u8path(fresh), fs::u8path(folder), error);
  if (!error) return Status::Ok();
  const std::string reason = error.message();
  fs::rename(fs::u8path(aside), fs::u8path(folder), error);
  return Status::Unavailable("putting the user interface into " + folder + ": " + reason);
}

}  // namespace nscp::gateway
