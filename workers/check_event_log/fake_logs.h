// For tests: event logs out of a table, with what a real one does to its readers: records
// are overwritten, the log is cleared, reading fails.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "workers/check_event_log/event_logs.h"

namespace nscp::check_event_log {

// Texts of a record, by EventText; counts how often they were made.
struct FakeTexts : TextMaker {
  FakeTexts(std::map<EventText, std::string> the_texts, int& the_made)
      : texts(std::move(the_texts)), made(the_made) {}
  std::string Make(EventText which) override {
    ++made;
    return texts[which];
  }
  std::map<EventText, std::string> texts;
  int& made;
};

class FakeLogs : public EventLogs {
 public:
  // The next record of the log; seconds since 1970.
  Event& Add(const std::string& log, int64_t level, uint32_t id, int64_t written,
             const std::string& message, const std::string& source = "Disk") {
    Log& to = logs[log];
    Event event;
    event.record = ++to.last;
    event.log = log;
    event.level = level;
    event.raw_id = id;
    event.written = event.generated = written;
    event.time = FileTimeOfSeconds(written);
    event.provider = source;
    to.records.push_back({std::move(event), {{EventText::kMessage, message}}});
    return to.records.back().event;
  }
  void Clear(const std::string& log) { logs[log] = {}; }
  // The oldest ones are overwritten.
  void Keep(const std::string& log, size_t count) {
    auto& records = logs[log].records;
    records.erase(records.begin(), records.end() - static_cast<ptrdiff_t>(count));
  }

  Result<LogEnds> Ends(const std::string& log) override {
    const auto found = logs.find(log);
    if (found == logs.end()) return Status::NotFound("There is no event log " + log);
    const auto& records = found->second.records;
    if (records.empty()) return LogEnds{};
    return LogEnds{PositionOf(records.front()), PositionOf(records.back())};
  }
  Result<std::optional<Position>> Find(const std::string& log, uint64_t record) override {
    for (const Record& known : logs[log].records) {
      if (known.event.record == record) return std::optional(PositionOf(known));
    }
    return std::optional<Position>();
  }
  Status Read(const ReadRequest& request, const Cancelled& cancelled,
              const VisitEvent& visit) override {
    requests.push_back(request);
    const auto found = logs.find(request.log);
    if (found == logs.end()) {
      return Status::NotFound("There is no event log " + request.log);
    }
    auto records = found->second.records;
    if (request.newest_first) std::reverse(records.begin(), records.end());
    for (const Record& record : records) {
      if (cancelled && cancelled()) return Status::Cancelled("nobody waits any more");
      if (!read_answer.ok()) return read_answer;
      Event event = record.event;
      const bool is_old = request.since && event.written < *request.since;
      const bool is_late = request.until && event.written > *request.until;
      if (event.record <= request.after || event.record > request.up_to || is_old ||
          is_late) {
        continue;
      }
      event.texts = EventTexts(std::make_unique<FakeTexts>(record.texts, texts_made));
      if (!visit(event)) break;
    }
    return Status::Ok();
  }
  std::unique_ptr<LogSignal> Follow(const std::vector<std::string>&) override;
  Result<std::vector<std::string>> List(Kind kind) override {
    if (kind == Kind::kSources) return std::vector<std::string>{"Disk", "Tcpip"};
    std::vector<std::string> names;
    for (const auto& [name, log] : logs) names.push_back(name);
    return names;
  }
  Result<std::vector<std::string>> ListOf(const std::string& source, Part part) override {
    if (source != "Disk") return Status::NotFound("opening the source " + source);
    return std::vector<std::string>{part == Part::kTasks ? "Write (1)" : "Audit (2)"};
  }

  struct Record {
    Event event;
    std::map<EventText, std::string> texts;
  };
  struct Log {
    uint64_t last = 0;
    std::vector<Record> records;
  };
  std::map<std::string, Log> logs;
  std::vector<ReadRequest> requests;
  Status read_answer;
  int texts_made = 0;

 private:
  static Position PositionOf(const Record& record) {
    return {record.event.record, record.event.time};
  }
};

// Tells of nothing.
class FakeSignal : public LogSignal {
 public:
  bool Wait(std::chrono::milliseconds) override { return true; }
  void Wake() override {}
  bool TellsAll() const override { return true; }
};

inline std::unique_ptr<LogSignal> FakeLogs::Follow(const std::vector<std::string>&) {
  return std::make_unique<FakeSignal>();
}

}  // namespace nscp::check_event_log
