#include <algorithm>
#include <map>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "proto/cpp/windows_win32.h"
#include "workers/check_event_log/event_query.h"
#include "workers/check_event_log/event_registry_win32.h"
#include "workers/check_event_log/levels.h"
#include "workers/check_event_log/wevtapi_win32.h"
#include "workers/check_event_log/windows_logs_win32.h"

namespace nscp::check_event_log {
namespace {

// Records that are fetched at a time, and how long one fetch may take before it is looked
// whether somebody still waits.
constexpr DWORD kFetch = 64;
constexpr DWORD kFetchMs = 500;
// Sources whose texts one reading keeps open.
constexpr size_t kMaxPublishers = 200;
constexpr DWORD kFirstTextUnits = 2048;

// What the records of one reading share. One thread.
class Reading {
 public:
  Reading(const WevtApi& api, size_t max_text) : api_(api), max_text_(max_text) {}

  const WevtApi& api() const { return api_; }
  // Null where the source has registered no texts.
  EVT_HANDLE Publisher(const std::string& name) {
    auto known = publishers_.find(name);
    if (known == publishers_.end()) {
      if (publishers_.size() >= kMaxPublishers) publishers_.clear();
      EvtHandle opened(api_,
                       api_.open_publisher(nullptr, Wide(name).c_str(), nullptr, 0, 0));
      known = publishers_.emplace(name, std::move(opened)).first;
    }
    return known->second.get();
  }
  // Units, with zeros between the strings of a list; empty where there is none.
  std::wstring Format(const std::string& publisher, EVT_HANDLE event, DWORD what) {
    const EVT_HANDLE metadata = Publisher(publisher);
    std::wstring text(kFirstTextUnits, L'\0');
    for (int round = 0; metadata != nullptr && round < 2; ++round) {
      DWORD used = 0;
      const bool done =
          api_.format_message(metadata, event, 0, 0, nullptr, what,
                              static_cast<DWORD>(text.size()), text.data(), &used);
      const DWORD error = done ? ERROR_SUCCESS : ::GetLastError();
      // What could not be put in stays as %1, and the text is there.
      if (done || error == ERROR_EVT_UNRESOLVED_VALUE_INSERT ||
          error == ERROR_EVT_MAX_INSERTS_REACHED) {
        text.resize(std::min<size_t>(used, text.size()));
        while (!text.empty() && text.back() == L'\0') text.pop_back();
        return text;
      }
      if (error != ERROR_INSUFFICIENT_BUFFER || used > max_text_) break;
      text.resize(used);
    }
    return L"";
  }
  std::string Xml(EVT_HANDLE event) const {
    std::wstring text(kFirstTextUnits, L'\0');
    for (int round = 0; round < 2; ++round) {
      DWORD used = 0;
      DWORD count = 0;
      const auto size = static_cast<DWORD>(text.size() * sizeof(wchar_t));
      if (api_.render(nullptr, event, EvtRenderEventXml, size, text.data(), &used,
                      &count)) {
        return Utf8(text.c_str());
      }
      if (::GetLastError() != ERROR_INSUFFICIENT_BUFFER || used > max_text_) break;
      text.resize(used / sizeof(wchar_t) + 1);
    }
    return "";
  }
  // What the program gave along, one text for each value.
  std::vector<std::string> UserValues(EVT_HANDLE event) {
    if (!user_context_) {
      user_context_ =
          EvtHandle(api_, api_.create_render_context(0, nullptr, EvtRenderContextUser));
    }
    DWORD count = 0;
    EvtValues values;
    const bool read = values.Read([&](DWORD size, EVT_VARIANT* out, DWORD* used) {
      return api_.render(user_context_.get(), event, EvtRenderEventValues, size, out,
                         used, &count);
    });
    std::vector<std::string> texts;
    for (DWORD i = 0; read && i < count; ++i) texts.push_back(EvtText(values[i]));
    return texts;
  }

