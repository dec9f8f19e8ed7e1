// Random tokens and their comparison. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp {

// `count` bytes from the operating system's generator. Fails only where there is none.
Result<std::string> RandomBytes(size_t count);

// 32 random bytes in hex: the form of every token between kernel and workers.
Result<std::string> NewToken();

std::string ToHex(std::string_view bytes);

// True when equal; the time taken depends on the lengths alone.
bool EqualsConstantTime(std::string_view a, std::string_view b);

}  // namespace nscp
