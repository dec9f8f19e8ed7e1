// The names of this host that the address of a remote store may hold. Any thread. Source:
// the settings specification B.3.
#pragma once

#include <string>
#include <string_view>

namespace nscp::kernel {

struct HostNames {
  std::string hostname;  // "web1.example.com", or without a domain where it has none
  std::string host;      // "web1"
  std::string domain;    // "example.com" or empty
};
HostNames NamesOfThisHost();
// Out of a whole name.
HostNames SplitHostName(const std::string& hostname);

// `${hostname}`, `${host}`, `${domain}`, and each with `_lc` and `_uc` for lower and
// upper case, replaced.
std::string WithHostNames(std::string_view text, const HostNames& names);

// The platform's part: the name as the system has it, empty where it has none.
std::string SystemHostName();

}  // namespace nscp::kernel
