#include "workers/check_system/host_name.h"

#include "proto/cpp/text.h"

namespace nscp::check_system {

std::string ParseCanonicalName(std::string_view text) {
  const auto words = SplitList(text.substr(0, text.find('\n')), ' ');
  return words.size() < 3 ? "" : words[2];
}

HostName MakeHostName(std::string hostname, std::string canonical) {
  HostName name;
  name.hostname = std::move(hostname);
  name.fqdn = canonical.empty() ? name.hostname : std::move(canonical);
  const size_t dot = name.fqdn.find('.');
  if (dot != std::string::npos) name.domain = name.fqdn.substr(dot + 1);
  name.consistent =
      EqualsIgnoreCase(name.fqdn, name.hostname) ||
      StartsWith(ToLowerAscii(name.fqdn), ToLowerAscii(name.hostname) + ".");
  return name;
}

Result<HostName> FindHostName(bool with_fqdn, const RunTool& run) {
  ASSIGN_OR_RETURN(std::string hostname, ReadHostname());
  if (!with_fqdn) return MakeHostName(std::move(hostname), "");
  const auto asked = run({"getent", "ahosts", hostname}, kNameServiceLimit);
  if (!asked.ok()) {
    return asked.status().WithContext("Failed to find the whole name of " + hostname);
  }
  // Another code than 0: the name service does not know it.
  return MakeHostName(std::move(hostname),
                      asked->code == 0 ? ParseCanonicalName(asked->text) : "");
}

}  // namespace nscp::check_system
