#include <windows.h>

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "kernel/settings/registry.h"
#include "kernel/settings/source.h"
#include "proto/cpp/text.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::kernel {
namespace {

constexpr DWORD kMaxNameChars = 16384;  // of a value; a key has at most 255
constexpr DWORD kMaxValueBytes = 2 * 1024 * 1024;

class RegistryKey {
 public:
  RegistryKey() = default;
  explicit RegistryKey(HKEY key) : key_(key) {}
  RegistryKey(RegistryKey&& other) noexcept : key_(std::exchange(other.key_, nullptr)) {}
  RegistryKey& operator=(RegistryKey&& other) noexcept {
    std::swap(key_, other.key_);
    return *this;
  }
  ~RegistryKey() {
    if (key_ != nullptr) RegCloseKey(key_);
  }
  HKEY get() const { return key_; }

 private:
  HKEY key_ = nullptr;
};

Status RegistryError(const std::string& doing, LSTATUS error) {
  const std::string text =
      doing + ": error " + std::to_string(error) + " of the registry";
  if (error != ERROR_ACCESS_DENIED) return Status::Unavailable(text);
  return Status::FailedPrecondition(text + "; its account may not do that");
}

struct Place {
  HKEY root;
  std::wstring path;  // below the root, separated by backslashes
};

std::optional<Place> PlaceOf(std::string_view path) {
  const std::string plain = ReplaceAll(path, "\\", "/");
  const size_t slash = plain.find('/');
  if (slash == std::string::npos || slash + 1 == plain.size()) return std::nullopt;
  const std::string root = ToLowerAscii(std::string_view(plain).substr(0, slash));
  const std::wstring below = Wide(ReplaceAll(plain.substr(slash + 1), "/", "\\"));
  for (const char* name : {"hkey_local_machine", "local_machine", "hklm"}) {
    if (root == name) return Place{HKEY_LOCAL_MACHINE, below};
  }
  for (const char* name : {"hkey_current_user", "current_user", "hkcu"}) {
    if (root == name) return Place{HKEY_CURRENT_USER, below};
  }
  return std::nullopt;
}

// The text of a value; nothing for a type that settings never have.
std::optional<std::string> TextOf(DWORD type, const std::vector<BYTE>& bytes) {
  if (type == REG_DWORD && bytes.size() >= sizeof(DWORD)) {
    DWORD number = 0;
    memcpy(&number, bytes.data(), sizeof number);
    return std::to_string(number);
  }
  if (type != REG_SZ && type != REG_EXPAND_SZ) return std::nullopt;
  std::wstring text(bytes.size() / sizeof(wchar_t), L'\0');
  memcpy(text.data(), bytes.data(), text.size() * sizeof(wchar_t));
  while (!text.empty() && text.back() == L'\0') text.pop_back();
  return Utf8(text);
}

class Reader {
 public:
  explicit Reader(std::vector<std::string>* notes) : notes_(notes) {}

  Status Read(HKEY key, const std::string& section, size_t depth) {
    if (depth > kMaxRegistryDepth || ++sections_ > kMaxRegistrySections) {
      return Status::ResourceExhausted(
          "reading settings from the registry: more than " +
          std::to_string(kMaxRegistrySections) + " keys, or deeper than " +
          std::to_string(kMaxRegistryDepth) + "; does something else stand there?");
    }
    RETURN_IF_ERROR(ReadValues(key, section));
    std::wstring name(256, L'\0');
    for (DWORD i = 0;; ++i) {
      auto length = static_cast<DWORD>(name.size());
      const LSTATUS error =
          RegEnumKeyExW(key, i, name.data(), &length, nullptr, nullptr, nullptr, nullptr);
      if (error == ERROR_NO_MORE_ITEMS) return Status::Ok();
      HKEY opened = nullptr;
      if (error != ERROR_SUCCESS ||
          RegOpenKeyExW(key, name.data(), 0, KEY_READ, &opened) != ERROR_SUCCESS) {
        notes_->push_back("a key below " + section + "/ can't be read and is ignored");
        if (error != ERROR_SUCCESS) return Status::Ok();
        continue;
      }
      const RegistryKey below(opened);
      RETURN_IF_ERROR(Read(below.get(),
                           section + "/" + Utf8(std::wstring_view(name.data(), length)),
                           depth + 1));
    }
  }
  IniFile Take() { return std::move(document_); }

