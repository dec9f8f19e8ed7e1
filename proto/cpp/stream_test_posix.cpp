// The two ends of a stream, against each other over a real connection.
#include <doctest/doctest.h>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "nscp/v1/telemetry.grpc.pb.h"
#include "proto/cpp/channel.h"
#include "proto/cpp/kernel_client.h"
#include "proto/cpp/queue_stream.h"
#include "tests/unit/temp_folder.h"

namespace nscp {
namespace {

constexpr std::chrono::seconds kLimit{20};

using EventStream = QueueStream<v1::WatchEventsResponse, v1::Event>;

// Keeps the stream of its one caller.
class OneWatcher final : public v1::Events::CallbackService {
 public:
  grpc::ServerWriteReactor<v1::WatchEventsResponse>* Watch(
      grpc::CallbackServerContext*, const v1::WatchEventsRequest* request) override {
    if (request->pattern() == "refused") {
      return EventStream::Finished(Status::ResourceExhausted("too many"));
    }
    auto* stream = EventStream::Make(
        [](const v1::Event& event, auto* message) { *message->add_events() = event; });
    stream->OnGone([this] { gone.set_value(); });
    v1::WatchEventsResponse first;
    first.set_position(7);
    stream->Begin(std::move(first));
    watched.set_value(stream);
    return stream;
  }

  std::promise<EventStream*> watched;
  std::promise<void> gone;
};

struct Pair {
  Pair() {
    auto served = Serve("unix:" + folder.File("s"), {&service});
    REQUIRE(served.ok());
    server = std::move(*served);
    client = KernelClient::Connect(server.target, "token");
  }
  ~Pair() { server.server->Shutdown(std::chrono::system_clock::now() + kLimit); }

  const testing::TempFolder folder;
  OneWatcher service;
  ServerHandle server;
  std::unique_ptr<KernelClient> client;
};

std::shared_ptr<const v1::Event> Numbered(uint64_t index, size_t bytes = 0) {
  auto event = std::make_shared<v1::Event>();
  event->set_index(index);
  (*event->mutable_data())["k"] = std::string(bytes, 'x');
  return event;
}

// Counts what came; `more` is what it answers.
class Listener {
 public:
  bool Hear(const v1::WatchEventsResponse& message) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++messages_;
    lost_ += message.lost();
    for (const v1::Event& event : message.events()) {
      in_order_ = in_order_ && event.index() > last_;
      last_ = event.index();
      ++count_;
    }
    changed_.notify_all();
    return more_;
  }
  void SetMore(bool more) {
    const std::lock_guard<std::mutex> lock(mutex_);
    more_ = more;
  }
  template <class Condition>
  bool Await(Condition condition) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, kLimit, [&] { return condition(*this); });
  }

  uint64_t messages_ = 0, count_ = 0, lost_ = 0, last_ = 0;
  bool in_order_ = true;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool more_ = true;
};

}  // namespace

TEST_CASE("a watcher that reads gets every item in order, after the first message") {
  Pair pair;
  Listener heard;
  const auto watch = pair.client->WatchEvents(
      {}, [&](const auto& message) { return heard.Hear(message); }, [](const Status&) {});
  EventStream* stream = pair.service.watched.get_future().get();
  CHECK(heard.Await([](const Listener& l) { return l.messages_ == 1; }));
  for (uint64_t i = 1; i <= 500; ++i) stream->Offer(Numbered(i));
  CHECK(heard.Await([](const Listener& l) { return l.count_ == 500; }));
  CHECK(heard.in_order_);
  CHECK(heard.lost_ == 0);
}

TEST_CASE("a watcher that pauses loses the oldest, and is told how many") {
  for (const size_t bytes : {size_t{200}, size_t{60000}}) {
    CAPTURE(bytes);
    Pair pair;
    Listener heard;
    heard.SetMore(false);
    const auto watch = pair.client->WatchEvents(
        {}, [&](const auto& message) { return heard.Hear(message); },
        [](const Status&) {});
    EventStream* stream = pair.service.watched.get_future().get();
    CHECK(heard.Await([](const Listener& l) { return l.messages_ == 1; }));
    // Several times what may wait, for the connection itself takes in some.
    const uint64_t sent =
        bytes == 200 ? 20 * kMaxWaitingItems : 5 * kMaxWaitingBytes / bytes;
    for (uint64_t i = 1; i <= sent; ++i) stream->Offer(Numbered(i, bytes));
    heard.SetMore(true);
    watch->Resume();
    CHECK(heard.Await([&](const Listener& l) { return l.last_ == sent; }));
    CHECK(heard.in_order_);
    CHECK(heard.lost_ > 0);
    CHECK(heard.count_ + heard.lost_ == sent);
  }
}

TEST_CASE("the server hears when a watcher ends, whether it reads or pauses") {
  for (const bool more : {true, false}) {
    CAPTURE(more);
    Pair pair;
    Listener heard;
    heard.SetMore(more);
    auto watch = pair.client->WatchEvents(
        {}, [&](const auto& message) { return heard.Hear(message); },
        [](const Status&) {});
    EventStream* stream = pair.service.watched.get_future().get();
    CHECK(heard.Await([](const Listener& l) { return l.messages_ == 1; }));
    stream->Offer(Numbered(1));
    watch.reset();
    CHECK(pair.service.gone.get_future().wait_for(kLimit) == std::future_status::ready);
  }
}

TEST_CASE("a watcher hears why a stream has ended, and may resume it for nothing") {
  Pair pair;
  std::promise<Status> end;
  v1::WatchEventsRequest request;
  request.set_pattern("refused");
  const auto refused = pair.client->WatchEvents(
      request, [](const auto&) { return true; },
      [&end](const Status& status) { end.set_value(status); });
  CHECK(end.get_future().get().code() == Code::kResourceExhausted);
  refused->Resume();

  Listener heard;
  std::promise<Status> over;
  const auto watch = pair.client->WatchEvents(
      {}, [&](const auto& message) { return heard.Hear(message); },
      [&over](const Status& status) { over.set_value(status); });
  EventStream* stream = pair.service.watched.get_future().get();
  CHECK(heard.Await([](const Listener& l) { return l.messages_ == 1; }));
  stream->End(Status::Unavailable("the kernel stops"));
  CHECK(over.get_future().get().message() == "the kernel stops");
  watch->Resume();
}

}  // namespace nscp