 private:
  const WevtApi api_;
  const size_t max_text_;
  std::map<std::string, EvtHandle> publishers_;
  EvtHandle user_context_;
};

class EvtTexts final : public TextMaker {
 public:
  EvtTexts(std::shared_ptr<Reading> reading, EvtHandle handle, const Event& event)
      : reading_(std::move(reading)),
        handle_(std::move(handle)),
        publisher_(event.provider),
        sid_(event.sid),
        task_(event.task) {}

  std::string Make(EventText which) override {
    switch (which) {
      case EventText::kMessage: {
        const std::string message = Format(EvtFormatMessageEvent);
        return message.empty() ? Make(EventText::kStrings) : message;
      }
      case EventText::kStrings:
        return RepairUtf8(Join(reading_->UserValues(handle_.get()), ", "));
      case EventText::kTask: {
        const std::string task = Format(EvtFormatMessageTask);
        return task.empty() && task_ != 0 ? std::to_string(task_) : task;
      }
      case EventText::kOpcode:
        return Format(EvtFormatMessageOpcode);
      case EventText::kKeyword:
        return Format(EvtFormatMessageKeyword);
      case EventText::kUser:
        return AccountOf(sid_);
      case EventText::kXml:
        return reading_->Xml(handle_.get());
    }
    return "";
  }

 private:
  // The strings of a list with commas between.
  std::string Format(DWORD what) {
    std::string text = Utf8(reading_->Format(publisher_, handle_.get(), what));
    for (size_t zero = text.find('\0'); zero != std::string::npos;
         zero = text.find('\0', zero)) {
      text[zero] = ',';
    }
    return text;
  }

  const std::shared_ptr<Reading> reading_;
  const EvtHandle handle_;
  const std::string publisher_;
  const std::string sid_;
  const uint32_t task_;
};

// Sets the event whatever happened: the reader finds out.
DWORD WINAPI OnRecord(EVT_SUBSCRIBE_NOTIFY_ACTION, void* context, EVT_HANDLE) {
  ::SetEvent(context);
  return ERROR_SUCCESS;
}

class EvtSignal final : public LogSignal {
 public:
  EvtSignal(const WevtApi& api, const std::vector<std::wstring>& logs)
      : changed_(::CreateEventW(nullptr, FALSE, FALSE, nullptr)) {
    for (const std::wstring& log : logs) {
      EvtHandle opened(
          api, api.subscribe(nullptr, nullptr, log.c_str(), L"*", nullptr, changed_.get(),
                             &OnRecord, EvtSubscribeToFutureEvents));
      tells_all_ = tells_all_ && opened;
      subscriptions_.push_back(std::move(opened));
    }
  }
  bool Wait(std::chrono::milliseconds limit) override {
    const auto passed =
        ::WaitForSingleObject(changed_.get(), static_cast<DWORD>(limit.count()));
    return passed == WAIT_OBJECT_0;
  }
  void Wake() override { ::SetEvent(changed_.get()); }
  bool TellsAll() const override { return tells_all_; }

 private:
  const Handle changed_;
  bool tells_all_ = true;
  std::vector<EvtHandle> subscriptions_;  // closed before the event
};

class EvtLogs final : public EventLogs {
 public:
  EvtLogs(const WevtApi& api, const EventLogsOptions& options)
      : api_(api), options_(options) {}

  Result<LogEnds> Ends(const std::string& log) override;
  Result<std::optional<Position>> Find(const std::string& log, uint64_t record) override;
  Status Read(const ReadRequest& request, const Cancelled& cancelled,
              const VisitEvent& visit) override;
  std::unique_ptr<LogSignal> Follow(const std::vector<std::string>& logs) override;
  Result<std::vector<std::string>> List(Kind kind) override;
  Result<std::vector<std::string>> ListOf(const std::string& source, Part part) override;

