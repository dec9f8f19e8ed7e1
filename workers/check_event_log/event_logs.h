// The event logs of a machine: what check_eventlog and the real-time filters read.
// Windows has two interfaces to them (evt_logs_win32, classic_logs_win32), of which the
// newer one is taken where it answers.
//
// Any thread, several at once; a LogSignal belongs to one, save for Wake.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/check_event_log/event.h"
#include "workers/checks/environment.h"

namespace nscp::check_event_log {

// A record by its number and time: two records of one number are told apart by the time,
// for a log that was cleared begins to count anew.
struct Position {
  uint64_t record = 0;  // 0: in front of the first
  uint64_t time = 0;    // as Event::time

  bool operator==(const Position& other) const {
    return record == other.record && time == other.time;
  }
};

struct LogEnds {
  Position oldest;
  Position newest;  // record 0: the log is empty
};

// What a reader may leave out because the filter would drop it anyway. A reader need not
// know it. Empty sets leave nothing out.
struct Wanted {
  std::set<int64_t> levels;  // 1 to 5
  std::set<int64_t> ids;     // without qualifiers
};

struct ReadRequest {
  std::string log;
  uint64_t after = 0;            // records with larger numbers
  uint64_t up_to = UINT64_MAX;   // and this one at most
  std::optional<int64_t> since;  // written then or later; seconds since 1970
  std::optional<int64_t> until;  // written then or before
  bool newest_first = true;
  Wanted wanted;
};

// False: no more are wanted.
using VisitEvent = std::function<bool(const Event&)>;
using Cancelled = std::function<bool()>;

// Wakes who follows logs.
class LogSignal {
 public:
  virtual ~LogSignal() = default;
  // Until something may have been written to one of the logs (true), Wake is called or
  // the time is over.
  virtual bool Wait(std::chrono::milliseconds limit) = 0;
  virtual void Wake() = 0;
  // False where a change may go untold, so that logs must be looked at all the time.
  virtual bool TellsAll() const = 0;
};

class EventLogs {
 public:
  virtual ~EventLogs() = default;

  // NotFound, with a sentence that names the log, where there is none of that name.
  virtual Result<LogEnds> Ends(const std::string& log) = 0;
  // Nothing where the log has no record of that number any more.
  virtual Result<std::optional<Position>> Find(const std::string& log,
                                               uint64_t record) = 0;
  // Cancelled once `cancelled` (may be empty) is true.
  virtual Status Read(const ReadRequest& request, const Cancelled& cancelled,
                      const VisitEvent& visit) = 0;
  virtual std::unique_ptr<LogSignal> Follow(const std::vector<std::string>& logs) = 0;

  // Names for people: all logs, all sources; tasks or keywords of one source as
  // "<name> (<number>)". At most kMaxNames.
  static constexpr size_t kMaxNames = 20000;
  enum class Kind { kLogs, kSources };
  virtual Result<std::vector<std::string>> List(Kind kind) = 0;
  enum class Part { kTasks, kKeywords };
  virtual Result<std::vector<std::string>> ListOf(const std::string& source,
                                                  Part part) = 0;
};

struct EventLogsOptions {
  // Bytes that are read at a time, and of the longest message.
  size_t buffer_size = 128 * 1024;
  // A log may also be named as the viewer shows it, in the system's language.
  bool lookup_names = true;
};

// Tells `log` which of the interfaces it is. Unimplemented where the system has no event
// log.
Result<std::unique_ptr<EventLogs>> OpenEventLogs(const EventLogsOptions& options,
                                                 const checks::Log& log);

}  // namespace nscp::check_event_log
