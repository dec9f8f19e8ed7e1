#include "kernel/cli/settings_layout.h"

namespace nscp::kernel {

bool HasLayouts() { return true; }

Result<std::string> MoveToLayout(Layout layout, const PathTokens& tokens, bool dry_run) {
  return SwitchLayout(layout, tokens, dry_run);
}

}  // namespace nscp::kernel
