// For tests: a registry that answers from a table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "proto/cpp/text.h"
#include "workers/check_system/registry_source.h"

namespace nscp::check_system {

// ASCII text as the registry keeps it.
inline std::string Utf16(std::string_view text) {
  std::string bytes;
  for (const char c : text) bytes.append({c, '\0'});
  return bytes;
}
inline RegistryData RegistryOf(uint32_t type, const std::string& bytes) {
  return {type, bytes, static_cast<int64_t>(bytes.size())};
}
// REG_SZ, REG_DWORD and REG_QWORD
inline RegistryData RegSz(std::string_view text) {
  return RegistryOf(1, Utf16(text) + std::string(2, '\0'));
}
inline RegistryData RegNumber(uint64_t number, size_t bytes) {
  std::string data;
  for (size_t i = 0; i < bytes; ++i) data += static_cast<char>(number >> 8 * i & 0xFF);
  return RegistryOf(bytes == 4 ? 4 : 11, data);
}

// Keys by their text, such as "HKLM\\A"; all above one must be there too.
struct FakeRegistryTree {
  struct Key {
    std::map<std::string, RegistryData> values;
    int64_t written = 0;
    Status error;
  };
  std::map<std::string, Key> keys;
  RegistryView last_view = RegistryView::kDefault;
};

class FakeRegistry final : public RegistrySource {
 public:
  explicit FakeRegistry(FakeRegistryTree& tree) : tree_(tree) {}

  Result<RegistryKeyFacts> Key(const RegistryPath& path, RegistryView view) override {
    tree_.last_view = view;
    ASSIGN_OR_RETURN(const FakeRegistryTree::Key* key, Find(path));
    RegistryKeyFacts facts;
    facts.values = static_cast<int64_t>(key->values.size());
    ASSIGN_OR_RETURN(const auto below, SubKeys(path, view));
    facts.subkeys = static_cast<int64_t>(below.size());
    facts.written = key->written;
    return facts;
  }
  Result<std::vector<std::string>> SubKeys(const RegistryPath& path,
                                           RegistryView) override {
    std::vector<std::string> names;
    const std::string begin = path.Text() + "\\";
    for (const auto& [text, key] : tree_.keys) {
      if (!StartsWith(text, begin)) continue;
      const std::string rest = text.substr(begin.size());
      if (rest.find('\\') == std::string::npos) names.push_back(rest);
    }
    return names;
  }
  Result<std::vector<std::string>> ValueNames(const RegistryPath& path,
                                              RegistryView) override {
    ASSIGN_OR_RETURN(const FakeRegistryTree::Key* key, Find(path));
    std::vector<std::string> names;
    for (const auto& [name, data] : key->values) names.push_back(name);
    return names;
  }
  Result<RegistryData> Value(const RegistryPath& path, const std::string& name,
                             RegistryView) override {
    ASSIGN_OR_RETURN(const FakeRegistryTree::Key* key, Find(path));
    const auto found = key->values.find(name);
    if (found == key->values.end()) return Status::NotFound("no value " + name);
    return found->second;
  }

 private:
  Result<const FakeRegistryTree::Key*> Find(const RegistryPath& path) const {
    const auto found = tree_.keys.find(path.Text());
    if (found == tree_.keys.end()) return Status::NotFound("no key " + path.Text());
    if (!found->second.error.ok()) return found->second.error;
    return &found->second;
  }
  FakeRegistryTree& tree_;
};

inline OpenRegistry OpenFake(FakeRegistryTree& tree) {
  return [&tree](const std::string& computer) -> Result<std::unique_ptr<RegistrySource>> {
    if (!computer.empty()) return Status::Unavailable("no computer " + computer);
    return std::unique_ptr<RegistrySource>(std::make_unique<FakeRegistry>(tree));
  };
}

}  // namespace nscp::check_system
