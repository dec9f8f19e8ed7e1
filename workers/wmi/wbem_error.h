// WMI's own error codes as sentences: Windows' message tables do not have them. Any
// thread. Source: Microsoft's "WMI Error Constants".
#pragma once

#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::wmi {

// "<doing>: there is no such class (error 0x80041010)", of the kind that fits. Nothing of
// WMI (RPC, COM, Windows): OK, and another must say what the code means.
Status WbemStatus(const std::string& doing, uint32_t code);

}  // namespace nscp::wmi
