#include "workers/check_disk/trend_collector.h"

#include <algorithm>

namespace nscp::check_disk {

TrendCollector::TrendCollector(Mounts mounts, SpaceReader& reader, Now now, Keep keep)
    : mounts_(std::move(mounts)),
      reader_(reader),
      now_(std::move(now)),
      keep_(std::move(keep)) {}

TrendCollector::~TrendCollector() { Stop(); }

void TrendCollector::Configure(int64_t interval, int64_t retention) {
  const std::lock_guard<std::mutex> lock(mutex_);
  interval_ = std::clamp<int64_t>(interval, 1, kMaxInterval);
  history_.Configure(interval_, retention);
  ++configured_;
  changed_.notify_all();
}

void TrendCollector::Start() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (running_) return;
    running_ = true;
    stopping_ = false;
  }
  thread_ = std::thread([this] { Run(); });
}

void TrendCollector::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    running_ = false;
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void TrendCollector::Sample() {
  const auto mounts = mounts_();
  if (!mounts.ok()) return;
  for (const Mount& mount : *mounts) {
    if (mount.pseudo || mount.point.empty()) continue;
    const auto space =
        reader_.Ask(mount.point, SpaceReader::Clock::now() + SpaceReader::kPatience);
    if (!space.ok() || space->size == 0) continue;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_) return;
    history_.Add(mount.point, now_(), space->size - space->free, space->size);
  }
}

Trend TrendCollector::Over(const std::string& drive, int64_t window) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return history_.Over(drive, now_(), window);
}

void TrendCollector::Load() {
  if (!keep_.load) return;
  const std::string text = keep_.load();
  const std::lock_guard<std::mutex> lock(mutex_);
  history_.Read(text, now_());
}

void TrendCollector::Save() {
  if (!keep_.save) return;
  // A process that is replaced goes on until its successor runs: what it wrote meanwhile
  // is not to be lost.
  Load();
  std::string text;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    text = history_.Write();
  }
  if (!text.empty()) keep_.save(text);
}

void TrendCollector::Run() {
  using Clock = std::chrono::steady_clock;
  Load();
  auto saved = Clock::now();
  std::unique_lock<std::mutex> lock(mutex_);
  while (running_) {
    lock.unlock();
    Sample();
    if (Clock::now() - saved >= kSaveInterval) {
      Save();
      saved = Clock::now();
    }
    lock.lock();
    const uint64_t seen = configured_;
    changed_.wait_for(lock, std::chrono::seconds(interval_),
                      [&] { return !running_ || configured_ != seen; });
  }
  lock.unlock();
  Save();
}

}  // namespace nscp::check_disk
