#include "workers/check_external_scripts/console_text.h"

namespace nscp::check_external_scripts {

std::string ConsoleText(std::string output) { return output; }

}  // namespace nscp::check_external_scripts
