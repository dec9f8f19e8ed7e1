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

bool Wanted(const v1::ListLogsRequest& request, const v1::LogEntry& entry) {
  if (request.levels_size() == 0) return true;
  return std::find(request.levels().begin(), request.levels().end(), entry.level()) !=
         request.levels().end();
}

constexpr size_t kMaxLogName = 256;

}  // namespace

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
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    entry.set_index(++last_index_);
    if (entry.level() == v1::LOG_ERROR || entry.level() == v1::LOG_CRITICAL) {
      ++errors_;
      last_error_ = entry.message();
    }
    entries_.push_back(entry);
    bytes_ += SizeOf(entry);
    while (entries_.size() > max_entries_ ||
           (bytes_ > max_bytes_ && entries_.size() > 1)) {
      bytes_ -= SizeOf(entries_.front());
      entries_.pop_front();
    }
  }
  watchers_.Tell(entry);
  return entry;
}

v1::ListLogsResponse LogRing::List(const v1::ListLogsRequest& request) const {
  const uint32_t limit =
      request.limit() == 0 ? kMaxLogPage : std::min(request.limit(), kMaxLogPage);
  v1::ListLogsResponse response;
  uint64_t matching = 0;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto first = std::upper_bound(
      entries_.begin(), entries_.end(), request.after(),
      [](uint64_t after, const v1::LogEntry& entry) { return after < entry.index(); });
  for (auto entry = first; entry != entries_.end(); ++entry) {
    if (!Wanted(request, *entry)) continue;
    if (matching++ < request.offset()) continue;
    if (static_cast<uint32_t>(response.entries_size()) < limit) {
      *response.add_entries() = *entry;
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

Result<std::unique_ptr<Watch>> LogRing::Subscribe(
    Watchers<v1::LogEntry>::Callback callback) {
  return watchers_.Add(std::move(callback));
}

}  // namespace nscp::kernel
