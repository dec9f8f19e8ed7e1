#include "kernel/broker/broker.h"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <list>
#include <thread>

#include "kernel/broker/idle_link.h"

namespace nscp::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
constexpr seconds kPatience{10};

// A worker that answers when told to, or by a function of its own.
class FakeLink final : public IdleLink {
 public:
  using Serve = std::function<void(FakeLink&, v1::WorkerQueryRequest,
                                   std::function<void(Status, v1::WorkerQueryResponse)>)>;
  struct Flight final : PendingCall {
    void Cancel() override { done(Status::Cancelled("cancelled"), {}); }
    Done<v1::WorkerQueryResponse> done;
  };

  explicit FakeLink(Serve serve = nullptr) : serve_(std::move(serve)) {}
  ~FakeLink() override {
    for (std::thread& thread : threads_) thread.join();
  }

  std::shared_ptr<PendingCall> Query(v1::WorkerQueryRequest request, const Options&,
                                     Done<v1::WorkerQueryResponse> done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (serve_) {
      threads_.emplace_back([this, request, done] { serve_(*this, request, done); });
      return std::make_shared<Flight>();
    }
    waiting_.emplace_back(std::move(request), done);
    changed_.notify_all();
    auto flight = std::make_shared<Flight>();
    flight->done = std::move(done);
    return flight;
  }
  std::shared_ptr<PendingCall> Submit(v1::WorkerSubmitRequest, const Options&,
                                      Done<v1::WorkerSubmitResponse> done) override {
    done(Status::Ok(), [] {
      v1::WorkerSubmitResponse response;
      response.set_accepted(true);
      response.set_message("taken");
      return response;
    }());
    return std::make_shared<Flight>();
  }

  size_t Waiting() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return waiting_.size();
  }
  // The oldest call that waits; waits for one.
  std::pair<v1::WorkerQueryRequest, Done<v1::WorkerQueryResponse>> Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [this] { return !waiting_.empty(); }));
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }
  void AnswerOne(Status status = Status::Ok()) {
    Take().second(std::move(status), Good());
  }

  static v1::WorkerQueryResponse Good(const std::string& message = "fine") {
    v1::WorkerQueryResponse response;
    response.mutable_result()->add_lines()->set_message(message);
    return response;
  }

 private:
  const Serve serve_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::pair<v1::WorkerQueryRequest, Done<v1::WorkerQueryResponse>>> waiting_;
  std::list<std::thread> threads_;
};

struct House {
  Broker broker{
      {}, {[](const std::string&) { return "it is resting"; }, [](auto&&...) {}, {}}};
  std::shared_ptr<const Identity> gateway;
  uint64_t last_incarnation = 100;

  House() {
    auto manifest = std::make_shared<v1::Manifest>();
    manifest->set_name("WEBServer");
    manifest->add_grants(v1::ASSERT_PRINCIPAL);
    gateway = std::make_shared<Identity>(
        Identity{"WEBServer", "WEBServer", 7, Rights::Of(*manifest), manifest});
  }
  uint64_t Load(const std::shared_ptr<Link>& link, uint32_t concurrency = 2,
                uint32_t queue = 4) {
    auto manifest = std::make_shared<v1::Manifest>();
    manifest->set_name("Mod");
    manifest->add_queries()->set_name("check_x");
    manifest->add_channels("NSCA");
    manifest->mutable_limits()->set_concurrency(concurrency);
    manifest->mutable_limits()->set_queue(queue);
    broker.PutSlot("Mod", 1, manifest);
    broker.AddLink("Mod", ++last_incarnation, link);
    broker.Route("Mod", last_incarnation);
    return last_incarnation;
  }
  Asker Admin(milliseconds limit = kPatience) const {
    return {gateway, "", "admin", "127.0.0.1", "r-1", Broker::Clock::now() + limit};
  }
  std::future<v1::ExecuteResponse> Ask(const Asker& asker, const std::string& command,
                                       std::shared_ptr<PendingCall>* handle = nullptr) {
    v1::ExecuteRequest request;
    request.set_command(command);
    request.add_arguments("a=b");
    auto promise = std::make_shared<std::promise<v1::ExecuteResponse>>();
    auto future = promise->get_future();
    auto call = broker.Execute(asker, request, [promise](v1::ExecuteResponse response) {
      promise->set_value(std::move(response));
    });
    if (handle != nullptr) *handle = call;
    return future;
  }
};

