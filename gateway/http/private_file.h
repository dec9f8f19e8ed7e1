// Writes a file that only its owner may read, whole or not at all. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::gateway {

// Creates missing folders; replaces a file that is there (temporary file beside it,
// flushed to the disk, renamed). Errors name the file.
Status WritePrivateFile(const std::string& file, std::string_view contents);

}  // namespace nscp::gateway
