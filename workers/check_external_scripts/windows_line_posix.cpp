#include "workers/check_external_scripts/windows_line.h"

namespace nscp::check_external_scripts {

LineStyle SystemLineStyle() { return LineStyle::kPosix; }

}  // namespace nscp::check_external_scripts
