// Decodes the credentials of `Authorization: Basic` (RFC 4648 section 4). Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nscp::gateway {

// Nothing when a character is not of the alphabet or the length cannot be. Missing
// padding is accepted, bits left over must be zero.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace nscp::gateway
