// Everybody's latest figures, by instance, and the host's tags. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/telemetry/watchers.h"
#include "nscp/v1/host.pb.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::kernel {

constexpr size_t kMaxMetricsOfSource = 20000;
constexpr size_t kMaxMetricSources = 256;

class MetricsStore {
 public:
  // Replaces the source's figures. More than kMaxMetricsOfSource: the rest is left out
  // and the error says so.
  Status Set(std::string_view source, std::vector<v1::Metric> metrics);
  // Its worker is gone for good: its figures are no longer true.
  void Remove(std::string_view source);
  // One round of collecting has ended: all that was set and removed is shown from now on,
  // and the watchers get it. Its time is `now_ms`.
  void Publish(int64_t now_ms);
  // All sources' figures, by source, as of the last Publish; empty before the first.
  v1::MetricsSnapshotResponse Snapshot() const;
  Result<std::unique_ptr<Watch>> Subscribe(
      Watchers<v1::MetricsSnapshotResponse>::Callback callback);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<v1::Metric>> sources_;
  v1::MetricsSnapshotResponse published_;
  Watchers<v1::MetricsSnapshotResponse> watchers_;
};

constexpr size_t kMaxTags = 256;
constexpr size_t kMaxTagName = 128;
constexpr size_t kMaxTagValue = 1024;

class Tags {
 public:
  // An empty value removes. A bound that is passed: InvalidArgument or ResourceExhausted.
  Status Set(const v1::SetTagRequest& request);
  // Sorted by name.
  v1::ListTagsResponse List() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> tags_;
};

}  // namespace nscp::kernel
