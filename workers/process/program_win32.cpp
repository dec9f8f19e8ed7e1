#include <algorithm>
#include <mutex>
#include <optional>

#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"
#include "proto/cpp/windows_win32.h"
#include "workers/process/program.h"
// Last: its headers define macros.
#include <windows.h>

namespace nscp::process {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr DWORD kPipeSize = 65536;
constexpr UINT kEndedCode = 1;
constexpr size_t kNameBytes = 16;
// What a program that was ended had still written is taken in so many pieces at most.
constexpr int kLastPieces = 64;

std::string NameOf(const Program& program) {
  return program.words.empty() ? program.line : program.words.front();
}

Status CannotStart(const Program& program, DWORD error) {
  return WindowsStatus("Starting " + NameOf(program), error);
}

// CreateProcess looks for "scripts\\x.exe" from the folder of its caller on.
std::vector<std::string> FromFolder(const Program& program) {
  std::vector<std::string> words = program.words;
  std::string& name = words.front();
  const bool is_relative = name.find_first_of("/\\") != std::string::npos &&
                           name.find_first_of("/\\") != 0 &&
                           name.find(':') == std::string::npos;
  if (!is_relative || program.folder.empty()) return words;
  const std::string there = ReplaceAll(program.folder + "\\" + name, "/", "\\");
  const DWORD attributes = GetFileAttributesW(Wide(there).c_str());
  const bool is_file = attributes != INVALID_FILE_ATTRIBUTES &&
                       (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
  if (is_file) name = there;
  return words;
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
      program.words.empty() ? Wide(program.line) : CommandLineOf(FromFolder(program));
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

// Both ends of a pipe. A reader of CreatePipe's cannot wait with a limit.
struct Pipe {
  Handle reader;
  Handle writer;
};

Result<Pipe> MakePipe() {
  const char* const doing = "Making a pipe for a program's output";
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(kNameBytes));
  const std::wstring name = Wide(R"(\\.\pipe\nscp-)" + ToHex(random));
  Pipe pipe;
  pipe.reader = Handle(CreateNamedPipeW(
      name.c_str(),
      PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, kPipeSize, 0, nullptr));
  if (!pipe.reader.open()) return LastError(doing);
  pipe.writer = Handle(
      CreateFileW(name.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr));
  if (!pipe.writer.open()) return LastError(doing);
  SetHandleInformation(pipe.writer.get(), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  return pipe;
}

// What a program prints, piece by piece: one read is on its way all the time.
class Output {
 public:
  explicit Output(Handle pipe) : pipe_(std::move(pipe)) {
    state_.hEvent = came_.get();
    Begin();
  }
  ~Output() {
    if (!reads_) return;
    CancelIoEx(pipe_.get(), &state_);
    DWORD count = 0;
    GetOverlappedResult(pipe_.get(), &state_, &count, TRUE);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // False when nobody writes any more.
  bool open() const { return reads_; }
  // Set when there is something to take.
  HANDLE came() const { return came_.get(); }

  void Take(size_t max_output, Outcome& outcome) {
    DWORD count = 0;
    if (!reads_) return;
    reads_ = false;
    if (!GetOverlappedResult(pipe_.get(), &state_, &count, FALSE)) {
      reads_ = GetLastError() == ERROR_IO_INCOMPLETE;
      return;
    }
    const size_t room = max_output - std::min(max_output, outcome.output.size());
    const size_t kept = std::min<size_t>(room, count);
    outcome.output.append(buffer_.data(), kept);
    outcome.cut = outcome.cut || kept < count;
    Begin();
  }

 private:
  void Begin() {
    ResetEvent(came_.get());
    reads_ = ReadFile(pipe_.get(), buffer_.data(), kPipeSize, nullptr, &state_) ||
             GetLastError() == ERROR_IO_PENDING;
  }

  const Handle pipe_;
  const Handle came_{CreateEventW(nullptr, TRUE, FALSE, nullptr)};
  OVERLAPPED state_{};
  std::vector<char> buffer_ = std::vector<char>(kPipeSize);
  bool reads_ = false;
};

// Until the process ends, it prints something, or it is time to look again.
void Await(const Handle& process, bool has_ended, const Output& output,
           Clock::time_point until) {
  HANDLE awaited[2];
  DWORD count = 0;
  if (!has_ended) awaited[count++] = process.get();
  if (output.open()) awaited[count++] = output.came();
  const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
  const auto wait = std::clamp(left, milliseconds(0), kCancelPoll);
  if (count > 0) {
    WaitForMultipleObjects(count, awaited, FALSE, static_cast<DWORD>(wait.count()));
  }
}

std::optional<End> ReadToEnd(const Handle& process, Output& output,
                             const Program& program,
                             const std::function<bool()>& cancelled, Outcome& outcome) {
  const auto deadline = Clock::now() + program.limit;
  std::optional<Clock::time_point> lingers;
  while (true) {
    const bool has_ended = Ended(process);
    if (has_ended && !lingers) lingers = Clock::now() + kLinger;
    output.Take(program.max_output, outcome);
    if (lingers && (!output.open() || Clock::now() >= *lingers)) return {};
    if (cancelled()) return End::kCancelled;
    if (Clock::now() >= deadline) return End::kTimedOut;
    Await(process, has_ended, output, lingers ? std::min(*lingers, deadline) : deadline);
  }
}

void TakeRest(Output& output, size_t max_output, Outcome& outcome) {
  for (int i = 0; i < kLastPieces && output.open(); ++i) {
    if (WaitForSingleObject(output.came(), 0) != WAIT_OBJECT_0) return;
    output.Take(max_output, outcome);
  }
}

}  // namespace

Result<Outcome> Run(const Program& program, const std::function<bool()>& cancelled) {
  const Handle job(CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits,
                          sizeof(limits));
  ASSIGN_OR_RETURN(Pipe pipe, MakePipe());
  Output output(std::move(pipe.reader));
  auto started = Create(program, pipe.writer.get(), job.get());
  RETURN_IF_ERROR(started.status());
  pipe.writer.Close();

  Outcome outcome;
  const auto ended_by_us =
      ReadToEnd(started->process, output, program, cancelled, outcome);
  if (ended_by_us) {
    TerminateJobObject(job.get(), kEndedCode);
    WaitForSingleObject(started->process.get(), static_cast<DWORD>(kReapLimit.count()));
    TakeRest(output, program.max_output, outcome);
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
