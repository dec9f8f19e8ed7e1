#include "workers/check_system/network_source.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {
namespace {

bool IsFileName(const std::string& name) {
  return name != "." && name != ".." && name.find('/') == std::string::npos;
}

}  // namespace

Result<std::vector<InterfaceCounters>> ReadInterfaces() {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile("/proc/net/dev"));
  return ParseNetDev(text);
}

std::vector<InterfaceFacts> ReadInterfaceFacts(const std::vector<std::string>& names,
                                               const std::function<bool()>& cancelled) {
  std::vector<InterfaceFacts> facts;
  facts.reserve(names.size());
  for (const std::string& name : names) {
    if (cancelled && cancelled()) break;
    auto read = [&](const char* file) -> std::string {
      if (!IsFileName(name)) return "";
      return ReadProcFile(("/sys/class/net/" + name + "/" + file).c_str()).value_or("");
    };
    facts.push_back(MakeInterfaceFacts(read("operstate"), read("flags"), read("address"),
                                       read("speed")));
  }
  return facts;
}

}  // namespace nscp::check_system
