#include "workers/scheduler/runner.h"

#include <algorithm>

namespace nscp::scheduler {
namespace {

Instant Now() {
  return {std::chrono::steady_clock::now(),
          std::chrono::duration_cast<std::chrono::seconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

}  // namespace

Runner::~Runner() { Stop(); }

void Runner::Start() {
  const std::lock_guard<std::mutex> lock(mutex_);
  started_ = Clock::now();
  watch_ = std::thread([this] { Watch(); });
}

void Runner::Replace(Work work) {
  auto set = std::make_shared<Set>();
  set->work = std::move(work);
  set->busy = std::make_unique<std::atomic<bool>[]>(set->work.schedules.size());
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    set_ = std::move(set);
    ++generation_;
    queue_.clear();
  }
  changed_.notify_all();
}

void Runner::Drain(std::chrono::milliseconds limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  draining_ = true;
  queue_.clear();
  changed_.wait_for(lock, limit, [this] { return running_ == 0; });
}

void Runner::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    queue_.clear();
  }
  changed_.notify_all();
  if (watch_.joinable()) watch_.join();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

// The timetable's thread.
void Runner::Watch() {
  if (!host_.WaitReady(kReadyLimit)) {
    host_.Log(sdk::LogLevel::kWarning,
              "Not all modules have started; schedules run all the same");
  }
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    const std::shared_ptr<const Set> set = set_;
    const uint64_t generation = generation_;
    if (!set) {
      changed_.wait(lock, [this] { return stopping_ || set_; });
      continue;
    }
    AddThreadsLocked(set->work.threads);
    lock.unlock();
    std::random_device seed;
    Timetable timetable(set->work.schedules, set->work.zone, set->work.startup_window,
                        Now(), seed());
    lock.lock();
    while (!stopping_ && generation_ == generation) {
      changed_.wait_for(lock, timetable.Sleep(Now()),
                        [&] { return stopping_ || generation_ != generation; });
      if (stopping_ || generation_ != generation) break;
      lock.unlock();
      const std::vector<size_t> due = timetable.TakeDue(Now());
      Enqueue(set, due);
      lock.lock();
      if (!queue_.empty() && Clock::now() - queue_.front().since > kLag &&
          threads_.size() < kMaxAddedTo) {
        AddThreadsLocked(threads_.size() + 1);
      }
    }
  }
}

void Runner::AddThreadsLocked(size_t wanted) {
  while (threads_.size() < std::min(wanted, kMaxThreads)) {
    threads_.emplace_back([this] { WorkLoop(); });
  }
}

void Runner::Enqueue(const std::shared_ptr<const Set>& set,
                     const std::vector<size_t>& due) {
  for (const size_t index : due) {
    if (set->busy[index].exchange(true)) {
      ++errors_;
      host_.Log(sdk::LogLevel::kWarning,
                "The schedule " + set->work.schedules[index].name +
                    " still runs: this time it is left out. Give it a longer interval.");
      continue;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!draining_ && !stopping_) queue_.push_back({set, index, Clock::now()});
  }
  changed_.notify_all();
}

void Runner::WorkLoop() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const Due due = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    lock.unlock();
    const auto began = Clock::now();
    RunOne(due);
    const auto took = Clock::now() - began;
    due.set->busy[due.index] = false;
    lock.lock();
    --running_;
    ++runs_;
    spent_ += took;
    changed_.notify_all();
  }
}

void Runner::RunOne(const Due& due) {
  const Schedule& schedule = due.set->work.schedules[due.index];
  sdk::CheckResult result = host_.Run(schedule.query, kRunLimit);
  if (result.command.empty()) result.command = schedule.query.command;
  Report(schedule, std::move(result));
}

void Runner::Report(const Schedule& schedule, sdk::CheckResult result) {
  if (!schedule.sends() || !schedule.reports[static_cast<int>(result.state)]) return;
  sdk::Submission submission;
  submission.channel = schedule.channel;
  submission.result = std::move(result);
  submission.alias = schedule.name;
  submission.target = schedule.target;
  submission.source = schedule.source;
  const sdk::SubmitAnswer answer = host_.Submit(submission, kSubmitLimit);
  if (answer.accepted) {
    ++submitted_;
    return;
  }
  ++errors_;
  host_.Log(sdk::LogLevel::kError, "Failed to submit the result of the schedule " +
                                       schedule.name + " to " + schedule.channel + ": " +
                                       answer.message);
}

Runner::Figures Runner::figures() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  Figures figures;
  if (set_) figures.jobs = set_->work.schedules.size();
  figures.submitted = submitted_;
  figures.errors = errors_;
  figures.threads = threads_.size();
  figures.queue = queue_.size();
  using Seconds = std::chrono::duration<double>;
  if (runs_ > 0) {
    figures.average_ms = Seconds(spent_).count() * 1000 / static_cast<double>(runs_);
    const double lived = Seconds(Clock::now() - started_).count();
    if (lived > 0) figures.rate = static_cast<double>(runs_) / lived;
  }
  return figures;
}

}  // namespace nscp::scheduler
