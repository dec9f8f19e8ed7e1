#include "kernel/settings/ini_file.h"

namespace nscp::kernel {

IniStyle StyleOfNewFiles() { return {"\xEF\xBB\xBF", "\r\n"}; }

}  // namespace nscp::kernel
