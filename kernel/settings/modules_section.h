// `[/modules]`: which instances are configured, and in which order. Functions without
// state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/ini_file.h"

namespace nscp::kernel {

constexpr size_t kMaxInstances = 256;

// What NSClient++ has a module for and the kernel is itself. Files may enable it.
inline constexpr char kKernelsOwnModule[] = "CommandClient";

struct ConfiguredModule {
  std::string module;  // "NRPEServer", without ".dll"
  std::string alias;   // empty without one
  bool enabled = false;
  std::string key;  // as it stands in the file

  // The name of its slot.
  const std::string& id() const { return alias.empty() ? module : alias; }
};

// In the file's order; of two entries for one slot the first keeps its place and the last
// counts. Words (`enabled 1 true`, `disabled 0 false` and empty) are compared with case;
// the reversed spelling `enabled = CheckSystem` is understood. Without kKernelsOwnModule.
std::vector<ConfiguredModule> ParseModulesSection(const std::vector<IniEntry>& entries);

}  // namespace nscp::kernel
