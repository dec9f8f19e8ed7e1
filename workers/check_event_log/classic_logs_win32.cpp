#include <windows.h>

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/windows_win32.h"
#include "workers/check_event_log/classic_record.h"
#include "workers/check_event_log/event_registry_win32.h"
#include "workers/check_event_log/message_text.h"
#include "workers/check_event_log/windows_logs_win32.h"

namespace nscp::check_event_log {
namespace {

struct CloseLog {
  void operator()(HANDLE log) const { ::CloseEventLog(log); }
};
using Log = std::unique_ptr<void, CloseLog>;

class ClassicTexts final : public TextMaker {
 public:
  ClassicTexts(std::shared_ptr<MessageFiles> files, const Event& event,
               std::vector<std::string> strings)
      : files_(std::move(files)),
        log_(event.log),
        source_(event.provider),
        sid_(event.sid),
        id_(event.raw_id),
        task_(event.task),
        strings_(std::move(strings)) {}

  std::string Make(EventText which) override {
    switch (which) {
      case EventText::kMessage:
        return Message();
      case EventText::kStrings:
        return Join(strings_, ", ");
      case EventText::kTask:
        return Task();
      case EventText::kUser:
        return AccountOf(sid_);
      case EventText::kOpcode:
      case EventText::kKeyword:
      case EventText::kXml:
        break;
    }
    return "";
  }

 private:
  std::string Message() {
    const auto text = files_->Find(log_, source_, MessageFiles::Kind::kEvents, id_);
    return text ? InsertStrings(*text, strings_) : Join(strings_, ", ");
  }
  std::string Task() {
    if (task_ == 0) return "";
    const auto text = files_->Find(log_, source_, MessageFiles::Kind::kCategories, task_);
    return text ? OneLine(InsertStrings(*text, strings_), 0) : std::to_string(task_);
  }

  const std::shared_ptr<MessageFiles> files_;
  const std::string log_;
  const std::string source_;
  const std::string sid_;
  const uint32_t id_;
  const uint32_t task_;
  const std::vector<std::string> strings_;
};

class ClassicSignal final : public LogSignal {
 public:
  explicit ClassicSignal(std::vector<Log> logs)
      : changed_(::CreateEventW(nullptr, FALSE, FALSE, nullptr)), logs_(std::move(logs)) {
    for (const Log& log : logs_) ::NotifyChangeEventLog(log.get(), changed_.get());
  }
  bool Wait(std::chrono::milliseconds limit) override {
    const auto passed =
        ::WaitForSingleObject(changed_.get(), static_cast<DWORD>(limit.count()));
    return passed == WAIT_OBJECT_0;
  }
  void Wake() override { ::SetEvent(changed_.get()); }
  // Windows pulses the event, every five seconds at most.
  bool TellsAll() const override { return false; }

 private:
  const Handle changed_;
  const std::vector<Log> logs_;
};

class ClassicLogs final : public EventLogs {
 public:
  explicit ClassicLogs(const EventLogsOptions& options) : options_(options) {}

  Result<LogEnds> Ends(const std::string& log) override;
  Result<std::optional<Position>> Find(const std::string& log, uint64_t record) override;
  Status Read(const ReadRequest& request, const Cancelled& cancelled,
              const VisitEvent& visit) override;
  std::unique_ptr<LogSignal> Follow(const std::vector<std::string>& logs) override;
  Result<std::vector<std::string>> List(Kind kind) override;
  Result<std::vector<std::string>> ListOf(const std::string&, Part) override {
    return Status::Unimplemented(
        "The tasks and keywords of a source are known to the newer interface of the "
        "event "
        "log alone, which does not answer here");
  }

 private:
  // `name` becomes the log's own.
  Result<Log> Open(std::string& name) const;
  Result<std::vector<char>> ReadSome(HANDLE log, DWORD flags, DWORD record,
                                     std::vector<char> buffer) const;
  Result<std::optional<Position>> PositionOf(HANDLE log, DWORD record) const;

