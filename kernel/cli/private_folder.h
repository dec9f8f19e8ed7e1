// A folder that only those who administer this machine may look into: mode 0700 on POSIX;
// on Windows the system and administrators, nothing inherited, which all that is made
// inside inherits. Functions without state; any thread.
#pragma once

#include <string>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// Makes it, and the folders above it with the usual rights. AlreadyExists where there is
// something: what others may have made is never taken over.
Status MakePrivateFolder(const std::string& path);

// Whether the folder, no link to one, is such a folder and its owner may be trusted.
// False for what is not there.
bool IsPrivateFolder(const std::string& path);

}  // namespace nscp::kernel
