// Secrets among typed words, so that they reach neither the log nor a history. A guess by
// names: passwords, tokens and the like. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nscp::kernel {

// A shorter value is not looked for: it would stand in any text.
constexpr size_t kShortestSecret = 4;

// Does the line name something like a password, or an address with a user in it?
bool MayHoldSecret(std::string_view line);

// The values of "password=x", "--password=x" and "--password x"; whatever the name is
// that holds such a word.
std::vector<std::string> SecretsOf(const std::vector<std::string>& words);
// The text with "***" in the place of each.
std::string MaskSecrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace nscp::kernel
