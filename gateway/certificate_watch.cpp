#include "gateway/certificate_watch.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace nscp::gateway {
namespace {

// Empty as long as one of the files is missing.
std::string Stamp(const std::vector<std::string>& files) {
  std::string stamp;
  for (const std::string& file : files) {
    const std::filesystem::path path = std::filesystem::u8path(file);
    std::error_code failed;
    const auto time = std::filesystem::last_write_time(path, failed);
    if (failed) return {};
    const auto size = std::filesystem::file_size(path, failed);
    if (failed) return {};
    stamp += std::to_string(time.time_since_epoch().count()) + " " +
             std::to_string(size) + "\n";
  }
  return stamp;
}

}  // namespace

void CertificateWatch::Watch(std::vector<std::string> files,
                             std::function<void()> changed) {
  Stop();
  std::string known = Stamp(files);
  thread_ = std::thread([this, files = std::move(files), changed = std::move(changed),
                         known = std::move(known)] { Look(files, changed, known); });
}

void CertificateWatch::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  const std::lock_guard<std::mutex> lock(mutex_);
  stopping_ = false;
}

void CertificateWatch::Look(const std::vector<std::string>& files,
                            const std::function<void()>& changed, std::string known) {
  std::string before = known;
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      if (wake_.wait_for(lock, pace_, [this] { return stopping_; })) return;
    }
    std::string now = Stamp(files);
    if (!now.empty() && now != known && now == before) {
      known = now;
      changed();
    }
    before = std::move(now);
  }
}

}  // namespace nscp::gateway
