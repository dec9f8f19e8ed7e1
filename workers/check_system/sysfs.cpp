#include "workers/check_system/sysfs.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "proto/cpp/text.h"
#include "workers/check_system/sensor_source.h"

namespace nscp::check_system {
namespace {

// The kernel gives at most a page.
constexpr size_t kMaxSysText = 4096;

// "zone2" before "zone10": names of another length differ in their number.
bool NaturalLess(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return a < b;
}

}  // namespace

std::string SysText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char text[kMaxSysText];
  file.read(text, sizeof(text));
  return std::string(Trim({text, static_cast<size_t>(file.gcount())}));
}

std::optional<int64_t> SysNumber(const std::string& path) {
  const std::string text = SysText(path);
  int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> SysEntries(const std::string& folder, std::string_view prefix) {
  std::vector<std::string> entries;
  std::error_code error;
  std::filesystem::directory_iterator entry(std::filesystem::u8path(folder), error);
  const std::filesystem::directory_iterator end;
  for (; !error && entry != end && entries.size() < kMaxSensors; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (StartsWith(name, prefix)) entries.push_back(folder + "/" + name);
  }
  std::sort(entries.begin(), entries.end(), NaturalLess);
  return entries;
}

std::string_view SysName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace nscp::check_system
