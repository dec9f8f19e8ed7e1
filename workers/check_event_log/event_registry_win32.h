// What Windows' registry says of the event logs: their names, and which files hold the
// texts of events (Services\EventLog\<log>\<source>). For one thread.
//
// Source: "Eventlog Key" and "Event Sources" of the Windows documentation.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nscp::check_event_log {

// Of the key that the logs stand under, or of one of them.
std::vector<std::string> RegisteredLogs();
std::vector<std::string> RegisteredSources(const std::string& log);
// The log of that name in any case, or the one that the viewer shows under it in the
// system's language; nothing where there is none.
std::optional<std::string> FindLog(const std::string& name, bool by_display_name);

class MessageFile;

// Texts of events, out of the files that their sources registered. Files stay open as
// long as it lives, at most kMaxFiles of them.
class MessageFiles {
 public:
  static constexpr size_t kMaxFiles = 64;
  enum class Kind { kEvents, kCategories };

  MessageFiles();
  ~MessageFiles();
  MessageFiles(const MessageFiles&) = delete;
  MessageFiles& operator=(const MessageFiles&) = delete;

  // The text with its %1; nothing where no file has it.
  std::optional<std::string> Find(const std::string& log, const std::string& source,
                                  Kind kind, uint32_t id);

 private:
  const MessageFile* Open(const std::wstring& path);

  std::map<std::wstring, std::unique_ptr<MessageFile>> opened_;
  std::map<std::string, std::vector<std::wstring>> files_;  // by log, source and kind
};

}  // namespace nscp::check_event_log
