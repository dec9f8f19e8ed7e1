// Pipes of CreatePipe cannot be waited for with a limit; they are looked into instead.
#include <algorithm>
#include <mutex>
#include <optional>

#include "proto/cpp/text.h"
#include "workers/process/program.h"
// Last: its headers define macros.
#include <windows.h>

namespace nscp::process {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr DWORD kReadSize = 65536;
constexpr int kReadsAtOnce = 16;
constexpr milliseconds kLook{10};
constexpr UINT kEndedCode = 1;

class Handle {
 public:
  explicit Handle(HANDLE handle = nullptr) : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    if (open()) CloseHandle(handle_);
  }
  HANDLE get() const { return handle_; }
  bool open() const { return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE; }

 private:
  HANDLE handle_;
};

std::wstring Wide(const std::string& text) {
  const int length = MultiByteToWideChar(CP_UTF8, 0, text.data(),
                                         static_cast<int>(text.size()), nullptr, 0);
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), wide.data(),
                      length);
  return wide;
}

// As CommandLineToArgvW takes it apart again.
std::wstring CommandLine(const std::vector<std::string>& words) {
  std::wstring line;
  for (const std::string& one : words) {
    const std::wstring word = Wide(one);
    if (!line.empty()) line += L' ';
    if (!word.empty() && word.find_first_of(L" \t\n\v\"") == std::wstring::npos) {
      line += word;
      continue;
    }
    line += L'"';
    size_t slashes = 0;
    for (const wchar_t c : word) {
      if (c == L'"') line.append(slashes + 1, L'\\');
      slashes = c == L'\\' ? slashes + 1 : 0;
      line += c;
    }
    line.append(slashes, L'\\');
    line += L'"';
  }
  return line;
}

std::string NameOf(const Program& program) {
  return program.words.empty() ? program.line : program.words.front();
}

Status CannotStart(const Program& program, DWORD error) {
  const std::string text =
      "Starting " + NameOf(program) + ": error " + std::to_string(error);
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) {
    return Status::NotFound(text + " (no such file)");
  }
  if (error == ERROR_ACCESS_DENIED) return Status::PermissionDenied(text);
  return Status::Unavailable(text);
}

// The one handle of ours that a child may have.
Handle Inheritable(HANDLE handle) {
  SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  return Handle(handle);
}

struct Started {
  Handle process;
  Handle thread;
};

// `output` is inherited; `job` may be null.
Result<Started> Create(const Program& program, HANDLE output, HANDLE job) {
  const Handle nothing = Inheritable(CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ,
                                                 nullptr, OPEN_EXISTING, 0, nullptr));
  HANDLE given[] = {nothing.get(), output};
  SIZE_T size = 0;
  InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
  std::vector<char> memory(size);
  const auto attributes = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory.data());
  if (!InitializeProcThreadAttributeList(attributes, 1, 0, &size)) {
    return CannotStart(program, GetLastError());
  }
  UpdateProcThreadAttribute(attributes, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, given,
                            sizeof(given), nullptr, nullptr);
  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof(startup);
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = nothing.get();
  startup.StartupInfo.hStdOutput = output;
  startup.StartupInfo.hStdError = output;
  startup.lpAttributeList = attributes;
  std::wstring line =
      program.words.empty() ? Wide(program.line) : CommandLine(program.words);
  const std::wstring folder = Wide(program.folder);
  PROCESS_INFORMATION info{};
  const DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT;
  const BOOL made = CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, flags,
                                   nullptr, folder.empty() ? nullptr : folder.c_str(),
                                   &startup.StartupInfo, &info);
  const DWORD error = GetLastError();
  DeleteProcThreadAttributeList(attributes);
  if (!made) return CannotStart(program, error);
  Started started{Handle(info.hProcess), Handle(info.hThread)};
  if (job != nullptr) AssignProcessToJobObject(job, info.hProcess);
  ResumeThread(info.hThread);
  return started;
}

