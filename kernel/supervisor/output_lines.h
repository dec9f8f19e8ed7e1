// What a worker writes to stdout and stderr, as lines: split, cut, rate-limited, the last
// ones kept. Lines are bytes. The incarnation owns it, on the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::kernel {

constexpr size_t kMaxLineBytes = 4096;        // longer ones are cut, with a marker
constexpr uint32_t kMaxLinesPerSecond = 200;  // more are counted, in one line
constexpr size_t kLastLines = 50;
constexpr size_t kMaxLastBytes = 16384;  // of all of the last lines together

class OutputLines {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Sink = std::function<void(const std::string& line)>;

  // `sink` is told each line that passes the limit.
  explicit OutputLines(Sink sink) : sink_(std::move(sink)) {}

  // `stream` is 0 (stdout) or 1 (stderr): each has its own unfinished line.
  void Feed(int stream, std::string_view bytes, TimePoint now);
  // Tells the number of lost lines once their second is over.
  void OnTimer(TimePoint now);
  // The streams have ended: tells what is unfinished.
  void Finish(TimePoint now);

  TimePoint Deadline() const;
  // The last lines, those beyond the limit too, oldest first.
  std::vector<std::string> Last() const { return {last_.begin(), last_.end()}; }

 private:
  struct Unfinished {
    std::string line;
    bool cut = false;
  };

  void Append(Unfinished& unfinished, std::string_view bytes);
  void EndLine(Unfinished& unfinished, TimePoint now);
  void Tell(const std::string& line, TimePoint now);
  void TellLost();

  Sink sink_;
  Unfinished unfinished_[2];
  std::deque<std::string> last_;
  size_t last_bytes_ = 0;
  TimePoint second_began_{};
  uint32_t told_ = 0;
  uint64_t lost_ = 0;
};

}  // namespace nscp::kernel
