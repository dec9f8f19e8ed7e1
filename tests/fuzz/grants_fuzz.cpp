// The first line is a list of rules, the rest a need. Links nscp_auth.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/auth/grants.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  const std::string_view list = input.substr(0, end);
  const std::string_view need =
      end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  const nscp::gateway::Grants grants(list);
  bool allowed = false;
  for (const std::string& rule : grants.rules()) {
    allowed = allowed || nscp::gateway::GrantMatches(rule, need);
    // A rule without a star covers itself and nothing else.
    if (rule.find('*') == std::string::npos &&
        nscp::gateway::GrantMatches(rule, need) != (rule == need)) {
      std::abort();
    }
  }
  if (grants.Allow(need) != allowed) std::abort();
  return 0;
}
