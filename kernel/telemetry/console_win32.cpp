#include <windows.h>

#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {

// A console of Windows takes what it is given; a pipe's reader is the user's own doing.
std::function<void(std::string_view)> StandardOutput() {
  return [](std::string_view text) {
    const HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    while (!text.empty()) {
      DWORD written = 0;
      if (!WriteFile(output, text.data(), static_cast<DWORD>(text.size()), &written,
                     nullptr) ||
          written == 0) {
        return;
      }
      text.remove_prefix(written);
    }
  };
}

}  // namespace nscp::kernel
