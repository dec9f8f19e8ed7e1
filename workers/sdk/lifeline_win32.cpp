#include <windows.h>

#include <atomic>

#include "workers/sdk/lifeline.h"

namespace nscp::sdk {
namespace {

// A pipe that the kernel never closes. Interrupt cancels the blocking read of the main
// thread.
class Win32Lifeline final : public Lifeline {
 public:
  Win32Lifeline(HANDLE in, HANDLE reader) : in_(in), reader_(reader) {}
  ~Win32Lifeline() override {
    CloseHandle(reader_);
    CloseHandle(in_);
  }

  // The kernel writes the line right after the start; its end is the only limit that a
  // pipe can have here.
  Result<std::string> ReadBirth(std::chrono::milliseconds) override {
    std::string line;
    char byte = 0;
    DWORD got = 0;
    while (line.size() < kMaxLine) {
      if (ReadFile(in_, &byte, 1, &got, nullptr) == 0 || got == 0) break;
      if (byte == '\n') return line;
      line.push_back(byte);
    }
    return Status::FailedPrecondition(
        "reading the birth line from standard input: it ended. This program is started "
        "by "
        "the nscp kernel, not by hand");
  }

  Happened Wait() override {
    char bytes[256];
    DWORD got = 0;
    while (!interrupted_) {
      if (ReadFile(in_, bytes, sizeof bytes, &got, nullptr) == 0 || got == 0) break;
    }
    return {interrupted_ ? Event::kInterrupted : Event::kKernelGone, "", -1};
  }

  void Interrupt() override {
    interrupted_ = true;
    // The reader may be between two reads: ask until it has gone.
    for (int tries = 0; tries < 100 && CancelSynchronousIo(reader_) == 0; ++tries) {
      Sleep(1);
    }
  }

 private:
  const HANDLE in_;
  const HANDLE reader_;
  std::atomic<bool> interrupted_{false};
};

}  // namespace

Result<std::unique_ptr<Lifeline>> Lifeline::Take() {
  HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
  HANDLE reader = nullptr;
  if (in == nullptr || in == INVALID_HANDLE_VALUE ||
      DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(),
                      &reader, 0, FALSE, DUPLICATE_SAME_ACCESS) == 0) {
    return Status::FailedPrecondition("taking standard input: there is none");
  }
  SetStdHandle(STD_INPUT_HANDLE, nullptr);
  return std::unique_ptr<Lifeline>(std::make_unique<Win32Lifeline>(in, reader));
}

}  // namespace nscp::sdk
