#include "kernel/telemetry/log_ring.h"

#include <algorithm>

#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// What an entry costs besides its texts; near enough.
constexpr size_t kEntryBytes = 160;

size_t SizeOf(const v1::LogEntry& entry) {
  return kEntryBytes + entry.message().size() + entry.file().size() +
         entry.sender().size() + entry.request_id().size();
}

constexpr size_t kMaxLogName = 256;

}  // namespace

bool HasLevel(const google::protobuf::RepeatedField<int>& levels,
              const v1::LogEntry& entry) {
  return levels.empty() ||
         std::find(levels.begin(), levels.end(), entry.level()) != levels.end();
}

LogRing::LogRing(size_t max_entries, size_t max_bytes)
    : max_entries_(max_entries), max_bytes_(max_bytes) {}

v1::LogEntry LogRing::Add(v1::LogEntry entry) {
  if (entry.message().size() > kMaxLogMessage) {
    entry.set_message(CutUtf8(entry.message(), kMaxLogMessage));
  }
  for (std::string* name : {entry.mutable_file(), entry.mutable_sender()}) {
    if (name->size() > kMaxLogName) *name = CutUtf8(*name, kMaxLogName);
  }
  const std::lock_guard<std::mutex> order(order_);
  std::shared_ptr<const v1::LogEntry> kept;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    entry.set_index(++last_index_);
    if (entry.level() == v1::LOG_ERROR || entry.level() == v1::LOG_CRITICAL) {
      ++errors_;
      last_error_ = entry.message();
    }
    kept = std::make_shared<const v1::LogEntry>(std::move(entry));
    entries_.push_back(kept);
    bytes_ += SizeOf(*kept);
    while (entries_.size() > max_entries_ ||
           (bytes_ > max_bytes_ && entries_.size() > 1)) {
      bytes_ -= SizeOf(*entries_.front());
      entries_.pop_front();
    }
  }
  watchers_.Tell(kept);
  return *kept;
}

v1::ListLogsResponse LogRing::List(const v1::ListLogsRequest& request) const {
  const uint32_t limit =
      request.limit() == 0 ? kMaxLogPage : std::min(request.limit(), kMaxLogPage);
  v1::ListLogsResponse response;
  uint64_t matching = 0;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto first = std::upper_bound(
      entries_.begin(), entries_.end(), request.after(),
      [](uint64_t after, const auto& entry) { return after < entry->index(); });
  for (auto entry = first; entry != entries_.end(); ++entry) {
    if (!HasLevel(request.levels(), **entry)) continue;
    if (matching++ < request.offset()) continue;
    if (static_cast<uint32_t>(response.entries_size()) < limit) {
      *response.add_entries() = **entry;
    }
  }
  response.set_matching(matching);
  return response;
}

void LogRing::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.clear();
  bytes_ = 0;
  errors_ = 0;
  last_error_.clear();
}

v1::GetLogStatusResponse LogRing::GetStatus() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  v1::GetLogStatusResponse response;
  response.set_errors(errors_);
  response.set_last_error(last_error_);
  return response;
}

Result<std::unique_ptr<Watch>> LogRing::Subscribe(Follower follower) {
  return watchers_.Add(std::move(follower));
}

Result<std::unique_ptr<Watch>> LogRing::SubscribeAfter(
    std::optional<uint64_t> after, const std::function<void(WatchStart)>& begin,
    const Follower& follower) {
  const std::lock_guard<std::mutex> order(order_);
  auto watch = watchers_.Add(follower);
  if (!watch.ok()) return watch;
  const std::lock_guard<std::mutex> lock(mutex_);
  const WatchStart start = StartAfter(entries_, last_index_, after);
  begin(start);
  for (const auto& entry : entries_) {
    if (entry->index() > start.position) follower(entry);
  }
  return watch;
}

}  // namespace nscp::kernel
