// The streams of the log and of the events.
#include <optional>
#include <string>
#include <utility>

#include "kernel/service/services.h"
#include "proto/cpp/queue_stream.h"

namespace nscp::kernel {
namespace {

// What indexes belong to: they begin anew with each kernel.
int64_t StartedMs(const Kernel& kernel) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             kernel.started().time_since_epoch())
      .count();
}

// An index of another kernel says nothing here: then all that is kept is news.
template <class Request>
std::optional<uint64_t> AfterWhich(const Request& request, int64_t started_ms) {
  if (request.started_ms() != 0 && request.started_ms() != started_ms) return 0;
  if (!request.has_after()) return std::nullopt;
  return request.after();
}

// `wanted` picks from what the ring tells.
template <class Message, class Item, class Ring, class Request, class Wanted>
grpc::ServerWriteReactor<Message>* Follow(Ring& ring, const Request& request,
                                          int64_t started_ms,
                                          typename QueueStream<Message, Item>::Add add,
                                          Wanted wanted) {
  auto* stream = QueueStream<Message, Item>::Make(add);
  auto watch = ring.SubscribeAfter(
      AfterWhich(request, started_ms),
      [stream, started_ms](WatchStart start) {
        Message first;
        first.set_position(start.position);
        first.set_lost(start.gone);
        first.set_started_ms(started_ms);
        stream->Begin(std::move(first));
      },
      [stream, wanted](const std::shared_ptr<const Item>& item) {
        if (wanted(*item)) stream->Offer(item);
      });
  if (watch.ok()) {
    stream->OnGone(
        [held = std::shared_ptr<Watch>(std::move(*watch))]() mutable { held.reset(); });
  } else {
    stream->End(watch.status());
  }
  return stream;
}

}  // namespace

grpc::ServerWriteReactor<v1::WatchLogsResponse>* LogsService::Watch(
    Context* context, const v1::WatchLogsRequest* request) {
  using Message = v1::WatchLogsResponse;
  using Item = v1::LogEntry;
  const auto visitor = gate_.Admit(*context, "Logs/Watch");
  if (!visitor.ok()) return QueueStream<Message, Item>::Finished(visitor.status());
  return Follow<Message, Item>(
      kernel_.logger().ring(), *request, StartedMs(kernel_),
      [](const Item& entry, Message* message) { *message->add_entries() = entry; },
      [levels = request->levels()](const Item& entry) {
        return HasLevel(levels, entry);
      });
}

grpc::ServerWriteReactor<v1::WatchEventsResponse>* EventsService::Watch(
    Context* context, const v1::WatchEventsRequest* request) {
  using Message = v1::WatchEventsResponse;
  using Item = v1::Event;
  const auto visitor = gate_.Admit(*context, "Events/Watch");
  if (!visitor.ok()) return QueueStream<Message, Item>::Finished(visitor.status());
  const std::string pattern = request->pattern().empty() ? "*" : request->pattern();
  return Follow<Message, Item>(
      kernel_.events(), *request, StartedMs(kernel_),
      [](const Item& event, Message* message) { *message->add_events() = event; },
      [pattern](const Item& event) { return EventMatches(pattern, event.name()); });
}

}  // namespace nscp::kernel
