// The command line as a shell's completion needs it, from the tables of contexts, aliases
// and options. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/cli/contexts.h"

namespace nscp::kernel {

// What may stand behind an option.
enum class ValueKind { kNone, kAny, kFile, kChoice, kModule, kQuery };

struct CompletedOption {
  const Option* option;  // of a table that lives as long as the program
  ValueKind kind;
  std::vector<std::string> choices;  // of kChoice
};

struct CompletedContext {
  std::vector<std::string> words;  // the context, or aliases that are completed alike
  std::vector<CompletedOption> options;
  std::vector<ActionWord> actions;
  Names names;
};

// Every context, then `test`, then all other aliases as one.
std::vector<CompletedContext> CompletedContexts();

// The contexts and aliases with their help.
std::vector<ActionWord> FirstWords();

// The scripts: for bash, zsh and fish. They ask `nscp completion modules|queries` for
// names.
std::string BashCompletion();
std::string ZshCompletion();
std::string FishCompletion();

// 'text' for a shell that ends a single-quoted text at the next quote (POSIX.1-2017,
// 2.2.2).
std::string ShellQuoted(std::string_view text);

}  // namespace nscp::kernel
