#include "workers/check_system/check_hostname.h"

namespace nscp::check_system {
namespace {

checks::Keywords<HostName> HostnameKeywords() {
  checks::Keywords<HostName> k;
  k.Text("hostname", "Name of this host, as the kernel knows it",
         [](const HostName& name) -> std::string_view { return name.hostname; });
  k.Text("fqdn",
         "Its whole name in the name service (files, DNS); the hostname where that knows "
         "none",
         [](const HostName& name) -> std::string_view { return name.fqdn; });
  k.Text("domain", "What stands behind the first dot of the whole name",
         [](const HostName& name) -> std::string_view { return name.domain; });
  k.Integer("fqdn_consistent",
            "1 (also: true) when the whole name is the hostname, or that with a domain",
            [](const HostName& name) { return name.consistent; })
      .TextFace([](const HostName& name) -> std::string_view {
        return name.consistent ? "true" : "false";
      });
  return k;
}

checks::Check<HostName> MakeHostnameCheck() {
  checks::FilterDefaults defaults;
  defaults.detail_syntax = "${hostname} (${fqdn}), domain=${domain}";
  defaults.perf_syntax = "${hostname}";
  return {checks::OptionTable(), defaults, HostnameKeywords()};
}

}  // namespace

HostnameCheck::HostnameCheck() : check_(MakeHostnameCheck()) {}

sdk::CheckResult HostnameCheck::Run(const std::vector<std::string>& arguments,
                                    const checks::Environment& environment,
                                    const Find& find) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<HostName>& sink) -> Status {
        const bool with_fqdn =
            sink.Uses("fqdn") || sink.Uses("domain") || sink.Uses("fqdn_consistent");
        ASSIGN_OR_RETURN(const HostName name, find(with_fqdn));
        sink.Add(name);
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
