// The options that every context shares, and what they mean. Pure, save that a terminal
// is told what is wrong with them. Source: the command line's specification A.4.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/cli/options.h"
#include "kernel/cli/terminal.h"
#include "kernel/core/kernel.h"

namespace nscp::kernel {

// Accepted by contexts and aliases.
const OptionGroup& LightOptions();
// Accepted by contexts alone: for an alias they belong to the module.
const OptionGroup& ContextOptions();

struct CommonOptions {
  std::string settings;
  PathTokens tokens = PathTokens::ForThisProgram();
  std::vector<KernelOptions::Define> defines;
  std::optional<v1::LogLevel> level;
  bool console_log = false;  // --log console
  std::string backend;       // --log-backend, empty without it
};

// Tells `terminal` what it had to ignore.
CommonOptions ReadCommonOptions(const GivenOptions& given, Terminal& terminal);

// Kernel options with what the command line said; `level` unless it named one.
KernelOptions KernelOptionsFor(const CommonOptions& common);

}  // namespace nscp::kernel
