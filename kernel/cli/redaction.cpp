#include "kernel/cli/redaction.h"

#include <algorithm>

#include "kernel/console/secrets.h"
#include "kernel/console/shell_words.h"
#include "kernel/output/json.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kAuthority = "://";
constexpr std::string_view kHidden = "***";

std::string EscapedForJson(const std::string& secret) {
  JsonWriter json;
  const std::string quoted = json.Text(secret).text();
  return quoted.substr(1, quoted.size() - 2);
}

// "https://user:word@host" keeps scheme and host (RFC 3986, 3.2.1).
std::string HideUsers(std::string text) {
  size_t at = text.find(kAuthority);
  while (at != std::string::npos) {
    const size_t begin = at + kAuthority.size();
    const size_t end = std::min(text.size(), text.find_first_of("/ \t\"'", begin));
    const size_t sign = text.rfind('@', end - 1);
    if (end > begin && sign != std::string::npos && sign > begin) {
      text.replace(begin, sign - begin, kHidden);
    }
    at = text.find(kAuthority, begin);
  }
  return text;
}

}  // namespace

void Redaction::Add(const std::string& secret) {
  for (const std::string& form : {secret, EscapedForJson(secret)}) {
    const bool is_known =
        std::find(secrets_.begin(), secrets_.end(), form) != secrets_.end();
    if (form.size() >= kShortestSecret && !is_known) secrets_.push_back(form);
  }
  std::sort(
      secrets_.begin(), secrets_.end(),
      [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

void Redaction::AddSensitive(const v1::GetSettingsResponse& entries) {
  for (const v1::SettingEntry& entry : entries.entries()) {
    if (entry.sensitive()) Add(entry.value());
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
