// The bytes of one plain file. Any thread.
#pragma once

#include <cstddef>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::check_security {

// At most `limit` bytes: ResourceExhausted beyond. A pipe or a device is no plain file
// and is not waited for. NotFound, PermissionDenied or Unavailable say why not; the
// message is the reason alone, without the path.
Result<std::string> ReadPlainFile(const std::string& path, size_t limit);

}  // namespace nscp::check_security
