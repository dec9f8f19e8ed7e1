// What a half typed word of a console's line may become: commands of the console, checks,
// aliases, modules and their commands. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

// Sorted, each once, without case: those that begin with the last word of `before`. Empty
// where nothing is known of that place, or the kernel does not answer in time.
std::vector<std::string> CompleteLine(KernelClient& client, std::string_view before);

}  // namespace nscp::kernel