std::string Text(std::future<v1::ExecuteResponse>& future) {
  REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
  const auto response = future.get();
  return std::to_string(response.result().code()) + " " +
         response.result().lines(0).message();
}

TEST_CASE("a call finds its worker with the principal that the gateway vouches for") {
  House house;
  auto link = std::make_shared<FakeLink>();
  house.Load(link);
  auto answer = house.Ask(house.Admin(), "CHECK_X");
  auto [request, done] = link->Take();
  CHECK(request.command() == "check_x");
  CHECK(request.principal() == "WEBServer:admin");
  CHECK(request.arguments(0) == "a=b");
  done(Status::Ok(), FakeLink::Good());
  CHECK(Text(answer) == "0 fine");
  CHECK(house.broker.LoadOf("Mod").running == 0);
  CHECK(house.broker.CallsRunning() == 0);
}

TEST_CASE("a name nobody claims, and a name whose worker does not run") {
  House house;
  auto unknown = house.Ask(house.Admin(), "Check_Unknown");
  CHECK(Text(unknown) == "3 Unknown command(s): check_unknown");
  const auto incarnation = house.Load(std::make_shared<FakeLink>());
  house.broker.Gone(incarnation, {"was killed by signal 9", false, {}});
  auto down = house.Ask(house.Admin(), "check_x");
  CHECK(
      Text(down) ==
      "3 Failed to execute command: check_x (module Mod is not running: it is resting)");
  CHECK(house.broker.LoadOf("Mod").failed == 1);
}

TEST_CASE("a call in flight when the worker dies answers UNKNOWN with module and cause") {
  House house;
  auto link = std::make_shared<FakeLink>();
  const auto incarnation = house.Load(link, 1);
  auto running = house.Ask(house.Admin(), "check_x");
  auto waiting = house.Ask(house.Admin(), "check_x");
  auto [request, done] = link->Take();
  SUBCASE("the end is known before the line breaks") {}
  SUBCASE("the line breaks before the end is known") {
    done(Status::Unavailable("Broken pipe"), {});
  }
  const auto busy = house.broker.BusyWith(incarnation);
  house.broker.Gone(incarnation, {"was killed by signal 9", false, {}});
  REQUIRE(busy.size() >= 1);
  CHECK(busy[0] == "running: check_x for WEBServer:admin");
  const std::string expected =
      "3 Failed to execute command: check_x (module Mod: its worker was killed by signal "
      "9)";
  CHECK(Text(running) == expected);
  CHECK(Text(waiting) == expected);
  done(Status::Ok(), FakeLink::Good());  // too late, and harmless
}

TEST_CASE("a full queue answers at once, a cancelled caller leaves it") {
  House house;
  auto link = std::make_shared<FakeLink>();
  house.Load(link, 1, 1);
  std::shared_ptr<PendingCall> handle;
  auto running = house.Ask(house.Admin(), "check_x");
  auto waiting = house.Ask(house.Admin(), "check_x", &handle);
  auto refused = house.Ask(house.Admin(), "check_x");
  CHECK(Text(refused) ==
        "3 Failed to execute command: check_x (module Mod is busy: 1 calls run "
        "and 1 wait, which is its limit)");
  handle->Cancel();
  CHECK(Text(waiting).find("the caller has gone") != std::string::npos);
  CHECK(house.broker.LoadOf("Mod").waiting == 0);
  link->AnswerOne();
  CHECK(Text(running) == "0 fine");
}

