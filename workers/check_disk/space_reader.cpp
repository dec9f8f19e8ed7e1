#include "workers/check_disk/space_reader.h"

#include <algorithm>
#include <system_error>

#include "proto/cpp/text.h"

namespace nscp::check_disk {

SpaceReader::SpaceReader(Read read, std::chrono::milliseconds patience)
    : read_(std::move(read)), patience_(patience) {}

SpaceReader::~SpaceReader() {
  for (const QuestionPtr& question : questions_) question->thread.join();
}

void SpaceReader::ReapLocked() {
  for (auto it = questions_.begin(); it != questions_.end();) {
    if (!(*it)->ended) {
      ++it;
      continue;
    }
    (*it)->thread.join();
    it = questions_.erase(it);
  }
}

size_t SpaceReader::HungLocked(Clock::time_point now) const {
  const auto hangs = [&](const QuestionPtr& question) {
    return !question->ended && now - question->asked >= patience_;
  };
  return static_cast<size_t>(std::count_if(questions_.begin(), questions_.end(), hangs));
}

Status SpaceReader::DoesNotAnswer(const std::string& path,
                                  Clock::time_point asked) const {
  const auto waited =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - asked);
  return Status::DeadlineExceeded("The file system of " + path +
                                  " has not answered for " + FormatSeconds(waited));
}

Result<SpaceReader::QuestionPtr> SpaceReader::FindOrStartLocked(const std::string& key,
                                                                const std::string& path,
                                                                const Read& read,
                                                                Clock::time_point now) {
  for (const QuestionPtr& question : questions_) {
    if (question->key == key && !question->ended) return question;
  }
  if (HungLocked(now) >= kMaxHung) {
    return Status::DeadlineExceeded("The file system of " + path + " was not asked: " +
                                    std::to_string(kMaxHung) + " others do not answer");
  }
  auto question = std::make_shared<Question>();
  question->key = key;
  question->path = path;
  question->asked = now;
  // The thread reports under the lock that is held here, so it finds itself in the list.
  std::error_code failed;
  try {
    question->thread = std::thread([this, read, raw = question.get()] {
      Result<Space> answer = read(raw->path);
      const std::lock_guard<std::mutex> lock(mutex_);
      raw->answer = std::move(answer);
      raw->ended = true;
      answered_.notify_all();
    });
  } catch (const std::system_error& error) {
    failed = error.code();
  }
  if (failed) {
    return Status::ResourceExhausted("Failed to start a thread to ask about " + path +
                                     ": " + failed.message());
  }
  questions_.push_back(question);
  return question;
}

Result<Space> SpaceReader::Ask(const std::string& path, Clock::time_point until) {
  return Ask(path, path, read_, until);
}

Result<Space> SpaceReader::Ask(const std::string& key, const std::string& path,
                               const Read& read, Clock::time_point until) {
  std::unique_lock<std::mutex> lock(mutex_);
  ReapLocked();
  ASSIGN_OR_RETURN(const QuestionPtr question,
                   FindOrStartLocked(key, path, read, Clock::now()));
  const auto limit = std::min(until, question->asked + patience_);
  if (!answered_.wait_until(lock, limit, [&] { return question->ended; })) {
    return DoesNotAnswer(path, question->asked);
  }
  return *question->answer;
}

}  // namespace nscp::check_disk
