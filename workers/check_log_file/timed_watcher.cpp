#include <condition_variable>
#include <mutex>

#include "workers/check_log_file/file_watcher.h"

namespace nscp::check_log_file {
namespace {

class TimedWatcher final : public FileWatcher {
 public:
  void Watch(const std::vector<std::string>&) override {}
  void Wait(std::chrono::milliseconds limit) override {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return woken_; });
    woken_ = false;
  }
  void Wake() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

}  // namespace

std::unique_ptr<FileWatcher> MakeTimedWatcher() {
  return std::make_unique<TimedWatcher>();
}

}  // namespace nscp::check_log_file
