// The log and the events as they come: server-sent events (WHATWG HTML, "Server-sent
// events") with the objects of the lists.
//
// An event's id is "<start of the kernel in ms>-<index>": indexes begin anew with each
// kernel, and what a client names after a restart of the agent must not hide what is new.
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/event_list.h"
#include "gateway/api/log_list.h"
#include "gateway/api/resources.h"
#include "gateway/api/streams.h"

namespace nscp::gateway {
namespace {

struct StreamPlace {
  int64_t started_ms = 0;  // 0 = the kernel that runs
  uint64_t index = 0;
};

template <class Number>
bool TakeNumber(std::string_view text, Number& number) {
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// "12", or "1763791705123-12".
std::optional<StreamPlace> ParsePlace(std::string_view text) {
  StreamPlace place;
  const size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    if (!TakeNumber(text.substr(0, dash), place.started_ms)) return std::nullopt;
    text.remove_prefix(dash + 1);
  }
  if (!TakeNumber(text, place.index) || place.started_ms < 0) return std::nullopt;
  return place;
}

// Where a client wants to go on. It comes again with the address that it began with, so
// the header is the newer word. An id that is none of ours: from now on.
Result<std::optional<StreamPlace>> ReadPlace(const Request& request) {
  if (const auto header = request.Header("Last-Event-ID"); header && !header->empty()) {
    return ParsePlace(*header);
  }
  const auto since = request.Parameter1("since");
  if (!since || since->empty()) return std::optional<StreamPlace>();
  std::optional<StreamPlace> place = ParsePlace(*since);
  if (!place) return Status::InvalidArgument("Invalid request");
  return place;
}

std::string IdLine(int64_t started_ms, uint64_t index) {
  return "id: " + std::to_string(started_ms) + "-" + std::to_string(index) + "\n";
}

std::string EventText(const std::string& id_line, std::string_view type,
                      const json::Writer& data) {
  std::string text = id_line + "event: ";
  text += type;
  text += "\ndata: " + data.Text() + "\n\n";
  return text;
}

// What differs between the two streams.
struct LogKind {
  using Message = v1::WatchLogsResponse;
  static constexpr std::string_view kType = "log";
  static const auto& Items(const Message& message) { return message.entries(); }
  static void Write(const v1::LogEntry& entry, json::Writer& out) {
    WriteLogEntry(entry, out);
  }
};
struct EventKind {
  using Message = v1::WatchEventsResponse;
  static constexpr std::string_view kType = "event";
  static const auto& Items(const Message& message) { return message.events(); }
  static void Write(const v1::Event& event, json::Writer& out) { WriteEvent(event, out); }
};

// Turns the kernel's messages into text; of one stream, which calls it in order.
template <class Kind>
class Teller {
 public:
  explicit Teller(std::shared_ptr<StreamListener> listener)
      : listener_(std::move(listener)) {}

  bool operator()(const typename Kind::Message& message) {
    std::string text;
    const bool first = message.started_ms() != 0;
    if (first) {
      started_ms_ = message.started_ms();
      text =
          "retry: " + std::to_string(std::chrono::milliseconds(Streams::kRetry).count()) +
          "\n" + IdLine(started_ms_, message.position()) + "\n";
    }
    if (message.lost() > 0) {
      json::Writer count;
      count.BeginObject().Field("count", message.lost()).EndObject();
      text += EventText("", "lost", count);
    }
    for (const auto& item : Kind::Items(message)) {
      json::Writer out;
      Kind::Write(item, out);
      text += EventText(IdLine(started_ms_, item.index()), Kind::kType, out);
    }
    const bool more = listener_->Send(text);
    if (first) listener_->Begun();
    return more;
  }

 private:
  const std::shared_ptr<StreamListener> listener_;
  int64_t started_ms_ = 0;
};

template <class Asked>
void SetPlace(const std::optional<StreamPlace>& place, Asked& asked) {
  if (!place) return;
  asked.set_after(place->index);
  asked.set_started_ms(place->started_ms);
}

Response StreamLogs(const Context& context) {
  const auto place = ReadPlace(context.request);
  if (!place.ok()) return TextAnswer(400, place.status().message());
  v1::WatchLogsRequest asked;
  SetPlace(*place, asked);
  const auto levels = context.request.Parameter1("level").value_or("");
  for (const v1::LogLevel level : ParseLevels(levels)) asked.add_levels(level);
  return context.services.streams->Open(
      context, [&](KernelClient& kernel, const std::shared_ptr<StreamListener>& who) {
        return kernel.WatchLogs(asked, Teller<LogKind>(who),
                                [who](const Status& why) { who->Ended(why); });
      });
}

Response StreamEvents(const Context& context) {
  const auto place = ReadPlace(context.request);
  if (!place.ok()) return TextAnswer(400, place.status().message());
  v1::WatchEventsRequest asked;
  SetPlace(*place, asked);
  asked.set_pattern("*");
  return context.services.streams->Open(
      context, [&](KernelClient& kernel, const std::shared_ptr<StreamListener>& who) {
        return kernel.WatchEvents(asked, Teller<EventKind>(who),
                                  [who](const Status& why) { who->Ended(why); });
      });
}

}  // namespace

void AddEventStreams(Router& router) {
  router.Add({"GET", "/logs/stream", kBothVersions, "logs.list", StreamLogs});
  router.Add({"GET", "/events/stream", kBothVersions, "events.list", StreamEvents});
}

}  // namespace nscp::gateway
