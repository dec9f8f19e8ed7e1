// What a plugin printed, as a check's answer: the text and the performance data of the
// Nagios plugin interface, of one line or many. Pure. Sources: modules.md C4, H4; "Plugin
// Output" of the Nagios plugin development guidelines.
#pragma once

#include <string>
#include <string_view>

#include "workers/sdk/check_result.h"

namespace nscp::check_external_scripts {

// The first line is "text|performance data"; of the lines behind it those before the next
// '|' are text too, all after it is performance data. Blanks at the ends are dropped.
sdk::Line ReadPluginOutput(std::string_view output);
// The whole output as text.
sdk::Line ReadPlainOutput(std::string_view output);

}  // namespace nscp::check_external_scripts
