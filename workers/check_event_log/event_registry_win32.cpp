#include "workers/check_event_log/event_registry_win32.h"

#include <windows.h>

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::check_event_log {
namespace {

constexpr wchar_t kLogsKey[] = L"SYSTEM\\CurrentControlSet\\Services\\EventLog";
constexpr DWORD kMaxKeyName = 256;  // units, of the registry
constexpr DWORD kMaxMessageUnits = 32767;
constexpr DWORD kMaxSubkeys = 20000;

struct CloseKey {
  void operator()(HKEY key) const { ::RegCloseKey(key); }
};
using Key = std::unique_ptr<std::remove_pointer_t<HKEY>, CloseKey>;

Key OpenKey(const std::wstring& path) {
  HKEY key = nullptr;
  const LSTATUS opened =
      ::RegOpenKeyExW(HKEY_LOCAL_MACHINE, path.c_str(), 0, KEY_READ, &key);
  return Key(opened == ERROR_SUCCESS ? key : nullptr);
}

std::wstring LogKey(const std::string& log) {
  return std::wstring(kLogsKey) + L"\\" + Wide(log);
}

// A text of the key, with %SystemRoot% and the like in place.
std::wstring TextValue(const Key& key, const wchar_t* name) {
  wchar_t text[4096];
  DWORD bytes = sizeof(text);
  if (key == nullptr || ::RegGetValueW(key.get(), nullptr, name, RRF_RT_REG_SZ, nullptr,
                                       text, &bytes) != ERROR_SUCCESS) {
    return L"";
  }
  return text;
}

DWORD NumberValue(const Key& key, const wchar_t* name) {
  DWORD number = 0;
  DWORD bytes = sizeof(number);
  ::RegGetValueW(key.get(), nullptr, name, RRF_RT_REG_DWORD, nullptr, &number, &bytes);
  return number;
}

std::vector<std::string> Subkeys(const std::wstring& path) {
  std::vector<std::string> names;
  const Key key = OpenKey(path);
  for (DWORD i = 0; key != nullptr && i < kMaxSubkeys; ++i) {
    wchar_t name[kMaxKeyName];
    DWORD length = kMaxKeyName;
    if (::RegEnumKeyExW(key.get(), i, name, &length, nullptr, nullptr, nullptr,
                        nullptr) != ERROR_SUCCESS) {
      break;
    }
    names.push_back(Utf8({name, length}));
  }
  return names;
}

// In any case, of any language.
bool SameText(const std::wstring& a, const std::wstring& b) {
  return ::CompareStringOrdinal(a.c_str(), -1, b.c_str(), -1, TRUE) == CSTR_EQUAL;
}

}  // namespace

class MessageFile {
 public:
  explicit MessageFile(const std::wstring& path)
      : handle_(::LoadLibraryExW(
            path.c_str(), nullptr,
            LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE)) {}
  ~MessageFile() {
    if (handle_ != nullptr) ::FreeLibrary(handle_);
  }
  MessageFile(const MessageFile&) = delete;
  MessageFile& operator=(const MessageFile&) = delete;

  // Without putting anything into it: the event's strings may be fewer than it asks for.
  std::optional<std::string> Find(DWORD id) const {
    if (handle_ == nullptr) return std::nullopt;
    std::wstring text(kMaxMessageUnits, L'\0');
    const DWORD length = ::FormatMessageW(
        FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS, handle_, id, 0,
        text.data(), static_cast<DWORD>(text.size()), nullptr);
    if (length == 0) return std::nullopt;
    return Utf8({text.data(), length});
  }

 private:
  const HMODULE handle_;
};

MessageFiles::MessageFiles() = default;
MessageFiles::~MessageFiles() = default;

const MessageFile* MessageFiles::Open(const std::wstring& path) {
  const auto known = opened_.find(path);
  if (known != opened_.end()) return known->second.get();
  if (opened_.size() >= kMaxFiles) return nullptr;
  return opened_.emplace(path, std::make_unique<MessageFile>(path)).first->second.get();
}

std::optional<std::string> MessageFiles::Find(const std::string& log,
                                              const std::string& source, Kind kind,
                                              uint32_t id) {
  const bool events = kind == Kind::kEvents;
  const std::string place = log + "\n" + source + (events ? "\n" : "\nc");
  auto files = files_.find(place);
  if (files == files_.end()) {
    const Key key = OpenKey(LogKey(log) + L"\\" + Wide(source));
    const std::string list =
        Utf8(TextValue(key, events ? L"EventMessageFile" : L"CategoryMessageFile"));
    std::vector<std::wstring> paths;
    for (const std::string& path : SplitList(list, ';')) paths.push_back(Wide(path));
    files = files_.emplace(place, std::move(paths)).first;
  }
  for (const std::wstring& path : files->second) {
    const MessageFile* file = Open(path);
    if (file == nullptr) continue;
    if (auto text = file->Find(id)) return text;
  }
  return std::nullopt;
}

std::vector<std::string> RegisteredLogs() {
  auto names = Subkeys(kLogsKey);
  // The service's own.
  const auto is_log = [](const std::string& name) {
    return name != "Parameters" && name != "State";
  };
  names.erase(std::stable_partition(names.begin(), names.end(), is_log), names.end());
  return names;
}

std::vector<std::string> RegisteredSources(const std::string& log) {
  return Subkeys(LogKey(log));
}

std::optional<std::string> FindLog(const std::string& name, bool by_display_name) {
  const auto logs = RegisteredLogs();
  for (const std::string& log : logs) {
    if (EqualsIgnoreCase(log, name)) return log;
  }
  if (!by_display_name) return std::nullopt;
  for (const std::string& log : logs) {
    const Key key = OpenKey(LogKey(log));
    const std::wstring file = TextValue(key, L"DisplayNameFile");
    if (file.empty()) continue;
    const auto shown = MessageFile(file).Find(NumberValue(key, L"DisplayNameID"));
    if (shown && SameText(Wide(Trim(*shown)), Wide(name))) return log;
  }
  return std::nullopt;
}

}  // namespace nscp::check_event_log
