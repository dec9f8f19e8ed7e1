#include "kernel/cli/settings_layout.h"

namespace nscp::kernel {

Result<std::string> MoveToLayout(Layout, const PathTokens&) {
  return Status::Unimplemented(
      "--migrate-layout is not available in this version of nscp: move the files by hand "
      "and set mode in [layout] of boot.ini");
}

}  // namespace nscp::kernel
