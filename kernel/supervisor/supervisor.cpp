// The loop: takes requests from other threads, hands events and time to the slots,
// publishes their state.
#include "kernel/supervisor/supervisor.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <random>
#include <thread>

#include "kernel/supervisor/process.h"
#include "kernel/supervisor/request_queue.h"
#include "kernel/supervisor/slot.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;

// Requests that wait for the loop; more loads, unloads and replacements are refused. The
// words of the protocol are bounded by the number of processes.
constexpr size_t kMaxRequests = 1024;
constexpr milliseconds kLongestWait{5000};
// It becomes a line of its own, which must fit into the lifeline in one piece.
constexpr size_t kMaxDescriptorName = 255;
// The machine or this process slept when the loop comes back so much later than it
// should.
constexpr milliseconds kGap{1000};
// Orphans are looked for when a process has ended, until none is found, and now and then.
constexpr milliseconds kSweepSoon{20};
constexpr milliseconds kSweepSometimes{5000};

class SupervisorLoop : public Supervisor {
 public:
  SupervisorLoop(Options options, WorkerPort& port)
      : options_(std::move(options)), port_(port) {}
  ~SupervisorLoop() override {
    SupervisorLoop::Shutdown();
    if (thread_.joinable()) thread_.join();
  }

  Status Begin();

  void Load(WorkerSpec spec, Done done) override {
    Want(std::move(spec), std::move(done), &Slot::Load);
  }
  void Replace(WorkerSpec spec, Done done) override {
    Want(std::move(spec), std::move(done), &Slot::Replace);
  }
  void Unload(const std::string& slot, Done done) override;
  void Attached(const std::string& slot, IncarnationId incarnation) override {
    Tell(slot, &Slot::Attached, incarnation);
  }
  void Started(const std::string& slot, IncarnationId incarnation,
               StartOutcome outcome) override {
    Tell(slot, &Slot::Started, incarnation, outcome);
  }
  void Health(const std::string& slot, IncarnationId incarnation,
              bool answered) override {
    Tell(slot, &Slot::Health, incarnation, answered);
  }
  void Drained(const std::string& slot, IncarnationId incarnation) override {
    Tell(slot, &Slot::Drained, incarnation);
  }
  void Stuck(const std::string& slot, IncarnationId incarnation) override {
    Tell(slot, &Slot::Stuck, incarnation);
  }
  Status PassDescriptor(const std::string& slot, IncarnationId incarnation,
                        const std::string& name, int descriptor) override;
  std::vector<SlotStatus> Slots() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return published_;
  }
  void Shutdown() override;

 private:
  using Request = RequestQueue::Request;

  // False when the loop has ended or so many wait already.
  bool Post(Request request, size_t limit = SIZE_MAX);
  void Ask(Request request, const Done& done);
  void Want(WorkerSpec spec, Done done, void (Slot::*how)(WorkerSpec, Done));
  // Calls a function of the slot on the loop; a slot that is not there hears nothing.
  template <typename How, typename... Values>
  void Tell(const std::string& slot, How how, Values... values) {
    Post([this, slot, how, values...] {
      if (Slot* found = Find(slot)) (found->*how)(values...);
    });
  }

  void Run();
  void Turn();
  milliseconds TimeToWait() const;
  void NoticeGap(TimePoint expected);
  void SweepOrphans();
  // Shows what has changed, then answers those who waited for it.
  void Publish();
  bool Finished();
  Slot* Find(const std::string& name);
  Slot& FindOrMake(const std::string& name);

  const Options options_;
  WorkerPort& port_;
  std::unique_ptr<ProcessHost> host_;
  std::thread thread_;

  RequestQueue requests_;
  mutable std::mutex mutex_;  // guards published_
  std::vector<SlotStatus> published_;

  // The loop's own.
  std::unique_ptr<LoopContext> context_;
  std::vector<std::unique_ptr<Slot>> slots_;  // in order of their first load
  TimePoint sweep_at_{};
  bool sweeping_ = false;  // a process has ended, or orphans were found a moment ago
  milliseconds asleep_{0};
  std::mt19937 generator_{std::random_device{}()};
};

Status SupervisorLoop::Begin() {
  ASSIGN_OR_RETURN(host_, ProcessHost::Create(options_.launch_program));
  asleep_ = host_->TimeAsleep();
  auto random = [this] { return std::uniform_real_distribution<>(0, 1)(generator_); };
  context_.reset(new LoopContext{port_, *host_, options_.timings, random});
  thread_ = std::thread([this] { Run(); });
  return Status::Ok();
}

bool SupervisorLoop::Post(Request request, size_t limit) {
  if (!requests_.Post(std::move(request), limit)) return false;
  host_->Wake();
  return true;
}

void SupervisorLoop::Ask(Request request, const Done& done) {
  if (Post(std::move(request), kMaxRequests) || !done) return;
  done(Status::Unavailable(
      "the supervisor is stopping or has too many requests to answer"));
}

void SupervisorLoop::Want(WorkerSpec spec, Done done,
                          void (Slot::*how)(WorkerSpec, Done)) {
  Ask(
      [this, spec = std::move(spec), done, how] {
        if (!context_->shutting_down) return (FindOrMake(spec.slot).*how)(spec, done);
        if (done) done(Status::Unavailable("the agent is stopping"));
      },
      done);
}

