// How fast drives fill: samples of their used space over days, and the slope of a
// straight line through them (least squares). TrendHistory is not locked; TrendCollector
// owns one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace nscp::check_disk {

// Bounds of a history, whatever the settings say.
constexpr size_t kMaxTrendSamples = 20000;  // of one drive
constexpr size_t kMaxTrendDrives = 1000;
// Bytes of a history that is written down; beyond, samples are left out evenly.
constexpr size_t kMaxTrendText = 800 * 1024;

struct Trend {
  std::optional<double> slope;  // bytes a second; nothing while too little is known
  int64_t span = 0;             // seconds between the first and the last sample
  int64_t samples = 0;

  std::optional<int64_t> BytesPerDay() const;
  // Seconds until `free` is used up; nothing when that is never (or beyond a century).
  std::optional<int64_t> FullIn(uint64_t free) const;
};

class TrendHistory {
 public:
  // Seconds, both at least 1.
  void Configure(int64_t interval, int64_t retention);
  // Samples closer than the interval to the last one are dropped. A drive whose size
  // changes begins anew.
  void Add(const std::string& drive, int64_t now, uint64_t used, uint64_t size);
  // Over the newest `window` seconds. A slope needs three samples over three intervals.
  Trend Over(const std::string& drive, int64_t now, int64_t window) const;

  // All of it as text, and back: of each drive what is older than its first sample here,
  // but not than the retention. What it does not understand is left out.
  std::string Write() const;
  void Read(std::string_view text, int64_t now);

 private:
  struct Sample {
    int64_t time = 0;
    uint64_t used = 0;
  };
  struct Drive {
    uint64_t size = 0;
    std::deque<Sample> samples;
  };
  void ReadDrive(std::string_view line, int64_t now);
  void Merge(const std::string& name, Drive&& older);

  int64_t interval_ = 300;
  int64_t retention_ = 7 * 86400;
  std::map<std::string, Drive> drives_;
};

}  // namespace nscp::check_disk
