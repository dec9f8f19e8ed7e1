#include "kernel/cli/redaction.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kernel/console/secrets.h"
#include "kernel/console/shell_words.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kAuthority = "://";
constexpr std::string_view kHidden = "***";

// The part of an address between "//" and "@", as begin and end in the text, from `from`
// on (RFC 3986, 3.2.1).
std::optional<std::pair<size_t, size_t>> FindUser(std::string_view text, size_t from) {
  for (size_t at = text.find(kAuthority, from); at != std::string_view::npos;
       at = text.find(kAuthority, at + 1)) {
    const size_t begin = at + kAuthority.size();
    const std::string_view host =
        text.substr(begin, text.find_first_of("/ \t\"'", begin) - begin);
    const size_t sign = host.rfind('@');
    if (sign != std::string_view::npos && sign > 0) {
      return std::make_pair(begin, begin + sign);
    }
  }
  return std::nullopt;
}

// "https://user:word@host" keeps scheme and host.
std::string HideUsers(std::string text) {
  for (auto user = FindUser(text, 0); user; user = FindUser(text, user->first)) {
    text.replace(user->first, user->second - user->first, kHidden);
  }
  return text;
}

// The passwords in such addresses.
std::vector<std::string> UserWords(const std::string& text) {
  std::vector<std::string> words;
  for (auto user = FindUser(text, 0); user; user = FindUser(text, user->second)) {
    const std::string both = text.substr(user->first, user->second - user->first);
    const size_t colon = both.find(':');
    if (colon != std::string::npos) words.push_back(both.substr(colon + 1));
  }
  return words;
}

}  // namespace

void Redaction::Add(const std::string& secret) {
  const bool is_known =
      std::find(secrets_.begin(), secrets_.end(), secret) != secrets_.end();
  if (secret.size() < kShortestSecret || is_known) return;
  secrets_.push_back(secret);
  std::sort(
      secrets_.begin(), secrets_.end(),
      [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

void Redaction::Learn(const v1::GetSettingsResponse& entries) {
  for (const v1::SettingEntry& entry : entries.entries()) {
    if (entry.sensitive()) {
      Add(entry.value());
    } else if (MayHoldSecret(entry.value())) {
      for (const std::string& secret : SecretsOf(SplitShellWords(entry.value()))) {
        Add(secret);
      }
      for (const std::string& secret : UserWords(entry.value())) Add(secret);
    }
  }
}

std::string Redaction::Known(std::string text) const {
  return MaskSecrets(std::move(text), secrets_);
}

std::string Redaction::Line(std::string text) const {
  text = Known(std::move(text));
  if (!MayHoldSecret(text)) return text;
  return HideUsers(MaskSecrets(text, SecretsOf(SplitShellWords(text))));
}

}  // namespace nscp::kernel
