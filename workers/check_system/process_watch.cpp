#include "workers/check_system/process_watch.h"

#include "workers/check_system/settings_root.h"

namespace nscp::check_system {
namespace {

// The kernel's own threads come and go all the time under ever new names.
bool IsKernelThread(const Process& process) {
  return process.filename.empty() && process.virtual_size == 0;
}

}  // namespace

ProcessWatch::ProcessWatch(const ProcessSource& source, std::function<int64_t()> now)
    : source_(source), now_(std::move(now)) {}

ProcessWatch::~ProcessWatch() { Stop(); }

void ProcessWatch::Configure(Wish wish) {
  ticker_.Stop();
  const bool is_wanted = wish.history || wish.look;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!wish.history) history_ = ProcessHistory();
    has_looked_ = has_looked_ && wish.history && wish_.history;
    last_error_ = Status::Ok();
    wish_ = std::move(wish);
  }
  if (is_wanted) ticker_.Start();
}

void ProcessWatch::Stop() { ticker_.Stop(); }

bool ProcessWatch::has_history() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return wish_.history;
}

// wish_ changes only while the thread is stopped.
Result<std::vector<Process>> ProcessWatch::Read() const {
  ProcessWish wish;
  wish.command_line = wish_.command_line;
  wish.details = wish_.details;
  wish.path = wish.owner = wish.windows = wish.objects = wish.wow64 = wish_.details;
  wish.cancelled = [this] { return ticker_.stopping(); };
  std::vector<Process> processes;
  RETURN_IF_ERROR(source_.ForEach(wish, [&](Process&& process) {
    processes.push_back(std::move(process));
    return true;
  }));
  return processes;
}

void ProcessWatch::Look() {
  const Result<std::vector<Process>> processes = Read();
  if (ticker_.stopping()) return;
  if (processes.ok() && wish_.look) wish_.look(*processes);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    last_error_ = processes.status();
    if (processes.ok()) Remember(*processes);
  }
  changed_.notify_all();
}

void ProcessWatch::Remember(const std::vector<Process>& processes) {
  has_looked_ = true;
  last_look_ = Clock::now();
  if (!wish_.history) return;
  const int64_t now = now_();
  std::vector<Sighting> seen;
  for (const Process& process : processes) {
    if (process.exe.empty() || IsKernelThread(process)) continue;
    seen.push_back({process.exe, now - process.elapsed});
  }
  history_.Update(seen, now);
}

Result<std::vector<ProcessRecord>> ProcessWatch::Records(Clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!wish_.history) {
    return Status::FailedPrecondition(
        "Process history is not enabled (set 'process history = true' under " +
        SettingsRoot() + ")");
  }
  changed_.wait_until(lock, until, [this] { return has_looked_ || !last_error_.ok(); });
  if (!has_looked_ && !last_error_.ok()) {
    return last_error_.WithContext("No process history available");
  }
  if (!has_looked_) {
    return Status::Unavailable(
        "No process history available yet (collector still initializing)");
  }
  const auto age = Clock::now() - last_look_;
  if (age > kMaxAge) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    return Status::Unavailable("The process history is " + std::to_string(seconds) +
                               " seconds old: " + last_error_.ToString());
  }
  return history_.Records();
}

}  // namespace nscp::check_system
