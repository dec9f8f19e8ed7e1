#include "workers/check_system/installed_software.h"

#include <windows.h>

#include <utility>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

constexpr wchar_t kUninstall[] =
    L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall";
// A key's name has at most 255 letters.
constexpr DWORD kMaxKeyName = 256;
constexpr DWORD kMaxValue = 2048;

class Key {
 public:
  ~Key() {
    if (key_ != nullptr) ::RegCloseKey(key_);
  }
  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  LSTATUS Open(HKEY parent, const wchar_t* path, REGSAM view) {
    return ::RegOpenKeyExW(parent, path, 0, KEY_READ | view, &key_);
  }
  HKEY get() const { return key_; }

 private:
  HKEY key_ = nullptr;
};

std::string ReadText(const Key& key, const wchar_t* name) {
  wchar_t text[kMaxValue] = {};
  DWORD size = sizeof(text) - sizeof(wchar_t);
  const LSTATUS status =
      ::RegGetValueW(key.get(), nullptr, name, RRF_RT_REG_SZ, nullptr, text, &size);
  return status == ERROR_SUCCESS ? Utf8(text) : "";
}

int64_t ReadNumber(const Key& key, const wchar_t* name) {
  DWORD number = 0;
  DWORD size = sizeof(number);
  const LSTATUS status =
      ::RegGetValueW(key.get(), nullptr, name, RRF_RT_REG_DWORD, nullptr, &number, &size);
  return status == ERROR_SUCCESS ? number : 0;
}

UninstallEntry ReadEntry(const Key& key, const char* architecture) {
  UninstallEntry entry;
  entry.architecture = architecture;
  entry.name = ReadText(key, L"DisplayName");
  entry.version = ReadText(key, L"DisplayVersion");
  entry.publisher = ReadText(key, L"Publisher");
  entry.date = ReadText(key, L"InstallDate");
  entry.parent = ReadText(key, L"ParentKeyName");
  entry.kilobytes = ReadNumber(key, L"EstimatedSize");
  entry.is_part_of_system = ReadNumber(key, L"SystemComponent") == 1;
  return entry;
}

// One view of the registry: programs of 64 and of 32 bits stand apart.
Status AddView(REGSAM view, const char* architecture,
               const std::function<bool()>& cancelled, std::vector<Software>& list) {
  Key all;
  const LSTATUS opened = all.Open(HKEY_LOCAL_MACHINE, kUninstall, view);
  if (opened == ERROR_FILE_NOT_FOUND) return Status::Ok();
  if (opened != ERROR_SUCCESS) {
    return WindowsStatus("Failed to list installed programs",
                         static_cast<unsigned long>(opened));
  }
  for (DWORD i = 0; list.size() < kMaxPackages; ++i) {
    if (cancelled && cancelled()) {
      return Status::Cancelled(
          "Listing installed programs was stopped: nobody waits for it");
    }
    wchar_t name[kMaxKeyName] = {};
    DWORD size = kMaxKeyName;
    const LSTATUS found =
        ::RegEnumKeyExW(all.get(), i, name, &size, nullptr, nullptr, nullptr, nullptr);
    if (found == ERROR_NO_MORE_ITEMS) return Status::Ok();
    // One that is removed meanwhile.
    Key program;
    if (found != ERROR_SUCCESS || program.Open(all.get(), name, view) != ERROR_SUCCESS) {
      continue;
    }
    if (auto software = SoftwareOf(ReadEntry(program, architecture))) {
      list.push_back(std::move(*software));
    }
  }
  return Status::Ok();
}

}  // namespace

Result<std::vector<Software>> ListThisSoftware(const std::function<bool()>& cancelled) {
  std::vector<Software> list;
  RETURN_IF_ERROR(AddView(KEY_WOW64_64KEY, "x86_64", cancelled, list));
  RETURN_IF_ERROR(AddView(KEY_WOW64_32KEY, "x86", cancelled, list));
  return list;
}

}  // namespace nscp::check_system
