// /log/* (rest-api.md 6).
#include <charconv>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/dates.h"
#include "gateway/api/log_list.h"
#include "gateway/legacy/legacy.h"

namespace nscp::gateway {
namespace {

constexpr uint32_t kMaxMessages = 100000;

Response LogStatus(const Context& context) {
  const auto status = context.kernel().GetLogStatus({}, context.Call());
  if (!status.ok()) return FailedCall(context, status.status());
  json::Writer out;
  out.BeginObject().Key("status").BeginObject();
  out.Field("count", status->errors()).Field("error", status->last_error());
  out.EndObject().EndObject();
  return JsonAnswer(out);
}

Response LogMessages(const Context& context) {
  const std::string_view text = context.request.Parameter1("pos").value_or("");
  uint32_t position = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc() || end != text.data() + text.size()) position = 0;
  v1::ListLogsRequest request;
  request.set_offset(position);
  request.set_limit(kMaxMessages);
  const auto listed = context.kernel().ListLogs(request, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginObject().Key("log").BeginObject().Key("data").BeginArray();
  for (const v1::LogEntry& entry : listed->entries()) {
    out.BeginObject()
        .Field("file", entry.file())
        .Field("line", static_cast<int64_t>(entry.line()))
        .Field("type", LevelWord(entry.level()))
        .Field("date", FormatDate(entry.time_ms()))
        .Field("message", entry.message())
        .EndObject();
  }
  out.EndArray();
  // Where the next question goes on.
  out.Field("pos", static_cast<uint64_t>(position) +
                       static_cast<uint64_t>(listed->entries_size()));
  out.EndObject().EndObject();
  return JsonAnswer(out);
}

Response LogReset(const Context& context) {
  v1::ClearLogsRequest request;
  context.SetCaller(request.mutable_caller());
  const auto cleared = context.kernel().ClearLogs(request, context.Call());
  if (!cleared.ok()) return FailedCall(context, cleared.status());
  Response response;
  response.content_type = kJson;
  response.body = R"({"status" : "ok"})";
  return response;
}

}  // namespace

void AddLegacyLog(Router& router) {
  router.Add({"GET", "/log/status", kUnversioned, "legacy", LogStatus});
  router.Add({"GET", "/log/messages", kUnversioned, "legacy", LogMessages});
  router.Add({"POST", "/log/reset", kUnversioned, "legacy", LogReset});
}

}  // namespace nscp::gateway
