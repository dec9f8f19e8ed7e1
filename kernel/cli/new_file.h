// A file that is made anew for its owner alone. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// Mode 0600 whatever the umask; on Windows the folder's rights. AlreadyExists where there
// is anything of that name, a link too; on any error no file is left.
Status WriteNewFile(const std::string& path, std::string_view bytes);

}  // namespace nscp::kernel
