#include "workers/check_external_scripts/windows_line.h"

namespace nscp::check_external_scripts {

LineStyle SystemLineStyle() { return LineStyle::kWindows; }

}  // namespace nscp::check_external_scripts