TEST_CASE("a call that waits past its deadline says which limit won") {
  House house;
  auto link = std::make_shared<FakeLink>();
  house.Load(link, 1);
  auto running = house.Ask(house.Admin(), "check_x");
  auto waiting = house.Ask(house.Admin(milliseconds(200)), "check_x");
  CHECK(
      Text(waiting) ==
      "3 Failed to execute command: check_x (module Mod did not answer within 0.2 s, the "
      "caller's limit; all its places were taken)");
  link->AnswerOne();
  CHECK(Text(running) == "0 fine");
}

TEST_CASE("what a stopping worker would not take goes to the one in its place") {
  House house;
  auto old_link = std::make_shared<FakeLink>();
  auto new_link = std::make_shared<FakeLink>();
  const auto old_one = house.Load(old_link);
  auto answer = house.Ask(house.Admin(), "check_x");
  auto [request, done] = old_link->Take();
  house.Load(new_link);
  house.broker.Unroute(old_one);
  done(Status::Aborted("stopping"), {});
  new_link->AnswerOne();
  CHECK(Text(answer) == "0 fine");
}

TEST_CASE(
    "a pool of two serves fifty nested chains of depth five, identity at the bottom") {
  House house;
  std::atomic<int> wrong{0};
  FakeLink::Serve serve;
  auto worker = std::make_shared<Identity>(Identity{"Mod", "Mod", 0, Rights(), nullptr});
  serve = [&](FakeLink&, const v1::WorkerQueryRequest& request, const auto& done) {
    if (request.principal() != "WEBServer:admin") ++wrong;
    thread_local int depth;
    depth = request.arguments_size();
    if (depth >= 5) return done(Status::Ok(), FakeLink::Good("bottom"));
    v1::ExecuteRequest nested;
    nested.set_command("check_x");
    for (int i = 0; i <= depth; ++i) nested.add_arguments("deeper");
    // What it claims about itself is not believed.
    const Asker asker{worker, request.call(), "root", "", "", std::nullopt};
    std::promise<v1::ExecuteResponse> answered;
    house.broker.Execute(asker, nested, [&](v1::ExecuteResponse response) {
      answered.set_value(std::move(response));
    });
    auto future = answered.get_future();
    if (future.wait_for(kPatience) != std::future_status::ready) return;
    done(Status::Ok(), FakeLink::Good(future.get().result().lines(0).message()));
  };
  auto link = std::make_shared<FakeLink>(serve);
  worker->incarnation = house.Load(link, 2, 100);
  std::list<std::future<v1::ExecuteResponse>> answers;
  for (int i = 0; i < 50; ++i) answers.push_back(house.Ask(house.Admin(), "check_x"));
  for (auto& answer : answers) CHECK(Text(answer) == "0 bottom");
  CHECK(wrong == 0);
  CHECK(house.broker.LoadOf("Mod").running == 0);
}

TEST_CASE("what a call had asked for is taken back when the call has ended") {
  House house;
  auto link = std::make_shared<FakeLink>();
  auto worker = std::make_shared<Identity>(Identity{"Mod", "Mod", 0, Rights(), nullptr});
  worker->incarnation = house.Load(link);
  auto answer = house.Ask(house.Admin(), "check_x");
  auto [request, done] = link->Take();
  const Asker asker{worker, request.call(), "", "", "", std::nullopt};
  auto nested = house.Ask(asker, "check_x");
  link->Take();
  done(Status::Ok(), FakeLink::Good());
  CHECK(Text(answer) == "0 fine");
  CHECK(Text(nested).find("3 ") == 0);
  CHECK(house.broker.LoadOf("Mod").running == 0);
}

