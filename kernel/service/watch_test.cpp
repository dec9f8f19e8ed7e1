// The streams of log and events, from a kernel's rooms to a client of it.
#include <doctest/doctest.h>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "kernel/core/kernel.h"
#include "proto/cpp/kernel_client.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

constexpr std::chrono::seconds kLimit{20};
constexpr char kNobodysToken[] = "without-rights";

// A private kernel without modules, and a client that may do everything.
struct WatchedAgent {
  WatchedAgent() {
    KernelOptions options;
    options.settings_context = "dummy";
    options.is_private = true;
    for (const char* name : {"module-path", "data-path", "runtime-path"}) {
      options.tokens.Override(name, folder.path());
    }
    auto created = Kernel::Create(std::move(options));
    REQUIRE_MESSAGE(created.ok(), created.status().message());
    kernel = std::move(*created);
    Identity nobody;
    nobody.module = "Nobody";
    kernel->broker().identities().Add(kNobodysToken, std::move(nobody));
    client = KernelClient::Connect(kernel->target(), kernel->admin_token());
  }
  ~WatchedAgent() {
    client.reset();
    kernel->Shutdown();
  }

  void Emit(const std::string& name) {
    v1::EmitEventsRequest request;
    request.add_events()->set_name(name);
    REQUIRE(client->EmitEvents(request, {}).ok());
  }

  const testing::TempFolder folder;
  std::unique_ptr<Kernel> kernel;
  std::unique_ptr<KernelClient> client;
};

// What one watcher hears, as words.
class Heard {
 public:
  bool operator()(const v1::WatchLogsResponse& message) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Take(message);
    for (const v1::LogEntry& entry : message.entries()) words_.push_back(entry.message());
    changed_.notify_all();
    return true;
  }
  bool operator()(const v1::WatchEventsResponse& message) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Take(message);
    for (const v1::Event& event : message.events()) words_.push_back(event.name());
    changed_.notify_all();
    return true;
  }
  void Ended(const Status& status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    end_ = status;
    changed_.notify_all();
  }
  bool AwaitBegin() {
    return Await([this] { return began_ || end_; }) && began_;
  }
  // Waits for the last word of the list.
  std::vector<std::string> AwaitWords(const std::string& last) {
    CHECK(Await([&] { return !words_.empty() && words_.back() == last; }));
    return words_;
  }
  Status AwaitEnd() {
    CHECK(Await([this] { return end_.has_value(); }));
    return end_.value_or(Status::Ok());
  }
  uint64_t lost_ = 0, position_ = 0;
  int64_t started_ms_ = 0;

 private:
  template <class Message>
  void Take(const Message& message) {
    lost_ += message.lost();
    if (std::exchange(began_, true)) return;
    position_ = message.position();
    started_ms_ = message.started_ms();
  }
  template <class Condition>
  bool Await(Condition condition) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, kLimit, condition);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool began_ = false;
  std::vector<std::string> words_;
  std::optional<Status> end_;
};

std::unique_ptr<KernelClient::Subscription> WatchEvents(
    KernelClient& client, const v1::WatchEventsRequest& request, Heard& heard) {
  return client.WatchEvents(
      request, [&heard](const auto& message) { return heard(message); },
      [&heard](const Status& status) { heard.Ended(status); });
}

TEST_CASE("a watcher of events gets those of its pattern, from an index or from now on") {
  WatchedAgent agent;
  for (const char* name : {"system.cpu", "other", "system.memory"}) agent.Emit(name);
  Heard now, prefix, resumed, elsewhere;
  v1::WatchEventsRequest request;
  const auto all = WatchEvents(*agent.client, request, now);
  REQUIRE(now.AwaitBegin());
  CHECK(now.position_ == 3);
  CHECK(now.started_ms_ > 0);
  request.set_after(1);
  request.set_started_ms(now.started_ms_);
  const auto behind = WatchEvents(*agent.client, request, resumed);
  request.set_started_ms(now.started_ms_ - 1);
  request.set_after(1000);
  const auto other_life = WatchEvents(*agent.client, request, elsewhere);
  request.set_pattern("system.*");
  const auto some = WatchEvents(*agent.client, request, prefix);
  for (Heard* heard : {&prefix, &resumed, &elsewhere}) REQUIRE(heard->AwaitBegin());
  agent.Emit("system.end");
  using Words = std::vector<std::string>;
  CHECK(now.AwaitWords("system.end") == Words{"system.end"});
  CHECK(resumed.AwaitWords("system.end") ==
        Words{"other", "system.memory", "system.end"});
  CHECK(elsewhere.AwaitWords("system.end") ==
        Words{"system.cpu", "other", "system.memory", "system.end"});
  CHECK(prefix.AwaitWords("system.end") ==
        Words{"system.cpu", "system.memory", "system.end"});
  CHECK(resumed.lost_ == 0);
}

TEST_CASE(
    "a watcher of the log gets the levels that it asks for, and hears what is gone") {
  WatchedAgent agent;
  const auto log = [&agent](v1::LogLevel level, const std::string& text) {
    agent.kernel->logger().Log(level, "test", text);
  };
  log(v1::LOG_ERROR, "before");
  agent.kernel->logger().ring().Clear();
  v1::WatchLogsRequest request;
  request.set_after(0);
  request.add_levels(v1::LOG_ERROR);
  Heard heard;
  const auto watch = agent.client->WatchLogs(
      request, [&heard](const auto& message) { return heard(message); },
      [&heard](const Status& status) { heard.Ended(status); });
  REQUIRE(heard.AwaitBegin());
  CHECK(heard.lost_ >= 1);
  log(v1::LOG_INFO, "passed over");
  log(v1::LOG_ERROR, "one");
  log(v1::LOG_ERROR, "two");
  CHECK(heard.AwaitWords("two") == std::vector<std::string>{"one", "two"});
}

TEST_CASE("only who may list may watch, and no more than the bound") {
  WatchedAgent agent;
  const auto nobody = KernelClient::Connect(agent.kernel->target(), kNobodysToken);
  Heard refused;
  const auto none = WatchEvents(*nobody, {}, refused);
  CHECK(refused.AwaitEnd().code() == Code::kPermissionDenied);

  std::vector<Heard> heard(kMaxWatchers + 1);
  std::vector<std::unique_ptr<KernelClient::Subscription>> watches;
  for (size_t i = 0; i < kMaxWatchers; ++i) {
    watches.push_back(WatchEvents(*agent.client, {}, heard[i]));
    REQUIRE(heard[i].AwaitBegin());
  }
  const auto more = WatchEvents(*agent.client, {}, heard[kMaxWatchers]);
  const Status full = heard[kMaxWatchers].AwaitEnd();
  CHECK(full.code() == Code::kResourceExhausted);
  CHECK(full.message().find("too many watchers (64)") == 0);
  agent.Emit("to all");
  for (size_t i = 0; i < kMaxWatchers; ++i) {
    CHECK(heard[i].AwaitWords("to all").size() == 1);
  }
  // A place is free again once a watcher has gone.
  watches.pop_back();
  const auto end = std::chrono::steady_clock::now() + kLimit;
  bool begun = false;
  while (!begun && std::chrono::steady_clock::now() < end) {
    Heard next;
    const auto watch = WatchEvents(*agent.client, {}, next);
    begun = next.AwaitBegin();
  }
  CHECK(begun);
}

}  // namespace
}  // namespace nscp::kernel
