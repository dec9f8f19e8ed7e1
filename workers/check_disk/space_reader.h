// Asks file systems how full they are, each question in a thread of its own, so that one
// that does not answer (a network server that is gone) costs its question and no check.
// At most kMaxHung questions hang at a time; beyond, nothing is asked until one of them
// ends. Those who ask about the same file system wait for the same answer.
//
// Any thread. The destructor waits for what still hangs, as the worker's pool does: the
// kernel ends a process that does not stop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "workers/check_disk/space.h"

namespace nscp::check_disk {

class SpaceReader {
 public:
  using Clock = std::chrono::steady_clock;
  using Read = std::function<Result<Space>(const std::string& path)>;

  static constexpr size_t kMaxHung = 8;
  // A question older than this hangs.
  static constexpr std::chrono::milliseconds kPatience{3000};

  explicit SpaceReader(Read read = &ReadSpace,
                       std::chrono::milliseconds patience = kPatience);
  ~SpaceReader();
  SpaceReader(const SpaceReader&) = delete;
  SpaceReader& operator=(const SpaceReader&) = delete;

  // Waits for the answer at most kPatience and not beyond `until`; DeadlineExceeded then,
  // and at once where an earlier question still hangs.
  Result<Space> Ask(const std::string& path, Clock::time_point until);
  // The same in another way; questions with the same `key` share their answer.
  Result<Space> Ask(const std::string& key, const std::string& path, const Read& read,
                    Clock::time_point until);

 private:
  struct Question {
    std::string key;
    std::string path;
    Clock::time_point asked;
    std::optional<Result<Space>> answer;
    std::thread thread;
    bool ended = false;
  };
  using QuestionPtr = std::shared_ptr<Question>;

  void ReapLocked();
  size_t HungLocked(Clock::time_point now) const;
  Result<QuestionPtr> FindOrStartLocked(const std::string& key, const std::string& path,
                                        const Read& read, Clock::time_point now);
  Status DoesNotAnswer(const std::string& path, Clock::time_point asked) const;

  const Read read_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::list<QuestionPtr> questions_;
};

}  // namespace nscp::check_disk
