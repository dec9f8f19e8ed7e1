// The line in which an SSH server tells its protocol and software. Pure; any thread.
// Source: RFC 4253, 4.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nscp::check_net {

// "SSH-2.0-OpenSSH_9.2p1 Debian-2" as its parts; bytes of the server.
struct SshBanner {
  std::string banner;          // the whole line
  std::string protocol;        // "2.0"
  int64_t protocol_major = 0;  // 0 where it is no number
  int64_t protocol_minor = 0;
  std::string version;           // "OpenSSH_9.2p1"
  std::string software;          // "OpenSSH"
  std::string software_version;  // "9.2p1"
  std::string comments;          // "Debian-2"
};

// Of the first whole line that begins with "SSH-"; other lines may come before. Nothing
// when there is none, or it is no such line.
std::optional<SshBanner> ParseSshBanner(std::string_view text);
// Whether such a line is there, well-formed or not: what comes then does not change it.
bool HasSshLine(std::string_view text);

}  // namespace nscp::check_net
