#include "workers/check_system/registry_path.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

constexpr uint32_t kSz = 1;
constexpr uint32_t kExpandSz = 2;
constexpr uint32_t kDword = 4;
constexpr uint32_t kDwordBigEndian = 5;
constexpr uint32_t kLink = 6;
constexpr uint32_t kMultiSz = 7;
constexpr uint32_t kQword = 11;
// Bytes of binary data that are shown.
constexpr size_t kShownBytes = 256;

struct HiveNames {
  Hive hive;
  const char* brief;
  const char* full;
};

constexpr HiveNames kHives[] = {
    {Hive::kClassesRoot, "HKCR", "HKEY_CLASSES_ROOT"},
    {Hive::kCurrentUser, "HKCU", "HKEY_CURRENT_USER"},
    {Hive::kLocalMachine, "HKLM", "HKEY_LOCAL_MACHINE"},
    {Hive::kUsers, "HKU", "HKEY_USERS"},
    {Hive::kCurrentConfig, "HKCC", "HKEY_CURRENT_CONFIG"},
};

uint64_t LittleEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = std::min<size_t>(bytes.size(), sizeof(number)); i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
  }
  return number;
}

void AppendUtf8(uint32_t code, std::string& text) {
  const auto add = [&text](uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

// UTF-16 as bytes; half a pair and half a character become U+FFFD.
std::string FromUtf16Bytes(std::string_view bytes) {
  constexpr uint32_t kReplacement = 0xFFFD;
  std::string text;
  const auto unit = [&](size_t at) {
    return static_cast<uint32_t>(LittleEndian(bytes.substr(at, 2)));
  };
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    uint32_t code = unit(at);
    const bool is_high = code >= 0xD800 && code < 0xDC00;
    if (is_high && at + 3 < bytes.size()) {
      const uint32_t low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    if (code >= 0xD800 && code < 0xE000) code = kReplacement;
    AppendUtf8(code, text);
  }
  if (bytes.size() % 2 != 0) AppendUtf8(kReplacement, text);
  return text;
}

std::string Hexadecimal(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes.substr(0, kShownBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

std::string_view HiveName(Hive hive) {
  for (const HiveNames& names : kHives) {
    if (names.hive == hive) return names.brief;
  }
  return "";
}

std::string RegistryPath::Text() const {
  std::string text(HiveName(hive));
  if (!key.empty()) text += "\\" + key;
  return text;
}

std::string RegistryPath::Name() const {
  const std::string text = Text();
  return text.substr(text.rfind('\\') + 1);
}

std::string RegistryPath::Parent() const {
  const std::string text = Text();
  const size_t slash = text.rfind('\\');
  return slash == std::string::npos ? "" : text.substr(0, slash);
}

RegistryPath RegistryPath::Below(std::string_view name) const {
  return {hive, key.empty() ? std::string(name) : key + "\\" + std::string(name)};
}

Result<RegistryPath> ParseRegistryPath(std::string_view text) {
  const Status bad = Status::InvalidArgument(
      "Invalid registry key: '" + std::string(text.substr(0, 200)) +
      "' (write a hive and a key, such as HKLM\\Software\\Company; hives are HKLM, HKCU, "
      "HKCR, HKU and HKCC)");
  if (text.size() > kMaxRegistryPath || text.find('\0') != std::string_view::npos) {
    return bad;
  }
  const size_t end = std::min(text.find_first_of("\\/"), text.size());
  const std::string_view hive = text.substr(0, end);
  std::string_view key = text.substr(end);
  while (!key.empty() && (key.front() == '\\' || key.front() == '/')) {
    key.remove_prefix(1);
  }
  while (!key.empty() && (key.back() == '\\' || key.back() == '/')) key.remove_suffix(1);
  // A slash may be part of a key's name, so only a path without backslashes has it as
  // its separator.
  const bool has_slashes = text.find('\\') == std::string_view::npos;
  for (const HiveNames& names : kHives) {
    const std::string_view full = names.full;
    if (!EqualsIgnoreCase(hive, names.brief) && !EqualsIgnoreCase(hive, full) &&
        !EqualsIgnoreCase(hive, full.substr(std::string_view("HKEY_").size()))) {
      continue;
    }
    return RegistryPath{names.hive, has_slashes && !key.empty()
                                        ? ReplaceAll(key, "/", "\\")
                                        : std::string(key)};
  }
  return bad;
}

Result<RegistryView> ParseRegistryView(std::string_view word) {
  if (word.empty() || EqualsIgnoreCase(word, "default")) return RegistryView::kDefault;
  if (word == "32") return RegistryView::k32;
  if (word == "64") return RegistryView::k64;
  return Status::InvalidArgument("Invalid view: '" + std::string(word) +
                                 "' (expected default, 32 or 64)");
}

std::string RegistryTypeName(uint32_t type) {
  constexpr const char* kNames[] = {"REG_NONE",
                                    "REG_SZ",
                                    "REG_EXPAND_SZ",
                                    "REG_BINARY",
                                    "REG_DWORD",
                                    "REG_DWORD_BIG_ENDIAN",
                                    "REG_LINK",
                                    "REG_MULTI_SZ",
                                    "REG_RESOURCE_LIST",
                                    "REG_FULL_RESOURCE_DESCRIPTOR",
                                    "REG_RESOURCE_REQUIREMENTS_LIST",
                                    "REG_QWORD"};
  if (type < std::size(kNames)) return kNames[type];
  return "REG_UNKNOWN (" + std::to_string(type) + ")";
}

std::vector<std::string> RegistryLines(const RegistryData& data) {
  std::vector<std::string> lines = Split(FromUtf16Bytes(data.bytes), '\0');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string RegistryText(const RegistryData& data) {
  std::string text;
  const bool is_whole = data.size <= static_cast<int64_t>(data.bytes.size());
  switch (data.type) {
    case kSz:
    case kExpandSz:
    case kLink:
      text = FromUtf16Bytes(data.bytes);
      text.resize(std::min(text.find('\0'), text.size()));
      return is_whole ? text : text + "...";
    case kMultiSz:
      text = Join(RegistryLines(data), ", ");
      return is_whole ? text : text + "...";
    case kDword:
    case kDwordBigEndian:
    case kQword:
      return std::to_string(RegistryInteger(data));
    default:
      text = Hexadecimal(data.bytes);
      return is_whole && data.bytes.size() <= kShownBytes ? text : text + "...";
  }
}

int64_t RegistryInteger(const RegistryData& data) {
  if (data.type == kDword) {
    return static_cast<int64_t>(LittleEndian(data.bytes.substr(0, 4)));
  }
  if (data.type == kQword) return static_cast<int64_t>(LittleEndian(data.bytes));
  if (data.type != kDwordBigEndian) return 0;
  std::string bytes = data.bytes.substr(0, 4);
  std::reverse(bytes.begin(), bytes.end());
  return static_cast<int64_t>(LittleEndian(bytes));
}

int64_t FromFileTime(uint64_t file_time) {
  constexpr uint64_t kTicks = 10000000;                // in a second
  constexpr uint64_t kSecondsTo1970 = 11644473600ULL;  // since 1601
  const uint64_t seconds = file_time / kTicks;
  return seconds < kSecondsTo1970 ? 0 : static_cast<int64_t>(seconds - kSecondsTo1970);
}

}  // namespace nscp::check_system
