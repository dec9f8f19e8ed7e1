#include "workers/check_system/service_name.h"

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

constexpr std::string_view kSuffix = ".service";

bool MayStandInName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_.@:-\\").find(c) != std::string_view::npos;
}

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > kMaxUnitName || name[0] == '-') return false;
  for (const char c : name) {
    if (!MayStandInName(c)) return false;
  }
  return true;
}

bool HasType(std::string_view name) {
  for (const std::string_view type :
       {kSuffix, std::string_view(".socket"), std::string_view(".device"),
        std::string_view(".mount"), std::string_view(".automount"),
        std::string_view(".swap"), std::string_view(".target"), std::string_view(".path"),
        std::string_view(".timer"), std::string_view(".slice"),
        std::string_view(".scope")}) {
    if (name.size() > type.size() && EndsWith(name, type)) return true;
  }
  return false;
}

}  // namespace

Result<std::string> UnitId(const std::string& name) {
  if (!IsName(name)) {
    return Status::InvalidArgument(
        "Invalid service name: '" + name.substr(0, kMaxUnitName) +
        "' (1 to 256 letters, digits and _ . @ : - \\, and no - at the beginning)");
  }
  return HasType(name) ? name : name + std::string(kSuffix);
}

std::string_view ServiceName(std::string_view id) {
  if (EndsWith(id, kSuffix)) id.remove_suffix(kSuffix.size());
  return id;
}

}  // namespace nscp::check_system
