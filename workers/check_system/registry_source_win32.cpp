#include "workers/check_system/registry_source_win32.h"

#include <windows.h>

#include <algorithm>
#include <utility>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

// The longest names that Windows allows.
constexpr DWORD kMaxKeyName = 256;
constexpr DWORD kMaxValueName = 16384;

class OpenKey {
 public:
  OpenKey() = default;
  explicit OpenKey(HKEY key) : key_(key) {}
  ~OpenKey() {
    if (key_ != nullptr) ::RegCloseKey(key_);
  }
  OpenKey(OpenKey&& other) noexcept : key_(std::exchange(other.key_, nullptr)) {}
  OpenKey& operator=(OpenKey&& other) noexcept {
    std::swap(key_, other.key_);
    return *this;
  }
  HKEY get() const { return key_; }

 private:
  HKEY key_ = nullptr;
};

HKEY RootOf(Hive hive) {
  switch (hive) {
    case Hive::kClassesRoot:
      return HKEY_CLASSES_ROOT;
    case Hive::kCurrentUser:
      return HKEY_CURRENT_USER;
    case Hive::kLocalMachine:
      return HKEY_LOCAL_MACHINE;
    case Hive::kUsers:
      return HKEY_USERS;
    case Hive::kCurrentConfig:
      return HKEY_CURRENT_CONFIG;
  }
  return nullptr;
}

REGSAM ViewFlag(RegistryView view) {
  if (view == RegistryView::k32) return KEY_WOW64_32KEY;
  if (view == RegistryView::k64) return KEY_WOW64_64KEY;
  return 0;
}

Status RegistryError(const std::string& doing, LSTATUS status) {
  return WindowsStatus(doing, static_cast<unsigned long>(status));
}

class WindowsRegistry final : public RegistrySource {
 public:
  WindowsRegistry() = default;
  WindowsRegistry(std::string computer, OpenKey machine, OpenKey users)
      : computer_(std::move(computer)),
        machine_(std::move(machine)),
        users_(std::move(users)) {}

  Result<RegistryKeyFacts> Key(const RegistryPath& path, RegistryView view) override {
    ASSIGN_OR_RETURN(const OpenKey key, Open(path, view));
    wchar_t name[kMaxKeyName] = {};
    DWORD length = kMaxKeyName;
    DWORD subkeys = 0;
    DWORD values = 0;
    FILETIME written = {};
    const LSTATUS status =
        ::RegQueryInfoKeyW(key.get(), name, &length, nullptr, &subkeys, nullptr, nullptr,
                           &values, nullptr, nullptr, nullptr, &written);
    // A class with a longer name costs the name alone.
    if (status != ERROR_SUCCESS && status != ERROR_MORE_DATA) {
      return RegistryError("Failed to read registry key " + path.Text(), status);
    }
    RegistryKeyFacts facts;
    facts.class_name = Utf8({name, std::min<DWORD>(length, kMaxKeyName - 1)});
    facts.values = values;
    facts.subkeys = subkeys;
    facts.written =
        FromFileTime(uint64_t{written.dwHighDateTime} << 32 | written.dwLowDateTime);
    return facts;
  }

  Result<std::vector<std::string>> SubKeys(const RegistryPath& path,
                                           RegistryView view) override {
    ASSIGN_OR_RETURN(const OpenKey key, Open(path, view));
    return List(path, kMaxKeyName, [&](DWORD index, wchar_t* name, DWORD* length) {
      return ::RegEnumKeyExW(key.get(), index, name, length, nullptr, nullptr, nullptr,
                             nullptr);
    });
  }

  Result<std::vector<std::string>> ValueNames(const RegistryPath& path,
                                              RegistryView view) override {
    ASSIGN_OR_RETURN(const OpenKey key, Open(path, view));
    return List(path, kMaxValueName, [&](DWORD index, wchar_t* name, DWORD* length) {
      return ::RegEnumValueW(key.get(), index, name, length, nullptr, nullptr, nullptr,
                             nullptr);
    });
  }

