#include "workers/check_net/ssh_banner.h"

#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::check_net {
namespace {

constexpr std::string_view kStart = "SSH-";

// The line without its end.
std::optional<std::string_view> FindLine(std::string_view text) {
  for (;;) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (StartsWith(line, kStart)) return line;
    text.remove_prefix(end + 1);
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int64_t NumberIn(std::string_view text) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && number >= 0 ? number : 0;
}

// "Sun_SSH_1.1": the version is what stands behind the last "_" before a digit.
void SplitSoftware(SshBanner* banner) {
  const std::string& version = banner->version;
  banner->software = version;
  for (size_t at = version.size(); at-- > 0;) {
    if (version[at] != '_' || at + 1 == version.size() || !IsDigit(version[at + 1])) {
      continue;
    }
    banner->software = version.substr(0, at);
    banner->software_version = version.substr(at + 1);
    return;
  }
}

}  // namespace

bool HasSshLine(std::string_view text) { return FindLine(text).has_value(); }

std::optional<SshBanner> ParseSshBanner(std::string_view text) {
  const auto line = FindLine(text);
  if (!line) return std::nullopt;
  const std::string_view rest = line->substr(kStart.size());
  const size_t dash = rest.find('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  const std::string_view behind = rest.substr(dash + 1);
  const size_t blank = behind.find(' ');
  SshBanner banner;
  banner.banner = *line;
  banner.protocol = rest.substr(0, dash);
  banner.version = behind.substr(0, blank);
  if (banner.version.empty()) return std::nullopt;
  if (blank != std::string_view::npos) banner.comments = behind.substr(blank + 1);
  const size_t dot = banner.protocol.find('.');
  banner.protocol_major = NumberIn(banner.protocol.substr(0, dot));
  if (dot != std::string::npos) {
    banner.protocol_minor = NumberIn(banner.protocol.substr(dot + 1));
  }
  SplitSoftware(&banner);
  return banner;
}

}  // namespace nscp::check_net
