// Lines of a terminal with editing, history and completion. Where there is none (no
// terminal at both ends, TERM unset or "dumb", a job in the background), and on Windows,
// whose console edits lines itself, the plain LineInput serves.
//
// Ctrl-D on an empty line ends nothing, like every end of input; it says what does. The
// terminal is in its own mode between lines and after Stop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/cli/line_input.h"

namespace nscp::kernel {

// Of what is printed while a line is edited; more is left out until it was drawn.
constexpr size_t kMaxPendingText = 1024 * 1024;
// Candidates that are listed.
constexpr size_t kMaxListedCandidates = 100;

struct LineEditing {
  std::string prompt;        // ASCII
  std::string history_file;  // empty: the history lasts as long as the program
  // The words that the last word of `before`, which ends at the cursor, may become.
  // Called by the reading thread; blocks as long as the user may wait.
  std::function<std::vector<std::string>(std::string_view before)> complete;
};

// Null where lines can't be edited.
std::unique_ptr<LineInput> NewLineEditor(LineEditing editing);

}  // namespace nscp::kernel