void SupervisorLoop::Unload(const std::string& slot, Done done) {
  Ask(
      [this, slot, done] {
        if (Slot* found = Find(slot)) return found->Unload(done);
        if (done) done(Status::FailedPrecondition(slot + " is not running"));
      },
      done);
}

Status SupervisorLoop::PassDescriptor(const std::string& slot, IncarnationId incarnation,
                                      const std::string& name, int descriptor) {
  const bool is_word =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!is_word || name.empty() || name.size() > kMaxDescriptorName) {
    return Status::InvalidArgument("a descriptor's name is one short word of ASCII");
  }
  const auto pass = [this, slot, incarnation, name, descriptor] {
    Slot* found = Find(slot);
    if (found == nullptr) return Status::NotFound("there is no slot " + slot);
    return found->PassDescriptor(incarnation, name, descriptor);
  };
  if (std::this_thread::get_id() == thread_.get_id()) return pass();
  auto answer = std::make_shared<std::promise<Status>>();
  std::future<Status> future = answer->get_future();
  if (!Post([answer, pass] { answer->set_value(pass()); })) {
    return Status::Unavailable("the supervisor has stopped");
  }
  return future.get();
}

void SupervisorLoop::Shutdown() {
  if (!thread_.joinable()) return;  // it never began
  Post([this] {
    context_->shutting_down = true;
    for (const auto& slot : slots_) slot->Shutdown();
  });
  if (std::this_thread::get_id() == thread_.get_id()) return;
  requests_.WaitForEnd();
}

void SupervisorLoop::Run() {
  context_->now = std::chrono::steady_clock::now();
  sweep_at_ = context_->now + kSweepSometimes;
  while (!Finished()) Turn();
}

void SupervisorLoop::Turn() {
  const milliseconds wait = TimeToWait();
  const TimePoint expected = std::chrono::steady_clock::now() + wait;
  const std::vector<ProcessEvent> events = host_->Wait(wait);
  context_->now = std::chrono::steady_clock::now();
  NoticeGap(expected);
  for (const Request& request : requests_.Take()) request();
  for (const ProcessEvent& event : events) {
    for (const auto& slot : slots_) {
      if (slot->OnProcess(event)) break;
    }
    if (event.kind != ProcessEvent::Kind::kEnded) continue;
    sweep_at_ = context_->now;
    sweeping_ = true;
  }
  for (const auto& slot : slots_) slot->OnTimer();
  if (context_->now >= sweep_at_) SweepOrphans();
  Publish();
}

milliseconds SupervisorLoop::TimeToWait() const {
  TimePoint soonest = sweep_at_;
  for (const auto& slot : slots_) soonest = std::min(soonest, slot->Deadline());
  const auto now = std::chrono::steady_clock::now();
  if (soonest <= now) return milliseconds(0);
  // Rounded up: a timer is never looked at a moment too early.
  return std::min(kLongestWait, std::chrono::ceil<milliseconds>(soonest - now));
}

void SupervisorLoop::NoticeGap(TimePoint expected) {
  const milliseconds asleep = host_->TimeAsleep();
  const bool slept = asleep - asleep_ >= kGap || context_->now - expected >= kGap;
  asleep_ = asleep;
  if (!slept) return;
  for (const auto& slot : slots_) slot->OnGap();
}

void SupervisorLoop::SweepOrphans() {
  const auto any = [this](const auto& test) {
    return std::any_of(slots_.begin(), slots_.end(), test);
  };
  const auto lives = [any](IncarnationId id) {
    return any([id](const auto& slot) { return slot->Owns(id); });
  };
  const auto known = [any](int64_t pid) {
    return any([pid](const auto& slot) { return slot->OwnsPid(pid); });
  };
  sweeping_ = host_->SweepOrphans(sweeping_, lives, known);
  sweep_at_ = context_->now + (sweeping_ ? kSweepSoon : kSweepSometimes);
}

void SupervisorLoop::Publish() {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i]->TakeChanged()) continue;
    SlotStatus status = slots_[i]->Describe();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (published_.size() <= i) published_.resize(i + 1);
    published_[i] = std::move(status);
  }
  std::vector<std::function<void()>> answers;
  answers.swap(context_->answers);
  for (const auto& answer : answers) answer();
}

// All processes are gone and all requests are answered: from then on none is taken.
bool SupervisorLoop::Finished() {
  if (!context_->shutting_down || sweeping_) return false;
  for (const auto& slot : slots_) {
    if (!slot->Idle()) return false;
  }
  return context_->answers.empty() && requests_.End();
}

Slot* SupervisorLoop::Find(const std::string& name) {
  for (const auto& slot : slots_) {
    if (slot->name() == name) return slot.get();
  }
  return nullptr;
}

Slot& SupervisorLoop::FindOrMake(const std::string& name) {
  if (Slot* found = Find(name)) return *found;
  slots_.push_back(std::make_unique<Slot>(*context_, name));
  return *slots_.back();
}

}  // namespace

Result<std::unique_ptr<Supervisor>> Supervisor::Create(Options options,
                                                       WorkerPort& port) {
  auto supervisor = std::make_unique<SupervisorLoop>(std::move(options), port);
  RETURN_IF_ERROR(supervisor->Begin());
  return std::unique_ptr<Supervisor>(std::move(supervisor));
}

}  // namespace nscp::kernel
