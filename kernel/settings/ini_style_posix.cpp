#include "kernel/settings/ini_file.h"

namespace nscp::kernel {

IniStyle StyleOfNewFiles() { return {"", "\n"}; }

}  // namespace nscp::kernel
