#include "workers/scheduler/scheduler.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>

#include "workers/checks/fake_call.h"
#include "workers/scheduler/runner.h"

namespace nscp::scheduler {
namespace {

using std::chrono::milliseconds;
constexpr std::chrono::seconds kPatience{10};

// Answers queries, one of them only when it is let go.
class Kernel final : public checks::FakeHost {
 public:
  sdk::CheckResult Run(const sdk::Query& query, milliseconds limit) override {
    std::unique_lock<std::mutex> lock(mutex_);
    ++runs_;
    changed_.notify_all();
    if (query.command == "slow") {
      CHECK(changed_.wait_for(lock, kPatience, [this] { return let_go_; }));
    }
    return FakeHost::Run(query, limit);
  }
  sdk::SubmitAnswer Submit(const sdk::Submission& submission,
                           milliseconds limit) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
    return FakeHost::Submit(submission, limit);
  }
  void Log(sdk::LogLevel level, std::string_view message) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
    FakeHost::Log(level, message);
  }
  void LetGo() {
    const std::lock_guard<std::mutex> lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }
  template <typename Condition>
  void WaitFor(Condition condition) {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, condition));
  }
  int runs() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return runs_;
  }
  int runs_ = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool let_go_ = false;
};

Schedule Make(const std::string& command, milliseconds interval) {
  Schedule schedule;
  schedule.name = "service " + command;
  schedule.query.command = command;
  schedule.channel = "CACHE";
  schedule.interval = interval;
  return schedule;
}

struct House {
  Kernel kernel;
  Runner runner{kernel};

  House() {
    kernel.answers["check_ok"] = checks::MakeResult(sdk::State::kOk, "fine", "a=1");
    kernel.answers["check_bad"] = checks::MakeResult(sdk::State::kCritical, "bad");
    kernel.answers["slow"] = checks::MakeResult(sdk::State::kOk, "at last");
  }
  void Run(std::vector<Schedule> schedules) {
    Runner::Work work;
    work.schedules = std::move(schedules);
    runner.Replace(std::move(work));
    runner.Start();
  }
};

TEST_CASE("what is due is run and its result submitted") {
  House house;
  Schedule schedule = Make("check_ok", milliseconds(5));
  schedule.query.arguments = {"message=x"};
  schedule.target = "central";
  schedule.source = "web1";
  house.Run({schedule});
  house.kernel.WaitFor([&] { return house.kernel.submitted.size() >= 3; });
  house.runner.Stop();
  const sdk::Submission& sent = house.kernel.submitted[0];
  CHECK(sent.channel == "CACHE");
  CHECK(sent.alias == "service check_ok");
  CHECK(sent.result.command == "check_ok");
  CHECK(sent.result.lines[0].message == "fine");
  CHECK(sent.result.lines[0].perf.size() == 1);
  CHECK(sent.target == "central");
  CHECK(sent.source == "web1");
  CHECK(house.kernel.asked[0].arguments == std::vector<std::string>{"message=x"});
  const auto figures = house.runner.figures();
  CHECK(figures.jobs == 1);
  CHECK(figures.submitted >= 3);
  CHECK(figures.errors == 0);
  CHECK(figures.rate > 0);
}

TEST_CASE("states that are not to be reported, and what is only run, are not sent") {
  House house;
  Schedule quiet = Make("check_ok", milliseconds(5));
  quiet.reports[0] = false;
  Schedule dropped = Make("check_bad", milliseconds(5));
  dropped.channel.clear();
  house.Run({quiet, dropped});
  house.kernel.WaitFor([&] { return house.kernel.runs_ >= 6; });
  house.runner.Stop();
  CHECK(house.kernel.submitted.empty());
}

TEST_CASE("a channel that does not take a result is told of") {
  House house;
  house.kernel.submit_answer = {false, "No handler for channel: CACHE"};
  house.Run({Make("check_ok", milliseconds(5))});
  house.kernel.WaitFor([&] { return !house.kernel.log.empty(); });
  house.runner.Stop();
  CHECK(house.kernel.log[0].second ==
        "Failed to submit the result of the schedule service check_ok to CACHE: No "
        "handler for channel: CACHE");
  CHECK(house.runner.figures().errors > 0);
}

TEST_CASE("a run that takes longer than its interval is not run beside itself") {
  House house;
  house.Run({Make("slow", milliseconds(5))});
  house.kernel.WaitFor([&] { return house.kernel.log.size() >= 2; });
  CHECK(house.kernel.runs() == 1);
  CHECK(house.kernel.log[0].second.find("service slow still runs") != std::string::npos);
  house.kernel.LetGo();
  house.kernel.WaitFor([&] { return house.kernel.submitted.size() >= 2; });
  house.runner.Stop();
}

TEST_CASE("others replace them while one still runs, and draining waits for it") {
  House house;
  house.Run({Make("slow", milliseconds(5))});
  house.kernel.WaitFor([&] { return house.kernel.runs_ == 1; });
  Runner::Work work;
  work.schedules = {Make("check_bad", milliseconds(5))};
  house.runner.Replace(std::move(work));
  house.kernel.WaitFor([&] { return !house.kernel.submitted.empty(); });
  CHECK(house.kernel.submitted[0].result.command == "check_bad");
  house.runner.Drain(milliseconds(20));  // the slow one does not end
  house.kernel.LetGo();
  house.runner.Drain(kPatience);
  bool ended = false;
  for (const auto& sent : house.kernel.submitted) {
    ended = ended || sent.result.command == "slow";
  }
  CHECK(ended);
  house.runner.Stop();
}

TEST_CASE("settings that cannot be used are told, and the module starts all the same") {
  checks::FakeHost host;
  auto module = MakeScheduler();
  sdk::StartContext context;
  context.host = &host;
  context.no_start = true;
  context.settings =
      sdk::Settings({{"/settings/scheduler", "startup window", "soon"},
                     {"/settings/scheduler", "timezone", "nowhere"},
                     {"/settings/scheduler/schedules", "broken", "check_ok"}});
  REQUIRE(module->Start(context).ok());
  CHECK(host.log.size() == 3);
  module->Stop();
}

}  // namespace
}  // namespace nscp::scheduler