 private:
  Status ReadValues(HKEY key, const std::string& section) {
    std::wstring name(kMaxNameChars, L'\0');
    DWORD largest = 0;
    RegQueryInfoKeyW(key, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                     nullptr, &largest, nullptr, nullptr);
    std::vector<BYTE> bytes(std::min(largest, kMaxValueBytes) + sizeof(wchar_t));
    for (DWORD i = 0;; ++i) {
      auto length = static_cast<DWORD>(name.size());
      auto size = static_cast<DWORD>(bytes.size());
      DWORD type = 0;
      const LSTATUS error = RegEnumValueW(key, i, name.data(), &length, nullptr, &type,
                                          bytes.data(), &size);
      if (error == ERROR_NO_MORE_ITEMS) return Status::Ok();
      const std::string key_name = Utf8(std::wstring_view(name.data(), length));
      auto value =
          error == ERROR_SUCCESS
              ? TextOf(type, std::vector<BYTE>(bytes.begin(), bytes.begin() + size))
              : std::nullopt;
      if (!value || !document_.Set(section, key_name, *value).ok()) {
        notes_->push_back("the value \"" + key_name + "\" of " + section +
                          " is no text that settings can hold, and is ignored");
      }
    }
  }

  std::vector<std::string>* const notes_;
  IniFile document_;
  size_t sections_ = 0;
};

class RegistrySource final : public Source {
 public:
  RegistrySource(const std::string& path, Place place)
      : Source(path), place_(std::move(place)) {}

  bool editable() const override { return true; }
  bool is_file() const override { return false; }

  Result<IniFile> Read(std::vector<std::string>* notes) const override {
    HKEY opened = nullptr;
    const LSTATUS error =
        RegOpenKeyExW(place_.root, place_.path.c_str(), 0, KEY_READ, &opened);
    if (error == ERROR_FILE_NOT_FOUND) return IniFile();
    if (error != ERROR_SUCCESS) return RegistryError("reading " + place(), error);
    const RegistryKey key(opened);
    Reader reader(notes);
    RETURN_IF_ERROR(reader.Read(key.get(), "", 0));
    return reader.Take();
  }

  Status Rewrite(bool, const Change& change) const override {
    std::vector<std::string> ignored;
    ASSIGN_OR_RETURN(const IniFile before, Read(&ignored));
    IniFile after = before;
    RETURN_IF_ERROR(change(&after));
    RETURN_IF_ERROR(Remove(before, after));
    for (const IniSection& section : after.Contents()) {
      for (const IniEntry& entry : section.entries) {
        if (before.Get(section.name, entry.key) == entry.value) continue;
        RETURN_IF_ERROR(Put(section.name, entry));
      }
    }
    return Status::Ok();
  }

 private:
  std::wstring KeyOf(const std::string& section) const {
    return place_.path + Wide(ReplaceAll(section, "/", "\\"));
  }

  Status Put(const std::string& section, const IniEntry& entry) const {
    const std::string doing = "Failed to save settings: writing " + place() + section;
    HKEY opened = nullptr;
    LSTATUS error = RegCreateKeyExW(place_.root, KeyOf(section).c_str(), 0, nullptr, 0,
                                    KEY_WRITE, nullptr, &opened, nullptr);
    if (error != ERROR_SUCCESS) return RegistryError(doing, error);
    const RegistryKey key(opened);
    const std::wstring value = Wide(entry.value);
    error = RegSetValueExW(key.get(), Wide(entry.key).c_str(), 0, REG_SZ,
                           reinterpret_cast<const BYTE*>(value.c_str()),
                           static_cast<DWORD>((value.size() + 1) * sizeof(wchar_t)));
    return error == ERROR_SUCCESS ? Status::Ok() : RegistryError(doing, error);
  }

  // Values that are gone. Their keys stay: a key below may have some.
  Status Remove(const IniFile& before, const IniFile& after) const {
    for (const IniSection& section : before.Contents()) {
      for (const IniEntry& entry : section.entries) {
        if (after.Get(section.name, entry.key)) continue;
        const LSTATUS error = RegDeleteKeyValueW(place_.root, KeyOf(section.name).c_str(),
                                                 Wide(entry.key).c_str());
        if (error == ERROR_SUCCESS || error == ERROR_FILE_NOT_FOUND) continue;
        return RegistryError(
            "Failed to save settings: removing a value of " + place() + section.name,
            error);
      }
    }
    return Status::Ok();
  }

  const Place place_;
};

}  // namespace

bool RegistryExists(const std::string& path) {
  const auto place = PlaceOf(path);
  HKEY opened = nullptr;
  const bool exists = place && RegOpenKeyExW(place->root, place->path.c_str(), 0,
                                             KEY_READ, &opened) == ERROR_SUCCESS;
  const RegistryKey key(opened);
  return exists;
}

Result<std::unique_ptr<Source>> NewRegistrySource(const std::string& path) {
  auto place = PlaceOf(path);
  if (!place) {
    return Status::InvalidArgument(
        "the settings store registry://" + path +
        " names no place in the registry; write registry://HKEY_LOCAL_MACHINE/<path> or "
        "registry://HKEY_CURRENT_USER/<path>");
  }
  return std::unique_ptr<Source>(
      std::make_unique<RegistrySource>(path, std::move(*place)));
}

}  // namespace nscp::kernel
