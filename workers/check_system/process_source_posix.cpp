#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>

#include "proto/cpp/descriptor_posix.h"
#include "workers/check_system/proc_process.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {
namespace {

// Longer than the longest line of /proc/<pid>/stat and than /proc/<pid>/status.
constexpr size_t kBuffer = 8 * 1024;

// How often the reader looks whether somebody still waits.
constexpr size_t kProcessesBetweenLooks = 64;

bool IsPid(const char* name) {
  return *name != '\0' && std::strspn(name, "0123456789") == std::strlen(name);
}

// A process has ended between two reads.
bool HasEnded(int error) { return error == ENOENT || error == ESRCH; }

class ProcSource final : public ProcessSource {
 public:
  explicit ProcSource(std::string root) : root_(std::move(root)) {}

  Status ForEach(const ProcessWish& wish,
                 const std::function<bool(Process&&)>& visit) const override;
  Result<Process> Find(int64_t pid) const override;
  Result<uint64_t> TotalTicks() const override;
  uint64_t ticks_per_second() const override { return ticks_per_second_; }

 private:
  Result<uint64_t> Uptime() const;

  const std::string root_;
  const uint64_t ticks_per_second_ =
      static_cast<uint64_t>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
};

// Reads processes one after the other, with one buffer and paths relative to the folder.
class Reader {
 public:
  Reader(int folder, uint64_t uptime, uint64_t ticks_per_second, const ProcessWish& wish)
      : folder_(folder),
        uptime_(uptime),
        ticks_per_second_(ticks_per_second),
        wish_(wish) {}

  // False when it has ended or is not wanted.
  bool Read(const char* pid, Process& process);

 private:
  const char* Path(const char* pid, const char* file) {
    path_.assign(pid).append("/").append(file);
    return path_.c_str();
  }
  // At most `limit` bytes of a file; false where that failed, with errno.
  bool ReadFile(const char* path, size_t limit);
  bool ReadStat(const char* pid, Process& process);

  const int folder_;
  const uint64_t uptime_;
  const uint64_t ticks_per_second_;
  const ProcessWish& wish_;
  const uint64_t page_size_ =
      static_cast<uint64_t>(std::max(1L, ::sysconf(_SC_PAGESIZE)));
  std::string path_;
  std::string text_;
};

bool Reader::ReadFile(const char* path, size_t limit) {
  const Descriptor file(::openat(folder_, path, O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.open()) return false;
  text_.resize(limit);
  size_t filled = 0;
  ssize_t got = 1;
  while (got > 0 && filled < limit) {
    got = ::read(file.get(), text_.data() + filled, limit - filled);
    if (got > 0) filled += static_cast<size_t>(got);
  }
  text_.resize(filled);
  return got >= 0;
}

bool Reader::ReadStat(const char* pid, Process& process) {
  if (!ReadFile(Path(pid, "stat"), kBuffer)) {
    if (HasEnded(errno)) return false;
    process.error = "Cannot read stat: " + std::string(std::strerror(errno));
    return true;
  }
  if (!ParseProcessStat(text_, page_size_, process)) {
    process.error = "Cannot read stat: it has an unknown form";
    return true;
  }
  const uint64_t started = process.start_ticks / ticks_per_second_;
  process.elapsed = started < uptime_ ? static_cast<int64_t>(uptime_ - started) : 0;
  return true;
}

bool Reader::Read(const char* pid, Process& process) {
  process.pid = std::strtoll(pid, nullptr, 10);
  if (wish_.executable) {
    char target[PATH_MAX];
    const ssize_t size = ::readlinkat(folder_, Path(pid, "exe"), target, sizeof(target));
    if (size > 0) SetExecutable({target, static_cast<size_t>(size)}, process);
    if (wish_.wanted && size > 0 && !wish_.wanted(process.exe)) return false;
  }
  if (!ReadStat(pid, process)) return false;
  const bool nameless = process.exe.empty();
  if (wish_.wanted && !nameless && !wish_.wanted(process.exe)) return false;
  if (wish_.details && ReadFile(Path(pid, "status"), kBuffer)) {
    ParseProcessStatus(text_, process);
  }
  if ((wish_.command_line || nameless) &&
      ReadFile(Path(pid, "cmdline"), kMaxCommandLine)) {
    process.command_line = ParseCommandLine(text_);
  }
  if (!nameless) return true;
  const auto words = process.command_line.substr(0, process.command_line.find(' '));
  process.exe = words.substr(words.rfind('/') + 1);
  return !wish_.wanted || wish_.wanted(process.exe);
}

Result<uint64_t> ProcSource::Uptime() const {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile((root_ + "/uptime").c_str()));
  ASSIGN_OR_RETURN(const double uptime, ParseProcUptime(text));
  return static_cast<uint64_t>(uptime);
}

Result<Process> ProcSource::Find(int64_t pid) const {
  ASSIGN_OR_RETURN(const uint64_t uptime, Uptime());
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(root_.c_str()), &::closedir);
  ProcessWish wish;
  wish.executable = false;
  Process process;
  if (folder == nullptr || !Reader(::dirfd(folder.get()), uptime, ticks_per_second_, wish)
                                .Read(std::to_string(pid).c_str(), process)) {
    return Status::NotFound("There is no process " + std::to_string(pid));
  }
  if (!process.error.empty()) return Status::Unavailable(process.error);
  return process;
}

Status ProcSource::ForEach(const ProcessWish& wish,
                           const std::function<bool(Process&&)>& visit) const {
  ASSIGN_OR_RETURN(const uint64_t uptime, Uptime());
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(root_.c_str()), &::closedir);
  if (folder == nullptr) {
    return Status::Unavailable("Failed to list processes: cannot open " + root_ + ": " +
                               std::strerror(errno));
  }
  Reader reader(::dirfd(folder.get()), uptime, ticks_per_second_, wish);
  size_t looked_at = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (!IsPid(entry->d_name)) continue;
    if (++looked_at > kMaxProcesses) {
      return Status::ResourceExhausted("Failed to list processes: there are more than " +
                                       std::to_string(kMaxProcesses));
    }
    if (looked_at % kProcessesBetweenLooks == 0 && wish.cancelled && wish.cancelled()) {
      return Status::Cancelled("Listing processes was stopped: nobody waits for it");
    }
    Process process;
    if (reader.Read(entry->d_name, process) && !visit(std::move(process))) break;
  }
  return Status::Ok();
}

Result<uint64_t> ProcSource::TotalTicks() const {
  ASSIGN_OR_RETURN(const std::string text, ReadProcFile((root_ + "/stat").c_str()));
  ASSIGN_OR_RETURN(const CpuSample sample, ParseProcStat(text));
  return sample.total.user + sample.total.kernel + sample.total.idle;
}

}  // namespace

std::unique_ptr<ProcessSource> MakeProcSource(std::string root) {
  return std::make_unique<ProcSource>(std::move(root));
}

std::unique_ptr<ProcessSource> MakeProcessSource() { return MakeProcSource("/proc"); }

}  // namespace nscp::check_system
