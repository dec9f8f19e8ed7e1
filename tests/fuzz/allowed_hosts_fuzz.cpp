// The first line is a list of allowed hosts, the rest an address. Links nscp_auth.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/auth/allowed_hosts.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using nscp::gateway::Address;
  using nscp::gateway::AllowedHosts;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  const std::string_view list = input.substr(0, end);
  const std::string_view address =
      end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  const auto nothing = [](const std::string&) { return std::vector<Address>(); };
  const AllowedHosts cached(list, true, nothing);
  const AllowedHosts asked(list, false, nothing);
  if (cached.Allows(address) != asked.Allows(address)) std::abort();
  if (cached.empty() && cached.Allows(address)) std::abort();
  if (cached.Allows(address) && !nscp::gateway::ParseAddress(address)) std::abort();
  return 0;
}
