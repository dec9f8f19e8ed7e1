// Windows' console keeps the history of its lines itself.
#include "kernel/cli/line_history.h"

namespace nscp::kernel {

std::string ReadHistoryFile(const std::string&) { return ""; }
void WriteHistoryFile(const std::string&, std::string_view, bool) {}
std::string UserHistoryFile() { return ""; }

}  // namespace nscp::kernel
