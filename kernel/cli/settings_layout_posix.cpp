#include "kernel/cli/settings_layout.h"

namespace nscp::kernel {

bool HasLayouts() { return false; }

Result<std::string> MoveToLayout(Layout layout, const PathTokens& tokens, bool) {
  if (layout == Layout::kLegacy) {
    return Status::Unimplemented(
        "the legacy layout keeps everything beside the program, which only Windows does; "
        "choose single folders with [paths] in " +
        tokens.Expand("${boot-conf}"));
  }
  return "Already using the modern layout (" + tokens.Expand("${data-path}") +
         "); nothing to do.";
}

}  // namespace nscp::kernel
