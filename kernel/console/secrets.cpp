#include "kernel/console/secrets.h"

#include <algorithm>
#include <iterator>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::string_view kSecretWords[] = {"passw",   "passphrase", "pwd",
                                             "secret",  "token",      "apikey",
                                             "api-key", "api_key",    "credential"};

bool NamesSecret(std::string_view text) {
  const std::string lower = ToLowerAscii(text);
  return std::any_of(
      std::begin(kSecretWords), std::end(kSecretWords),
      [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace

bool MayHoldSecret(std::string_view line) {
  const bool has_user = line.find("://") != std::string_view::npos &&
                        line.find('@') != std::string_view::npos;
  return has_user || NamesSecret(line);
}

std::vector<std::string> SecretsOf(const std::vector<std::string>& words) {
  std::vector<std::string> secrets;
  for (size_t i = 0; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    if (!NamesSecret(std::string_view(words[i]).substr(0, equals))) continue;
    if (equals != std::string::npos) {
      secrets.push_back(words[i].substr(equals + 1));
    } else if (StartsWith(words[i], "-") && i + 1 < words.size()) {
      secrets.push_back(words[i + 1]);
    }
  }
  const auto is_short = [](const std::string& value) {
    return value.size() < kShortestSecret;
  };
  secrets.erase(std::remove_if(secrets.begin(), secrets.end(), is_short), secrets.end());
  return secrets;
}

std::string MaskSecrets(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) text = ReplaceAll(text, secret, kMask);
  return text;
}

}  // namespace nscp::kernel
