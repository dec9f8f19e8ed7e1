// The contexts of the command line (its first word) and the aliases that stand for
// `client --module <Module>`. Pure. Sources: the command line's specification A.1 to A.3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/cli/common_options.h"
#include "kernel/cli/terminal.h"

namespace nscp::kernel {

// A command as it was called.
struct Invocation {
  std::string context;
  std::vector<std::string> words;  // what followed the context
};

struct ActionWord {
  std::string_view name;
  std::string_view help;
};

// What the words of a context name, behind an action where there are some.
enum class Names { kNothing, kModules, kQueries };

struct ContextWord {
  std::string_view name;
  std::string_view help;
  int (*run)(const Invocation& invocation, Terminal& terminal);
  // What help and completion tell beyond the common options; null = nothing.
  const OptionGroup& (*options)() = nullptr;
  // Words that may follow, such as `list` of `modules`.
  std::vector<ActionWord> actions = {};
  Names names = Names::kNothing;
};
const std::vector<ContextWord>& Contexts();

struct AliasWord {
  std::string_view name;
  std::string_view module;
};
// Those of modules that may not be installed too; a manifest may bring more.
const std::vector<AliasWord>& Aliases();

// "Usage: nscp <context>", the contexts and the aliases.
std::string UsageText();
// What `nscp help` prints.
std::string HelpText();
std::string VersionText(bool in_context);

}  // namespace nscp::kernel
