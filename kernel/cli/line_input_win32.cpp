#include <windows.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>

#include "kernel/cli/line_input.h"
#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {
namespace {

constexpr DWORD kReadBytes = 4096;

class WindowsLineInput final : public LineInput {
 public:
  ~WindowsLineInput() override {
    if (reader_ != nullptr) CloseHandle(reader_);
  }

  std::optional<std::string> Next() override {
    RememberThread();
    for (;;) {
      if (auto line = lines_.Take()) return line;
      std::array<char, kReadBytes> bytes;
      DWORD count = 0;
      const bool read = !stopped_ && ReadFile(GetStdHandle(STD_INPUT_HANDLE),
                                              bytes.data(), kReadBytes, &count, nullptr);
      if (stopped_) return std::nullopt;
      if (!read || count == 0) return lines_.TakeRest();
      lines_.Add({bytes.data(), count});
    }
  }

  void Stop() override {
    stopped_ = true;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (reader_ != nullptr) CancelSynchronousIo(reader_);
  }

  void Print(std::string_view text) override {
    const std::lock_guard<std::mutex> lock(output_mutex_);
    output_(text);
  }

 private:
  void RememberThread() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (reader_ != nullptr) return;
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(),
                    &reader_, 0, FALSE, DUPLICATE_SAME_ACCESS);
  }

  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  HANDLE reader_ = nullptr;
  LineSplitter lines_;
  std::mutex output_mutex_;
  const std::function<void(std::string_view)> output_ = StandardOutput();
};

}  // namespace

Result<std::unique_ptr<LineInput>> LineInput::Create() {
  return std::unique_ptr<LineInput>(std::make_unique<WindowsLineInput>());
}

}  // namespace nscp::kernel
