#include "kernel/settings/modules_section.h"

#include <algorithm>
#include <optional>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::optional<bool> SwitchWord(std::string_view word) {
  if (word == "enabled" || word == "1" || word == "true") return true;
  if (word.empty() || word == "disabled" || word == "0" || word == "false") return false;
  return std::nullopt;
}

std::string WithoutDll(std::string_view name) {
  constexpr std::string_view kSuffix = ".dll";
  if (name.size() > kSuffix.size() &&
      EqualsIgnoreCase(name.substr(name.size() - kSuffix.size()), kSuffix)) {
    name.remove_suffix(kSuffix.size());
  }
  return std::string(name);
}

ConfiguredModule ReadEntry(const IniEntry& entry) {
  if (const auto enabled = SwitchWord(entry.value)) {
    return {WithoutDll(entry.key), "", *enabled, entry.key};
  }
  if (const auto reversed = SwitchWord(entry.key)) {
    return {WithoutDll(entry.value), "", *reversed, entry.key};
  }
  return {WithoutDll(entry.value), entry.key, true, entry.key};
}

}  // namespace

std::vector<ConfiguredModule> ParseModulesSection(const std::vector<IniEntry>& entries) {
  std::vector<ConfiguredModule> modules;
  for (const IniEntry& entry : entries) {
    ConfiguredModule read = ReadEntry(entry);
    if (EqualsIgnoreCase(read.module, kKernelsOwnModule)) continue;
    const auto same =
        std::find_if(modules.begin(), modules.end(), [&read](const ConfiguredModule& m) {
          return EqualsIgnoreCase(m.id(), read.id());
        });
    if (same != modules.end()) {
      *same = std::move(read);
    } else if (modules.size() < kMaxInstances) {
      modules.push_back(std::move(read));
    }
  }
  return modules;
}

}  // namespace nscp::kernel
