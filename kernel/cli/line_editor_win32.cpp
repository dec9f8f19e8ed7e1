#include "kernel/cli/line_editor.h"

namespace nscp::kernel {

std::unique_ptr<LineInput> NewLineEditor(LineEditing) { return nullptr; }

}  // namespace nscp::kernel