bool Ended(const Handle& process) {
  return WaitForSingleObject(process.get(), 0) == WAIT_OBJECT_0;
}

// False when nobody writes any more.
bool Read(const Handle& output, size_t max_output, Outcome& outcome) {
  std::string buffer(kReadSize, '\0');
  for (int i = 0; i < kReadsAtOnce; ++i) {
    DWORD there = 0;
    if (!PeekNamedPipe(output.get(), nullptr, 0, nullptr, &there, nullptr)) return false;
    if (there == 0) return true;
    DWORD count = 0;
    if (!ReadFile(output.get(), buffer.data(), std::min(there, kReadSize), &count,
                  nullptr)) {
      return false;
    }
    const size_t room = max_output - std::min(max_output, outcome.output.size());
    const size_t kept = std::min<size_t>(room, count);
    outcome.output.append(buffer, 0, kept);
    outcome.cut = outcome.cut || kept < count;
  }
  return true;
}

std::optional<End> ReadToEnd(const Handle& process, const Handle& output,
                             const Program& program,
                             const std::function<bool()>& cancelled, Outcome& outcome) {
  const auto deadline = Clock::now() + program.limit;
  std::optional<Clock::time_point> lingers;
  while (true) {
    const bool ended = Ended(process);  // before the last look at its output
    const bool writes = Read(output, program.max_output, outcome);
    if (ended && !lingers) lingers = Clock::now() + kLinger;
    if (lingers && (!writes || Clock::now() >= *lingers)) return {};
    if (cancelled()) return End::kCancelled;
    if (Clock::now() >= deadline) return End::kTimedOut;
    const DWORD look = static_cast<DWORD>(kLook.count());
    if (ended) {
      Sleep(look);
    } else {
      WaitForSingleObject(process.get(), look);
    }
  }
}

}  // namespace

Result<Outcome> Run(const Program& program, const std::function<bool()>& cancelled) {
  const Handle job(CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits,
                          sizeof(limits));
  HANDLE read_end = nullptr;
  HANDLE write_end = nullptr;
  if (!CreatePipe(&read_end, &write_end, nullptr, 0)) {
    return CannotStart(program, GetLastError());
  }
  const Handle output(read_end);
  std::optional<Handle> writer(Inheritable(write_end));
  auto started = Create(program, write_end, job.get());
  RETURN_IF_ERROR(started.status());
  writer.reset();

  Outcome outcome;
  const auto ended_by_us =
      ReadToEnd(started->process, output, program, cancelled, outcome);
  if (ended_by_us) {
    TerminateJobObject(job.get(), kEndedCode);
    WaitForSingleObject(started->process.get(), static_cast<DWORD>(kReapLimit.count()));
    Read(output, program.max_output, outcome);
  }
  DWORD code = 0;
  GetExitCodeProcess(started->process.get(), &code);
  outcome.code = static_cast<int>(code);
  if (ended_by_us) outcome.end = *ended_by_us;
  return outcome;
}

struct Background::State {
  std::mutex mutex;
  std::vector<Handle> running;
};

Background::Background(size_t most) : most_(most), state_(std::make_unique<State>()) {}
Background::~Background() = default;

Status Background::Start(const Program& program) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  auto& running = state_->running;
  running.erase(std::remove_if(running.begin(), running.end(), Ended), running.end());
  if (running.size() >= most_) {
    return Status::ResourceExhausted("Starting " + NameOf(program) + ": " +
                                     std::to_string(most_) +
                                     " programs that nobody waits for still run");
  }
  const Handle nothing = Inheritable(CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_WRITE,
                                                 nullptr, OPEN_EXISTING, 0, nullptr));
  auto started = Create(program, nothing.get(), nullptr);
  RETURN_IF_ERROR(started.status());
  running.push_back(std::move(started->process));
  return Status::Ok();
}

}  // namespace nscp::process
