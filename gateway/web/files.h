// The files of a user interface, where one is installed. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::gateway {

// No file of a user interface is larger; one that is counts as missing.
constexpr size_t kMaxWebFile = 16 * 1024 * 1024;

// What stands under `name` in the first of `folders` that has it; nothing where none has
// such a regular file, or it cannot be read. `name` is one of the program's own, never a
// client's.
std::optional<std::string> ReadWebFile(const std::vector<std::string>& folders,
                                       std::string_view name);

// By the extension, as a browser is told: application/javascript, text/css, image/png,
// else text/html.
std::string_view WebTypeOf(std::string_view path);

}  // namespace nscp::gateway
