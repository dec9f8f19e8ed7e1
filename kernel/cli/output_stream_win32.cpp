#include <windows.h>

#include <algorithm>

#include "kernel/cli/output_stream.h"

namespace nscp::kernel {
namespace {

constexpr size_t kPieceBytes = 4096;

}  // namespace

Written WriteOutput(std::string_view text, const std::atomic<bool>& stop) {
  const HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  while (!text.empty()) {
    if (stop) return Written::kStopped;
    DWORD written = 0;
    const auto size = static_cast<DWORD>(std::min(kPieceBytes, text.size()));
    if (WriteFile(output, text.data(), size, &written, nullptr) == 0 || written == 0) {
      return Written::kGone;
    }
    text.remove_prefix(written);
  }
  return Written::kAll;
}

}  // namespace nscp::kernel
