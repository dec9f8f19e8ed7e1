// The log: pages of it, its status, clearing it and adding to it (rest-api.md 5.8;
// corrections 17 and 67).
#include <algorithm>
#include <charconv>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/dates.h"
#include "gateway/api/log_list.h"
#include "gateway/api/resources.h"
#include "json/value.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

constexpr uint64_t kDefaultPerPage = 10;
constexpr uint64_t kMinPerPage = 2;
constexpr uint64_t kMaxPerPage = 500;
constexpr uint64_t kMaxPage = 1000000;
constexpr size_t kShownOfLevel = 3;  // bytes of a level that nobody knows

struct Paging {
  uint64_t page = 1;
  uint64_t per_page = kDefaultPerPage;
  uint64_t since = 0;
  std::string level;                 // as given
  std::vector<v1::LogLevel> levels;  // empty = all
};

uint64_t NumberOr(const Request& request, std::string_view name, uint64_t otherwise) {
  const std::string_view text = request.Parameter1(name).value_or("");
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

// 0 for a number that no page can have: one that is negative or very large.
uint64_t PerPage(const Request& request) {
  std::string_view text = request.Parameter1("per_page").value_or("");
  if (StartsWith(text, "-")) text.remove_prefix(1);
  const bool number =
      !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  return number ? NumberOr(request, "per_page", 0) : kDefaultPerPage;
}

std::optional<Paging> ReadPage(const Request& request) {
  Paging page;
  page.page = std::clamp<uint64_t>(NumberOr(request, "page", 1), 1, kMaxPage);
  page.per_page = PerPage(request);
  if (page.per_page < kMinPerPage || page.per_page > kMaxPerPage) return std::nullopt;
  page.since = NumberOr(request, "since", 0);
  page.level = request.Parameter1("level").value_or("");
  page.levels = ParseLevels(page.level);
  return page;
}

void SetPageHeaders(const Context& context, const Paging& page, uint64_t count,
                    bool since, Response& response) {
  const uint64_t last =
      std::max<uint64_t>(1, (count + page.per_page - 1) / page.per_page);
  std::string tail = "&per_page=" + std::to_string(page.per_page);
  if (since) tail += "&since=" + std::to_string(page.since);
  if (!page.level.empty()) tail += "&level=" + EncodeSegment(page.level);
  const std::string base = context.Link(since ? "logs/since" : "logs") + "?page=";
  std::string links;
  const auto add = [&](uint64_t number, const char* relation) {
    if (!links.empty()) links += ", ";
    links += "<" + base + std::to_string(number) + tail + ">; rel=\"" + relation + "\"";
  };
  if (page.page * page.per_page < count) add(page.page + 1, "next");
  add(last, "last");
  add(1, "first");
  if (page.page > 1) add(page.page - 1, "prev");
  response.headers.emplace_back("Link", links);
  response.headers.emplace_back("X-Pagination-Count", std::to_string(count));
  response.headers.emplace_back("X-Pagination-Page", std::to_string(page.page));
  response.headers.emplace_back("X-Pagination-Limit", std::to_string(page.per_page));
}

Response AnswerPage(const Context& context, bool since) {
  const auto page = ReadPage(context.request);
  if (!page) return TextAnswer(400, "Invalid request");
  v1::ListLogsRequest request;
  if (since) request.set_after(page->since);
  for (const v1::LogLevel level : page->levels) request.add_levels(level);
  request.set_offset(static_cast<uint32_t>((page->page - 1) * page->per_page));
  request.set_limit(static_cast<uint32_t>(page->per_page));
  const auto listed = context.kernel().ListLogs(request, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginArray();
  uint64_t index = page->since;
  for (const v1::LogEntry& entry : listed->entries()) {
    WriteLogEntry(entry, out);
    index = entry.index();
  }
  out.EndArray();
  Response response = JsonAnswer(out);
  SetPageHeaders(context, *page, listed->matching(), since, response);
  if (since) response.headers.emplace_back("X-Log-Index", std::to_string(index));
  return response;
}

Response ListLogs(const Context& context) { return AnswerPage(context, false); }
Response ListLogsSince(const Context& context) { return AnswerPage(context, true); }

Response EmptyJson() {
  Response response;
  response.content_type = kJson;
  return response;
}

// Fills one entry; a field of the wrong type is named.
Status ReadEntry(const json::Value& body, v1::LogEntry& entry) {
  const auto text = [&](const char* name, const char* otherwise) -> Result<std::string> {
    const auto field = body.Find(name);
    if (!field) return std::string(otherwise);
    if (field->IsString()) return field->AsString();
    return Status::InvalidArgument(std::string("The field \"") + name +
                                   "\" must be a string");
  };
  ASSIGN_OR_RETURN(const std::string word, text("level", "error"));
  const auto level = ParseLevel(word);
  ASSIGN_OR_RETURN(*entry.mutable_message(), text("message", "no message"));
  if (level && *level != v1::LOG_UNSPECIFIED) {
    entry.set_level(*level);
  } else {
    // What its sender meant is not known: it must not be overlooked (correction 17).
    entry.set_level(v1::LOG_CRITICAL);
    entry.set_message("Invalid log level for: " + CutUtf8(word, kShownOfLevel, ""));
  }
  ASSIGN_OR_RETURN(*entry.mutable_file(), text("file", "REST"));
  const auto line = body.Find("line");
  const auto number = line ? line->AsInt() : std::optional<int64_t>(0);
  if (!number || *number < 0 || *number > INT32_MAX) {
    return Status::InvalidArgument("The field \"line\" must be a whole number");
  }
  entry.set_line(static_cast<int32_t>(*number));
  return Status::Ok();
}

Response AddLog(const Context& context) {
  const auto body = json::Parse(context.request.body);
  if (!body.ok()) return TextAnswer(400, "Problems parsing JSON");
  if (!body->IsObject()) return TextAnswer(422, "The body must be a JSON object");
  v1::WriteLogsRequest request;
  v1::LogEntry& entry = *request.add_entries();
  if (const Status read = ReadEntry(*body, entry); !read.ok()) {
    return TextAnswer(422, read.message());
  }
  entry.set_request_id(context.request.request_id);
  const Status written = context.kernel().WriteLogs(request, context.Call());
  return written.ok() ? EmptyJson() : FailedCall(context, written);
}

Response GetLogStatus(const Context& context) {
  const auto status = context.kernel().GetLogStatus({}, context.Call());
  if (!status.ok()) return FailedCall(context, status.status());
  json::Writer out;
  out.BeginObject()
      .Field("errors", status->errors())
      .Field("last_error", status->last_error())
      .EndObject();
  return JsonAnswer(out);
}

Response ClearStatus(const Context& context) {
  v1::ClearLogsRequest request;
  context.SetCaller(request.mutable_caller());
  const auto cleared = context.kernel().ClearLogs(request, context.Call());
  return cleared.ok() ? EmptyJson() : FailedCall(context, cleared.status());
}

Response ClearLogs(const Context& context) {
  v1::ClearLogsRequest request;
  context.SetCaller(request.mutable_caller());
  const auto cleared = context.kernel().ClearLogs(request, context.Call());
  if (!cleared.ok()) return FailedCall(context, cleared.status());
  json::Writer out;
  out.BeginObject().Field("count", 0).EndObject();
  return JsonAnswer(out);
}

struct LevelName {
  v1::LogLevel level;
  std::string_view word;
};
constexpr LevelName kLevels[] = {
    {v1::LOG_CRITICAL, "critical"}, {v1::LOG_ERROR, "error"},
    {v1::LOG_WARNING, "warning"},   {v1::LOG_INFO, "info"},
    {v1::LOG_DEBUG, "debug"},       {v1::LOG_UNSPECIFIED, "unknown"}};

}  // namespace

std::string_view LevelWord(v1::LogLevel level) {
  if (level == v1::LOG_TRACE) return "debug";
  for (const LevelName& known : kLevels) {
    if (known.level == level) return known.word;
  }
  return "unknown";
}

std::optional<v1::LogLevel> ParseLevel(std::string_view word) {
  for (const LevelName& known : kLevels) {
    if (EqualsIgnoreCase(known.word, word)) return known.level;
  }
  return std::nullopt;
}

std::vector<v1::LogLevel> ParseLevels(std::string_view list) {
  const std::vector<std::string> words = SplitList(list);
  std::vector<v1::LogLevel> levels;
  for (const std::string& word : words) {
    const auto level = ParseLevel(word);
    if (!level) continue;
    levels.push_back(*level);
    if (*level == v1::LOG_DEBUG) levels.push_back(v1::LOG_TRACE);
  }
  if (levels.empty() && !words.empty()) levels.push_back(v1::LOG_UNSPECIFIED);
  return levels;
}

void WriteLogEntry(const v1::LogEntry& entry, json::Writer& out) {
  out.BeginObject()
      .Field("file", entry.file())
      .Field("line", static_cast<int64_t>(entry.line()))
      .Field("level", LevelWord(entry.level()))
      .Field("date", FormatDate(entry.time_ms()))
      .Field("message", entry.message())
      .EndObject();
}

void AddLogs(Router& router) {
  router.Add({"GET", "/logs", kBothVersions, "logs.list", ListLogs});
  router.Add({"POST", "/logs", kBothVersions, "logs.put", AddLog});
  router.Add({"DELETE", "/logs", kBothVersions, "logs.delete", ClearLogs});
  router.Add({"GET", "/logs/since", kBothVersions, "logs.list", ListLogsSince});
  router.Add({"GET", "/logs/status", kBothVersions, "logs.list", GetLogStatus});
  router.Add({"DELETE", "/logs/status", kBothVersions, "logs.list", ClearStatus});
}

}  // namespace nscp::gateway
