// The creation of a process: pipes, command line, environment, job.
#include <array>
#include <vector>

#include "kernel/supervisor/process_win32.h"
#include "proto/cpp/secret.h"

namespace nscp::kernel {
namespace {

constexpr DWORD kPipeBytes = kMaxRead;
constexpr size_t kPipeNameBytes = 16;
// What a worker inherits of the kernel's environment.
constexpr std::array<const wchar_t*, 12> kInherited = {L"ALLUSERSPROFILE",
                                                       L"ComSpec",
                                                       L"NUMBER_OF_PROCESSORS",
                                                       L"PATH",
                                                       L"PATHEXT",
                                                       L"ProgramData",
                                                       L"ProgramFiles",
                                                       L"SystemDrive",
                                                       L"SystemRoot",
                                                       L"TEMP",
                                                       L"TMP",
                                                       L"windir"};

std::wstring MakeCommandLine(const WorkerSpec& spec) {
  std::vector<std::string> words = {spec.program};
  words.insert(words.end(), spec.arguments.begin(), spec.arguments.end());
  return CommandLineOf(words);
}

// "name=value" entries, each ended by a zero, and one more at the end; sorted by name.
std::wstring MakeEnvironment() {
  std::wstring block;
  for (const wchar_t* name : kInherited) {
    const DWORD length = GetEnvironmentVariableW(name, nullptr, 0);
    if (length == 0) continue;
    std::wstring value(length, L'\0');
    value.resize(GetEnvironmentVariableW(name, value.data(), length));
    block += name + (L"=" + value) + L'\0';
  }
  return block + L'\0';
}

// The process's ends of its three standard streams.
struct Ends {
  Handle in;
  Handle out[2];
};

// An anonymous pipe cannot be waited for, so this one has a name, random and used once.
Status MakeOutputPipe(Handle& ours, Handle& theirs) {
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(kPipeNameBytes));
  const std::wstring name = Wide("\\\\.\\pipe\\nscp-" + ToHex(random));
  ours = Handle(CreateNamedPipeW(
      name.c_str(),
      PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, kPipeBytes, kPipeBytes,
      0, nullptr));
  SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, nullptr, TRUE};
  theirs = Handle(CreateFileW(name.c_str(), GENERIC_WRITE, 0, &inheritable, OPEN_EXISTING,
                              FILE_ATTRIBUTE_NORMAL, nullptr));
  if (ours.open() && theirs.open()) return Status::Ok();
  return WindowsStatus("making a pipe", GetLastError());
}

Status MakeStreams(const std::string& birth_line, Launched& ours, Ends& theirs) {
  HANDLE read_end = nullptr;
  HANDLE write_end = nullptr;
  // The buffer takes the whole line, so the write does not wait for a reader.
  if (!CreatePipe(&read_end, &write_end, nullptr, kPipeBytes)) {
    return WindowsStatus("making a lifeline", GetLastError());
  }
  theirs.in = Handle(read_end);
  ours.lifeline = Handle(write_end);
  const std::string line = birth_line + "\n";
  DWORD written = 0;
  if (!SetHandleInformation(read_end, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) ||
      !WriteFile(write_end, line.data(), static_cast<DWORD>(line.size()), &written,
                 nullptr)) {
    return WindowsStatus("writing to a lifeline", GetLastError());
  }
  RETURN_IF_ERROR(MakeOutputPipe(ours.out[0], theirs.out[0]));
  return MakeOutputPipe(ours.out[1], theirs.out[1]);
}

Result<Handle> MakeJob(const Limits& limits) {
  Handle job(CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION information{};
  DWORD& flags = information.BasicLimitInformation.LimitFlags;
  // A crash ends the process instead of waiting for somebody to close a window.
  flags =
      JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  if (limits.data_bytes != 0) {
    flags |= JOB_OBJECT_LIMIT_PROCESS_MEMORY;
    information.ProcessMemoryLimit = static_cast<SIZE_T>(limits.data_bytes);
  }
  if (job.open() && SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation,
                                            &information, sizeof information)) {
    return job;
  }
  return WindowsStatus("making a job", GetLastError());
}

// The list of the handles that a process inherits, and its end.
class InheritedHandles {
 public:
  explicit InheritedHandles(const Ends& ends)
      : handles_{ends.in.get(), ends.out[0].get(), ends.out[1].get()} {
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    memory_.resize(size);
    made_ = InitializeProcThreadAttributeList(list(), 1, 0, &size);
    filled_ = made_ && UpdateProcThreadAttribute(
                           list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                           handles_.size() * sizeof(HANDLE), nullptr, nullptr);
  }
  InheritedHandles(const InheritedHandles&) = delete;
  InheritedHandles& operator=(const InheritedHandles&) = delete;
  ~InheritedHandles() {
    if (made_) DeleteProcThreadAttributeList(list());
  }

  bool filled() const { return filled_; }
  LPPROC_THREAD_ATTRIBUTE_LIST list() {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
  }

 private:
  std::array<HANDLE, 3> handles_;
  std::vector<char> memory_;
  bool made_ = false;
  bool filled_ = false;
};

Status CreateSuspended(const WorkerSpec& spec, const Ends& ends, Launched& launched) {
  InheritedHandles inherited(ends);
  if (!inherited.filled()) return WindowsStatus("listing handles", GetLastError());
  STARTUPINFOEXW start{};
  start.StartupInfo.cb = sizeof start;
  start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  start.StartupInfo.hStdInput = ends.in.get();
  start.StartupInfo.hStdOutput = ends.out[0].get();
  start.StartupInfo.hStdError = ends.out[1].get();
  start.lpAttributeList = inherited.list();
  std::wstring command_line = MakeCommandLine(spec);
  std::wstring environment = MakeEnvironment();
  const std::wstring folder = Wide(spec.working_folder);
  const DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP |
                      CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
  PROCESS_INFORMATION made{};
  if (!CreateProcessW(Wide(spec.program).c_str(), command_line.data(), nullptr, nullptr,
                      TRUE, flags, environment.data(),
                      folder.empty() ? nullptr : folder.c_str(), &start.StartupInfo,
                      &made)) {
    const DWORD error = GetLastError();
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) {
      return Status::NotFound("its program " + spec.program + " is missing");
    }
    return WindowsStatus("running its program " + spec.program, error);
  }
  launched.pid = made.dwProcessId;
  launched.process = Handle(made.hProcess);
  launched.thread = Handle(made.hThread);
  return Status::Ok();
}

}  // namespace

Result<Launched> LaunchProcess(const WorkerSpec& spec, const std::string& birth_line) {
  if (!spec.user.empty() || !spec.cgroup.empty()) {
    return Status::Unimplemented("a user or a cgroup for a worker needs a POSIX system");
  }
  Launched launched;
  Ends ends;
  RETURN_IF_ERROR(MakeStreams(birth_line, launched, ends));
  ASSIGN_OR_RETURN(launched.job, MakeJob(spec.limits));
  RETURN_IF_ERROR(CreateSuspended(spec, ends, launched));
  if (!AssignProcessToJobObject(launched.job.get(), launched.process.get())) {
    const DWORD error = GetLastError();
    TerminateProcess(launched.process.get(), 1);
    return WindowsStatus("putting a process into its job", error);
  }
  return launched;
}

}  // namespace nscp::kernel
