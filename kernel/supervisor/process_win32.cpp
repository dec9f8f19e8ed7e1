// Processes on Windows: one completion port for output and ends; a job holds a process
// and all its descendants, and ends with the kernel whatever happens to it.
#include <array>
#include <cstdio>
#include <vector>

#include "kernel/supervisor/process_win32.h"

namespace nscp::kernel {
namespace {

constexpr ULONG kMaxEvents = 64;
constexpr ULONG_PTR kWakeKey = 0;
constexpr ULONG_PTR kKinds = 4;  // more than there are kinds of events
constexpr UINT kKilledCode = 137;
constexpr DWORD kFirstException = 0xC0000000;      // NTSTATUS errors: the process crashed
constexpr ULONGLONG kUnitsPerMillisecond = 10000;  // of interrupt time

ULONG_PTR KeyOf(IncarnationId incarnation, ProcessEvent::Kind kind) {
  return static_cast<ULONG_PTR>(incarnation) * kKinds + static_cast<ULONG_PTR>(kind);
}

// One end of an output pipe with one read under way. Where it stands must not change
// while a read is under way.
class OutputPipe {
 public:
  OutputPipe() = default;
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;
  ~OutputPipe() {
    if (!pending_) return;
    DWORD count = 0;
    CancelIoEx(handle_.get(), &overlapped_);
    GetOverlappedResult(handle_.get(), &overlapped_, &count, TRUE);
  }

  void Open(Handle handle) {
    handle_ = std::move(handle);
    Begin();
  }

  // What the read brought, and begins the next one.
  std::string Take() {
    if (!pending_) return {};
    DWORD count = 0;
    if (!GetOverlappedResult(handle_.get(), &overlapped_, &count, FALSE)) {
      if (GetLastError() != ERROR_IO_INCOMPLETE)
        pending_ = false;  // the end of the stream
      return {};
    }
    std::string bytes(buffer_.data(), count);
    Begin();
    return bytes;
  }

 private:
  // The port tells the end of a read that ends at once, too.
  void Begin() {
    overlapped_ = {};
    const auto size = static_cast<DWORD>(buffer_.size());
    pending_ = ReadFile(handle_.get(), buffer_.data(), size, nullptr, &overlapped_) ||
               GetLastError() == ERROR_IO_PENDING;
  }

  Handle handle_;
  OVERLAPPED overlapped_{};
  bool pending_ = false;
  std::vector<char> buffer_ = std::vector<char>(kMaxRead);
};

class WindowsProcess : public Process {
 public:
  WindowsProcess(Launched launched, HANDLE port, ULONG_PTR key)
      : launched_(std::move(launched)), port_(port), key_(key) {}
  ~WindowsProcess() override {
    WindowsProcess::Kill();
    if (wait_ != nullptr) UnregisterWaitEx(wait_, INVALID_HANDLE_VALUE);
  }

  Status Begin(IncarnationId incarnation);

  int64_t pid() const override { return launched_.pid; }
  std::string Read(Stream stream) override {
    return pipes_[static_cast<size_t>(stream)].Take();
  }
  Status PassDescriptor(const std::string&, int) override {
    return Status::Unimplemented("descriptors cannot be passed on Windows");
  }
  // There is no SIGTERM: the end of its standard input tells a worker to exit.
  void Terminate() override { launched_.lifeline.Close(); }
  void Kill() override {
    if (launched_.job.open()) TerminateJobObject(launched_.job.get(), kKilledCode);
  }
  ExitStatus Reap() override;

 private:
  static void CALLBACK TellEnd(void* self, BOOLEAN) {
    const auto* process = static_cast<const WindowsProcess*>(self);
    PostQueuedCompletionStatus(process->port_, 0, process->key_, nullptr);
  }

