// How long what is asked on the command line or the console may take: the kernel's own
// limits where a caller names none.
#pragma once

#include <chrono>

namespace nscp::kernel {

constexpr std::chrono::seconds kQueryLimit{70};
constexpr std::chrono::seconds kExecLimit{120};
// What runs no module's code.
constexpr std::chrono::seconds kManagementLimit{30};

}  // namespace nscp::kernel