 private:
  Result<EvtHandle> Query(const std::string& log, const std::string& xpath,
                          bool newest_first) const;
  // From the record on; false where Windows cannot go to it.
  bool Seek(EVT_HANDLE results, const std::string& log, uint64_t record,
            DWORD flags) const;
  Result<EvtHandle> QueryBehind(const ReadRequest& request) const;
  // The next records; none at the end.
  Result<std::vector<EvtHandle>> Next(EVT_HANDLE results, DWORD count,
                                      const Cancelled& cancelled) const;
  Result<std::optional<Position>> FirstOf(EVT_HANDLE results) const;
  Result<Event> ReadEvent(EVT_HANDLE event, EVT_HANDLE context, EvtValues& values) const;
  EvtHandle SystemContext() const {
    return EvtHandle(api_,
                     api_.create_render_context(0, nullptr, EvtRenderContextSystem));
  }

  const WevtApi api_;
  const EventLogsOptions options_;
};

Result<EvtHandle> EvtLogs::Query(const std::string& log, const std::string& xpath,
                                 bool newest_first) const {
  const DWORD flags = EvtQueryChannelPath | (newest_first ? EvtQueryReverseDirection
                                                          : EvtQueryForwardDirection);
  EvtHandle results(api_,
                    api_.query(nullptr, Wide(log).c_str(), Wide(xpath).c_str(), flags));
  if (results) return Result<EvtHandle>(std::move(results));
  const DWORD error = ::GetLastError();
  if (error != ERROR_EVT_CHANNEL_NOT_FOUND) {
    return WindowsStatus("opening the event log " + log, error);
  }
  const auto known =
      options_.lookup_names ? FindLog(log, true) : std::optional<std::string>();
  if (!known || EqualsIgnoreCase(*known, log)) return NoSuchLog(log);
  return Query(*known, xpath, newest_first);
}

bool EvtLogs::Seek(EVT_HANDLE results, const std::string& log, uint64_t record,
                   DWORD flags) const {
  // The form that EvtRender gives bookmarks in; a log's name has none of XML's signs.
  if (log.find_first_of("'<>&") != std::string::npos) return false;
  const std::string xml = "<BookmarkList><Bookmark Channel='" + log + "' RecordId='" +
                          std::to_string(record) + "' IsCurrent='true'/></BookmarkList>";
  const EvtHandle bookmark(api_, api_.create_bookmark(Wide(xml).c_str()));
  return bookmark && api_.seek(results, 0, bookmark.get(), 0,
                               static_cast<DWORD>(EvtSeekRelativeToBookmark) | flags);
}

Result<EvtHandle> EvtLogs::QueryBehind(const ReadRequest& request) const {
  // Going to a record is cheap; comparing the numbers of all records is not.
  if (request.after > 0 && !request.newest_first) {
    ReadRequest unbounded = request;
    unbounded.after = 0;
    unbounded.up_to = UINT64_MAX;
    ASSIGN_OR_RETURN(EvtHandle results, Query(request.log, XPathOf(unbounded), false));
    if (Seek(results.get(), request.log, request.after, 0)) {
      return Result<EvtHandle>(std::move(results));
    }
  }
  return Query(request.log, XPathOf(request), request.newest_first);
}

Result<std::vector<EvtHandle>> EvtLogs::Next(EVT_HANDLE results, DWORD count,
                                             const Cancelled& cancelled) const {
  EVT_HANDLE fetched[kFetch] = {};
  for (;;) {
    if (cancelled && cancelled()) return Status::Cancelled("nobody waits any more");
    DWORD got = 0;
    std::vector<EvtHandle> events;
    if (api_.next(results, std::min(count, kFetch), fetched, kFetchMs, 0, &got)) {
      for (DWORD i = 0; i < got; ++i) events.emplace_back(api_, fetched[i]);
      return Result<std::vector<EvtHandle>>(std::move(events));
    }
    const DWORD error = ::GetLastError();
    if (error == ERROR_NO_MORE_ITEMS) {
      return Result<std::vector<EvtHandle>>(std::move(events));
    }
    if (error != ERROR_TIMEOUT) return WindowsStatus("reading an event log", error);
  }
}

Result<Event> EvtLogs::ReadEvent(EVT_HANDLE handle, EVT_HANDLE context,
                                 EvtValues& values) const {
  const bool read = values.Read([&](DWORD size, EVT_VARIANT* out, DWORD* used) {
    DWORD count = 0;
    return api_.render(context, handle, EvtRenderEventValues, size, out, used, &count);
  });
  if (!read) return LastError("reading a record of an event log");
  Event event;
  event.record = EvtNumber(values[EvtSystemEventRecordId]);
  event.time = EvtNumber(values[EvtSystemTimeCreated]);
  event.written = event.generated = SecondsOfFileTime(event.time);
  event.keywords = EvtNumber(values[EvtSystemKeywords]);
  event.level = LevelOfRecord(static_cast<int64_t>(EvtNumber(values[EvtSystemLevel])),
                              event.keywords);
  event.raw_id = static_cast<uint32_t>(EvtNumber(values[EvtSystemEventID]) & 0xffff) |
                 static_cast<uint32_t>(EvtNumber(values[EvtSystemQualifiers]) & 0xffff)
                     << 16;
  event.task = static_cast<uint32_t>(EvtNumber(values[EvtSystemTask]));
  event.opcode = static_cast<uint32_t>(EvtNumber(values[EvtSystemOpcode]));
  event.log = EvtString(values[EvtSystemChannel]);
  event.provider = EvtString(values[EvtSystemProviderName]);
  event.guid = EvtGuid(values[EvtSystemProviderGuid]);
  event.computer = EvtString(values[EvtSystemComputer]);
  event.sid = EvtSid(values[EvtSystemUserID]);
  return event;
}

Result<std::optional<Position>> EvtLogs::FirstOf(EVT_HANDLE results) const {
  ASSIGN_OR_RETURN(const auto events, Next(results, 1, {}));
  if (events.empty()) return std::optional<Position>();
  const EvtHandle context = SystemContext();
  EvtValues values;
  ASSIGN_OR_RETURN(const Event event, ReadEvent(events[0].get(), context.get(), values));
  return std::optional<Position>(Position{event.record, event.time});
}

Result<LogEnds> EvtLogs::Ends(const std::string& log) {
  LogEnds ends;
  for (const bool newest : {false, true}) {
    ASSIGN_OR_RETURN(const EvtHandle results, Query(log, "*", newest));
    ASSIGN_OR_RETURN(const auto position, FirstOf(results.get()));
    (newest ? ends.newest : ends.oldest) = position.value_or(Position{});
  }
  return ends;
}

Result<std::optional<Position>> EvtLogs::Find(const std::string& log, uint64_t record) {
  ASSIGN_OR_RETURN(const EvtHandle results, Query(log, "*", false));
  if (!Seek(results.get(), log, record, EvtSeekStrict)) return std::optional<Position>();
  ASSIGN_OR_RETURN(const auto found, FirstOf(results.get()));
  if (!found || found->record != record) return std::optional<Position>();
  return found;
}

Status EvtLogs::Read(const ReadRequest& request, const Cancelled& cancelled,
                     const VisitEvent& visit) {
  ASSIGN_OR_RETURN(const EvtHandle results, QueryBehind(request));
  const EvtHandle context = SystemContext();
  if (!context) return LastError("reading the event log " + request.log);
  const auto reading = std::make_shared<Reading>(api_, options_.buffer_size);
  EvtValues values;
  Status unreadable;
  bool any = false;
  for (;;) {
    ASSIGN_OR_RETURN(std::vector<EvtHandle> events,
                     Next(results.get(), kFetch, cancelled));
    // A damaged record is left out; a log of nothing else is an error.
    if (events.empty()) return any ? Status::Ok() : unreadable;
    for (EvtHandle& handle : events) {
      auto read = ReadEvent(handle.get(), context.get(), values);
      if (!read.ok()) {
        unreadable = read.status();
        continue;
      }
      any = true;
      Event& event = *read;
      if (event.record <= request.after || event.record > request.up_to) {
        const bool is_past = (event.record > request.up_to) != request.newest_first;
        if (is_past) return Status::Ok();
        continue;
      }
      event.texts =
          EventTexts(std::make_unique<EvtTexts>(reading, std::move(handle), event));
      if (!visit(event)) return Status::Ok();
    }
  }
}

std::unique_ptr<LogSignal> EvtLogs::Follow(const std::vector<std::string>& logs) {
  std::vector<std::wstring> names;
  for (const std::string& log : logs) names.push_back(Wide(log));
  return std::make_unique<EvtSignal>(api_, names);
}

Result<std::vector<std::string>> EvtLogs::List(Kind kind) {
  const bool of_logs = kind == Kind::kLogs;
  const EvtHandle all(
      api_, of_logs ? api_.open_channels(nullptr, 0) : api_.open_publishers(nullptr, 0));
  if (!all) return LastError("listing the event logs and their sources");
  std::vector<std::string> names;
  std::wstring name(512, L'\0');
  while (names.size() < kMaxNames) {
    DWORD used = 0;
    const auto next = of_logs ? api_.next_channel : api_.next_publisher;
    if (next(all.get(), static_cast<DWORD>(name.size()), name.data(), &used)) {
      names.push_back(Utf8(name.c_str()));
      continue;
    }
    const DWORD error = ::GetLastError();
    if (error == ERROR_NO_MORE_ITEMS) break;
    if (error != ERROR_INSUFFICIENT_BUFFER || used <= name.size() ||
        used > EvtValues::kMaxBytes) {
      return WindowsStatus("listing the event logs and their sources", error);
    }
    name.resize(used);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<std::string>> EvtLogs::ListOf(const std::string& source, Part part) {
  const bool tasks = part == Part::kTasks;
  const EvtHandle publisher(
      api_, api_.open_publisher(nullptr, Wide(source).c_str(), nullptr, 0, 0));
  if (!publisher) return LastError("opening the source " + source);
  EvtValues values;
  const bool read = values.Read([&](DWORD size, EVT_VARIANT* out, DWORD* used) {
    return api_.publisher_property(
        publisher.get(), tasks ? EvtPublisherMetadataTasks : EvtPublisherMetadataKeywords,
        0, size, out, used);
  });
  if (!read) return LastError("reading what the source " + source + " registered");
  const EvtHandle array(api_, values[0].EvtHandleVal);
  DWORD count = 0;
  if (!api_.array_size(array.get(), &count)) {
    return LastError("reading what the source " + source + " registered");
  }
  const DWORD name_id =
      tasks ? EvtPublisherMetadataTaskName : EvtPublisherMetadataKeywordName;
  const DWORD value_id =
      tasks ? EvtPublisherMetadataTaskValue : EvtPublisherMetadataKeywordValue;
  std::vector<std::string> names;
  for (DWORD i = 0; i < count && names.size() < kMaxNames; ++i) {
    const auto get = [&](DWORD id, EvtValues& value) {
      return value.Read([&](DWORD size, EVT_VARIANT* out, DWORD* used) {
        return api_.array_property(array.get(), id, i, 0, size, out, used);
      });
    };
    EvtValues name;
    EvtValues number;
    if (!get(name_id, name) || !get(value_id, number)) continue;
    names.push_back(EvtString(name[0]) + " (" + std::to_string(EvtNumber(number[0])) +
                    ")");
  }
  return names;
}

}  // namespace

Result<std::unique_ptr<EventLogs>> OpenEvtLogs(const EventLogsOptions& options) {
  ASSIGN_OR_RETURN(const WevtApi api, WevtApi::Load());
  // The functions are there and do nothing where Windows is played.
  const EvtHandle query(
      api, api.query(nullptr, L"System", L"*",
                     static_cast<DWORD>(EvtQueryChannelPath) | EvtQueryReverseDirection));
  const DWORD error = query ? ERROR_SUCCESS : ::GetLastError();
  const bool answers = error != ERROR_INVALID_FUNCTION &&
                       error != ERROR_CALL_NOT_IMPLEMENTED &&
                       (query || error != ERROR_SUCCESS);
  if (!answers) {
    return Status::Unimplemented("EvtQuery: " + WindowsError(error));
  }
  return std::unique_ptr<EventLogs>(std::make_unique<EvtLogs>(api, options));
}

}  // namespace nscp::check_event_log
