// The places in a configured command line that the caller's arguments go to: aliases and
// script definitions. `$ARG1$` and `%ARG1%` stand for the first argument anywhere in a
// word; a word that is just `$ARGS$` or `%ARGS%` becomes all arguments, a word each, and
// inside a longer word they become one text with blanks between. `$ARGS"$` puts double
// quotes around each (filter-engine.md 2.5; modules.md C4). Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::checks {

// Of one word once its places are filled.
constexpr size_t kMaxExpandedWord = 1024 * 1024;

// What an argument brings in is not expanded again; a place without an argument stays as
// it is, and an argument without a place is left out.
Result<std::string> ExpandMacros(std::string_view text,
                                 const std::vector<std::string>& arguments);
Result<std::vector<std::string>> ExpandMacros(const std::vector<std::string>& words,
                                              const std::vector<std::string>& arguments);

// True when a place of `text` is left without one of `count` arguments.
bool LacksArgument(std::string_view text, size_t count);

}  // namespace nscp::checks