TEST_CASE("a call that is not the caller's own gives it nothing") {
  House house;
  auto link = std::make_shared<FakeLink>();
  house.Load(link);
  auto answer = house.Ask(house.Admin(), "check_x");
  auto [request, done] = link->Take();
  Asker thief = house.Admin();
  thief.call = request.call();  // the gateway did not get this call to answer
  auto stolen = house.Ask(thief, "check_x");
  CHECK(Text(stolen).find("the call it belongs to has ended") != std::string::npos);
  done(Status::Ok(), FakeLink::Good());
  CHECK(Text(answer) == "0 fine");
}

TEST_CASE("an alias that calls itself ends at the bound of depth") {
  House house;
  auto worker = std::make_shared<Identity>(Identity{"Mod", "Mod", 0, Rights(), nullptr});
  std::atomic<int> reached{0};
  auto link = std::make_shared<FakeLink>(
      [&](FakeLink&, const v1::WorkerQueryRequest& request, const auto& done) {
        ++reached;
        v1::ExecuteRequest nested;
        nested.set_command("check_x");
        const Asker asker{worker, request.call(), "", "", "", std::nullopt};
        house.broker.Execute(asker, nested, [done](const v1::ExecuteResponse& response) {
          done(Status::Ok(), FakeLink::Good(response.result().lines(0).message()));
        });
      });
  worker->incarnation = house.Load(link);
  auto answer = house.Ask(house.Admin(), "check_x");
  CHECK(Text(answer).find("more than 32 nested calls") != std::string::npos);
  CHECK(reached == static_cast<int>(Broker::kMaxDepth) + 1);
}

TEST_CASE("a call that crashes its worker three times is quarantined, others go on") {
  House house;
  for (int i = 0; i < Quarantine::kProofs; ++i) {
    auto link = std::make_shared<FakeLink>();
    const auto incarnation = house.Load(link);
    auto crashing = house.Ask(house.Admin(), "check_x");
    const auto [request, done] = link->Take();
    house.broker.Gone(
        incarnation,
        {"was killed by signal 11", false, {"nscp: crashed in call " + request.call()}});
    CHECK(Text(crashing).find("was killed by signal 11") != std::string::npos);
  }
  auto link = std::make_shared<FakeLink>();
  house.Load(link);
  auto refused = house.Ask(house.Admin(), "check_x");
  CHECK(Text(refused).find("in quarantine") != std::string::npos);
  v1::ExecuteRequest other;
  other.set_command("check_x");
  std::promise<v1::ExecuteResponse> answered;
  house.broker.Execute(house.Admin(), other,
                       [&](v1::ExecuteResponse r) { answered.set_value(std::move(r)); });
  link->AnswerOne();
  auto future = answered.get_future();
  CHECK(Text(future) == "0 fine");
}

TEST_CASE("a denied command answers with the policy's words") {
  House house;
  house.Load(std::make_shared<FakeLink>());
  house.broker.SetPolicy(Policy({{"enabled", "true"}}, {{"WEBServer:icinga", "*"}}));
  auto denied = house.Ask(house.Admin(), "check_x");
  CHECK(Text(denied) ==
        "3 Permission denied: WEBServer:admin is not allowed to run check_x");
}

TEST_CASE("a passive result goes to every listener; an unknown channel is said") {
  House house;
  house.Load(std::make_shared<FakeLink>());
  const auto submit = [&](const std::string& channel) {
    v1::SubmitRequest request;
    request.set_channel(channel);
    std::promise<v1::SubmitResponse> answered;
    house.broker.Submit(house.Admin(), request,
                        [&](v1::SubmitResponse r) { answered.set_value(std::move(r)); });
    return answered.get_future().get();
  };
  CHECK(submit("nsca").accepted());
  CHECK(submit("nsca").message() == "taken");
  CHECK(submit("noop").accepted());
  CHECK_FALSE(submit("nsca,nowhere").accepted());
  CHECK(submit("nowhere").message() == "No handler for channel: nowhere");
}

}  // namespace
}  // namespace nscp::kernel