  const EventLogsOptions options_;
};

// Windows opens the log Application where there is none of the name.
Result<Log> ClassicLogs::Open(std::string& name) const {
  const auto known = FindLog(name, options_.lookup_names);
  if (!known) return NoSuchLog(name);
  name = *known;
  Log log(::OpenEventLogW(nullptr, Wide(name).c_str()));
  if (log == nullptr) return LastError("opening the event log " + name);
  return Result<Log>(std::move(log));
}

// Whole records, as many as fit; none at the end of the log.
Result<std::vector<char>> ClassicLogs::ReadSome(HANDLE log, DWORD flags, DWORD record,
                                                std::vector<char> buffer) const {
  constexpr DWORD kMaxRecordBytes = 0x7ffff;  // the most that ReadEventLog takes
  buffer.resize(options_.buffer_size);
  for (;;) {
    DWORD got = 0;
    DWORD needed = 0;
    if (::ReadEventLogW(log, flags, record, buffer.data(),
                        static_cast<DWORD>(buffer.size()), &got, &needed)) {
      buffer.resize(got);
      return buffer;
    }
    const DWORD error = ::GetLastError();
    if (error == ERROR_HANDLE_EOF) return std::vector<char>();
    const bool is_larger = error == ERROR_INSUFFICIENT_BUFFER && needed > buffer.size() &&
                           needed <= kMaxRecordBytes;
    if (!is_larger) return WindowsStatus("reading an event log", error);
    buffer.resize(needed);
  }
}

Result<std::optional<Position>> ClassicLogs::PositionOf(HANDLE log, DWORD record) const {
  const auto bytes =
      ReadSome(log, EVENTLOG_SEEK_READ | EVENTLOG_FORWARDS_READ, record, {});
  // A record that is gone is an error of this kind.
  if (!bytes.ok()) return std::optional<Position>();
  const auto read = ReadClassicRecord({bytes->data(), bytes->size()});
  if (!read || read->event.record != record) return std::optional<Position>();
  return std::optional<Position>(Position{read->event.record, read->event.time});
}

Result<LogEnds> ClassicLogs::Ends(const std::string& log) {
  std::string name = log;
  ASSIGN_OR_RETURN(const Log opened, Open(name));
  DWORD oldest = 0;
  DWORD count = 0;
  if (!::GetOldestEventLogRecord(opened.get(), &oldest) ||
      !::GetNumberOfEventLogRecords(opened.get(), &count)) {
    return LastError("asking for the ends of the event log " + name);
  }
  LogEnds ends;
  if (count == 0) return ends;
  ASSIGN_OR_RETURN(const auto first, PositionOf(opened.get(), oldest));
  ASSIGN_OR_RETURN(const auto last, PositionOf(opened.get(), oldest + count - 1));
  // Overwritten or cleared between the calls: the next look knows.
  if (!first || !last) return ends;
  return LogEnds{*first, *last};
}

Result<std::optional<Position>> ClassicLogs::Find(const std::string& log,
                                                  uint64_t record) {
  std::string name = log;
  ASSIGN_OR_RETURN(const Log opened, Open(name));
  return PositionOf(opened.get(), static_cast<DWORD>(record));
}

Status ClassicLogs::Read(const ReadRequest& request, const Cancelled& cancelled,
                         const VisitEvent& visit) {
  std::string name = request.log;
  ASSIGN_OR_RETURN(const Log log, Open(name));
  const auto files = std::make_shared<MessageFiles>();
  const DWORD direction =
      request.newest_first ? EVENTLOG_BACKWARDS_READ : EVENTLOG_FORWARDS_READ;
  // Reading on at a number costs nothing; where that record is gone, all are looked at.
  DWORD flags = EVENTLOG_SEQUENTIAL_READ | direction;
  if (request.after > 0 && !request.newest_first) {
    ASSIGN_OR_RETURN(const auto there,
                     PositionOf(log.get(), static_cast<DWORD>(request.after)));
    if (there) flags = EVENTLOG_SEEK_READ | direction;
  }
  std::vector<char> buffer;
  for (;;) {
    if (cancelled && cancelled()) return Status::Cancelled("nobody waits any more");
    auto read =
        ReadSome(log.get(), flags, static_cast<DWORD>(request.after), std::move(buffer));
    if (!read.ok()) return read.status().WithContext("reading the event log " + name);
    buffer = std::move(*read);
    flags = EVENTLOG_SEQUENTIAL_READ | direction;
    if (buffer.empty()) return Status::Ok();
    std::string_view rest(buffer.data(), buffer.size());
    while (auto record = ReadClassicRecord(rest)) {
      rest.remove_prefix(record->size);
      Event& event = record->event;
      event.log = name;
      const bool is_past = request.newest_first
                               ? event.record <= request.after ||
                                     (request.since && event.written < *request.since)
                               : event.record > request.up_to ||
                                     (request.until && event.written > *request.until);
      if (is_past) return Status::Ok();
      if (event.record <= request.after || event.record > request.up_to ||
          (request.since && event.written < *request.since)) {
        continue;
      }
      event.texts = EventTexts(
          std::make_unique<ClassicTexts>(files, event, std::move(record->strings)));
      if (!visit(event)) return Status::Ok();
    }
  }
}

std::unique_ptr<LogSignal> ClassicLogs::Follow(const std::vector<std::string>& logs) {
  std::vector<Log> opened;
  for (std::string name : logs) {
    auto log = Open(name);
    if (log.ok()) opened.push_back(std::move(*log));
  }
  return std::make_unique<ClassicSignal>(std::move(opened));
}

Result<std::vector<std::string>> ClassicLogs::List(Kind kind) {
  std::vector<std::string> names;
  for (const std::string& log : RegisteredLogs()) {
    if (kind == Kind::kLogs) {
      names.push_back(log);
      continue;
    }
    for (std::string& source : RegisteredSources(log)) names.push_back(std::move(source));
  }
  if (names.size() > kMaxNames) names.resize(kMaxNames);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::unique_ptr<EventLogs> OpenClassicLogs(const EventLogsOptions& options) {
  return std::make_unique<ClassicLogs>(options);
}

}  // namespace nscp::check_event_log