  Launched launched_;
  const HANDLE port_;
  const ULONG_PTR key_;  // of its end
  HANDLE wait_ = nullptr;
  std::array<OutputPipe, 2> pipes_;
};

Status WindowsProcess::Begin(IncarnationId incarnation) {
  using Kind = ProcessEvent::Kind;
  for (size_t i = 0; i < pipes_.size(); ++i) {
    const ULONG_PTR key = KeyOf(incarnation, i == 0 ? Kind::kStdout : Kind::kStderr);
    if (CreateIoCompletionPort(launched_.out[i].get(), port_, key, 0) == nullptr) {
      return WindowsStatus("watching a pipe", GetLastError());
    }
    pipes_[i].Open(std::move(launched_.out[i]));
  }
  if (!RegisterWaitForSingleObject(&wait_, launched_.process.get(), &TellEnd, this,
                                   INFINITE, WT_EXECUTEONLYONCE)) {
    return WindowsStatus("watching a new process", GetLastError());
  }
  if (ResumeThread(launched_.thread.get()) == static_cast<DWORD>(-1)) {
    return WindowsStatus("starting a new process", GetLastError());
  }
  launched_.thread.Close();
  return Status::Ok();
}

ExitStatus WindowsProcess::Reap() {
  Kill();  // its descendants
  DWORD code = 0;
  GetExitCodeProcess(launched_.process.get(), &code);
  ExitStatus status;
  status.code = static_cast<int>(code);
  if (code == kKilledCode) {
    status.text = "terminated";
  } else if (code >= kFirstException) {
    std::array<char, 64> text{};
    snprintf(text.data(), text.size(), "crashed with exception 0x%08lX", code);
    status.text = text.data();
  } else {
    status.text = "exited with code " + std::to_string(code);
  }
  return status;
}

class WindowsHost : public ProcessHost {
 public:
  explicit WindowsHost(Handle port) : port_(std::move(port)) {}

  Result<std::unique_ptr<Process>> Spawn(const WorkerSpec& spec,
                                         IncarnationId incarnation,
                                         const std::string& birth_line) override;
  std::vector<ProcessEvent> Wait(std::chrono::milliseconds timeout) override;
  void Wake() override { PostQueuedCompletionStatus(port_.get(), 0, kWakeKey, nullptr); }
  std::chrono::milliseconds TimeAsleep() const override;
  // A job cannot be left, so there are none.
  bool SweepOrphans(bool, const std::function<bool(IncarnationId)>&,
                    const std::function<bool(int64_t)>&) override {
    return false;
  }

 private:
  Handle port_;
};

Result<std::unique_ptr<Process>> WindowsHost::Spawn(const WorkerSpec& spec,
                                                    IncarnationId incarnation,
                                                    const std::string& birth_line) {
  if (birth_line.size() > kMaxBirthLine) {
    return Status::Internal("the birth line is longer than a worker can be given");
  }
  ASSIGN_OR_RETURN(Launched launched, LaunchProcess(spec, birth_line));
  const ULONG_PTR key = KeyOf(incarnation, ProcessEvent::Kind::kEnded);
  auto process = std::make_unique<WindowsProcess>(std::move(launched), port_.get(), key);
  RETURN_IF_ERROR(process->Begin(incarnation));
  return std::unique_ptr<Process>(std::move(process));
}

std::vector<ProcessEvent> WindowsHost::Wait(std::chrono::milliseconds timeout) {
  std::array<OVERLAPPED_ENTRY, kMaxEvents> entries;
  ULONG count = 0;
  std::vector<ProcessEvent> events;
  if (!GetQueuedCompletionStatusEx(port_.get(), entries.data(), kMaxEvents, &count,
                                   static_cast<DWORD>(timeout.count()), FALSE)) {
    return events;
  }
  for (ULONG i = 0; i < count; ++i) {
    const ULONG_PTR key = entries[i].lpCompletionKey;
    if (key == kWakeKey) continue;
    events.push_back({key / kKinds, static_cast<ProcessEvent::Kind>(key % kKinds)});
  }
  return events;
}

// The tick count goes on while the machine sleeps, the unbiased interrupt time does not.
std::chrono::milliseconds WindowsHost::TimeAsleep() const {
  ULONGLONG awake = 0;
  QueryUnbiasedInterruptTime(&awake);
  const ULONGLONG all = GetTickCount64();
  return std::chrono::milliseconds(static_cast<int64_t>(all) -
                                   static_cast<int64_t>(awake / kUnitsPerMillisecond));
}

}  // namespace

Result<std::unique_ptr<ProcessHost>> ProcessHost::Create(const std::string&) {
  Handle port(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1));
  if (!port.open()) return WindowsStatus("preparing to watch workers", GetLastError());
  return std::unique_ptr<ProcessHost>(std::make_unique<WindowsHost>(std::move(port)));
}

}  // namespace nscp::kernel
