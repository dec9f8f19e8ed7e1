// The last events (rest-api.md 5.10).
#include <map>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/dates.h"
#include "gateway/api/event_list.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {
namespace {

template <typename Events>
Response AnswerEvents(const Events& events) {
  json::Writer out;
  out.BeginArray();
  for (const v1::Event& event : events) {
    WriteEvent(event, out);
  }
  out.EndArray();
  return JsonAnswer(out);
}

Response ListEvents(const Context& context) {
  const auto listed = context.kernel().ListEvents({}, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  return AnswerEvents(listed->events());
}

Response TakeEvents(const Context& context) {
  v1::TakeEventsRequest request;
  context.SetCaller(request.mutable_caller());
  const auto taken = context.kernel().TakeEvents(request, context.Call());
  if (!taken.ok()) return FailedCall(context, taken.status());
  return AnswerEvents(taken->events());
}

}  // namespace

void WriteEvent(const v1::Event& event, json::Writer& out) {
  out.BeginObject()
      .Field("index", event.index())
      .Field("event", event.name())
      .Field("date", FormatDate(event.time_ms()));
  out.Key("data").BeginObject();
  const std::map<std::string, std::string> sorted(event.data().begin(),
                                                  event.data().end());
  for (const auto& [key, value] : sorted) out.Field(key, value);
  out.EndObject().EndObject();
}

void AddEvents(Router& router) {
  router.Add({"GET", "/events", kBothVersions, "events.list", ListEvents});
  router.Add({"DELETE", "/events", kBothVersions, "events.delete", TakeEvents});
}

}  // namespace nscp::gateway