  Result<RegistryData> Value(const RegistryPath& path, const std::string& name,
                             RegistryView view) override {
    ASSIGN_OR_RETURN(const OpenKey key, Open(path, view));
    const std::wstring wide = Wide(name);
    const std::string doing =
        "Failed to read registry value " + name + " of " + path.Text();
    DWORD type = 0;
    DWORD size = 0;
    LSTATUS status =
        ::RegQueryValueExW(key.get(), wide.c_str(), nullptr, &type, nullptr, &size);
    if (status != ERROR_SUCCESS) return RegistryError(doing, status);
    RegistryData data;
    // The registry gives a value whole or not at all.
    constexpr DWORD kMaxRead = 16 * 1024 * 1024;
    for (int i = 0; i < kTries && size <= kMaxRead; ++i) {
      data.bytes.resize(size);
      status = ::RegQueryValueExW(key.get(), wide.c_str(), nullptr, &type,
                                  reinterpret_cast<BYTE*>(data.bytes.data()), &size);
      if (status != ERROR_MORE_DATA) break;
    }
    if (status != ERROR_SUCCESS) return RegistryError(doing, status);
    data.type = type;
    data.size = size;
    data.bytes.resize(size > kMaxRead ? 0 : std::min<size_t>(size, kMaxData));
    return data;
  }

 private:
  static constexpr int kTries = 4;  // a value may grow between its size and itself

  Result<OpenKey> Open(const RegistryPath& path, RegistryView view) const {
    HKEY root = RootOf(path.hive);
    if (!computer_.empty()) {
      if (path.hive == Hive::kLocalMachine) {
        root = machine_.get();
      } else if (path.hive == Hive::kUsers) {
        root = users_.get();
      } else {
        return Status::InvalidArgument(
            "Only HKLM and HKU can be read on another computer, not " + path.Text());
      }
    }
    HKEY key = nullptr;
    const LSTATUS status =
        ::RegOpenKeyExW(root, Wide(path.key).c_str(), 0, KEY_READ | ViewFlag(view), &key);
    if (status != ERROR_SUCCESS) {
      return RegistryError("Failed to open registry key " + path.Text(), status);
    }
    return OpenKey(key);
  }

  template <class Next>
  static Result<std::vector<std::string>> List(const RegistryPath& path, DWORD longest,
                                               Next next) {
    std::vector<std::string> names;
    std::wstring name(longest, L'\0');
    for (DWORD index = 0; names.size() < kMaxEntries; ++index) {
      DWORD length = longest;
      const LSTATUS status = next(index, name.data(), &length);
      if (status == ERROR_NO_MORE_ITEMS) break;
      if (status != ERROR_SUCCESS) {
        return RegistryError("Failed to list registry key " + path.Text(), status);
      }
      names.push_back(Utf8({name.data(), length}));
    }
    return names;
  }

  std::string computer_;
  OpenKey machine_;
  OpenKey users_;
};

Result<OpenKey> Connect(const std::string& computer, HKEY root) {
  HKEY key = nullptr;
  const std::wstring name = Wide("\\\\" + computer);
  const LSTATUS status = ::RegConnectRegistryW(name.c_str(), root, &key);
  if (status != ERROR_SUCCESS) {
    return RegistryError("Failed to reach the registry of " + computer +
                             " (the service Remote Registry must run there)",
                         status);
  }
  return OpenKey(key);
}

}  // namespace

Result<std::unique_ptr<RegistrySource>> OpenWindowsRegistry(const std::string& computer) {
  std::string host = computer;
  while (!host.empty() && host[0] == '\\') host.erase(0, 1);
  if (host.empty()) {
    return std::unique_ptr<RegistrySource>(std::make_unique<WindowsRegistry>());
  }
  ASSIGN_OR_RETURN(OpenKey machine, Connect(host, HKEY_LOCAL_MACHINE));
  ASSIGN_OR_RETURN(OpenKey users, Connect(host, HKEY_USERS));
  return std::unique_ptr<RegistrySource>(
      std::make_unique<WindowsRegistry>(host, std::move(machine), std::move(users)));
}

}  // namespace nscp::check_system
