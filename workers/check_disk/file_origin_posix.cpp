#include "workers/check_disk/file_origin.h"

namespace nscp::check_disk {

std::string FileVersion(const std::string&) { return ""; }

std::string FileOwner(const std::string&) { return ""; }

}  // namespace nscp::check_disk
