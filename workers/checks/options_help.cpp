#include "workers/checks/options_help.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/checks/options.h"

namespace nscp::checks {
namespace {

constexpr size_t kTab = 8;
constexpr size_t kMinNameColumn = 23;
constexpr size_t kPageWidth = 80;

std::string DefaultText(const Option& option) { return Join(option.defaults, ", "); }

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string NameAndDefault(const Option& option) {
  return option.defaults.empty() ? option.name : option.name + "=" + DefaultText(option);
}

// `text` in lines of at most `width`, broken at blanks where there are any.
std::vector<std::string> Wrap(const std::string& text, size_t width) {
  std::vector<std::string> lines;
  for (std::string line : Split(text, '\n')) {
    while (line.size() > width) {
      size_t cut = line.rfind(' ', width);
      if (cut == std::string::npos || cut == 0) cut = line.find(' ', width);
      if (cut == std::string::npos) break;
      lines.push_back(line.substr(0, cut));
      line.erase(0, cut + 1);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// Protobuf wire format: just what ParameterDetails needs.
void AppendVarint(std::string& out, uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>((number & 0x7F) | 0x80);
  out += static_cast<char>(number);
}

void AppendBytes(std::string& out, unsigned field, std::string_view bytes) {
  constexpr unsigned kLengthDelimited = 2;
  AppendVarint(out, (field << 3) | kLengthDelimited);
  AppendVarint(out, bytes.size());
  out += bytes;
}

void AppendNumber(std::string& out, unsigned field, uint64_t number) {
  AppendVarint(out, field << 3);
  AppendVarint(out, number);
}

std::string SerializedOption(const Option& option) {
  constexpr uint64_t kString = 2;  // DataType in common.proto
  constexpr uint64_t kBool = 4;
  const bool flag =
      option.kind == OptionKind::kBool || option.kind == OptionKind::kSwitch;
  std::string out;
  AppendBytes(out, 1, option.name);
  AppendBytes(out, 2, RepairUtf8(DefaultText(option)));
  if (option.kind == OptionKind::kList) AppendNumber(out, 4, 1);
  AppendNumber(out, 5, flag ? kBool : kString);
  AppendBytes(out, 6, RepairUtf8(FirstLine(option.description)));
  AppendBytes(out, 7, RepairUtf8(option.description));
  return out;
}

std::string SerializedField(const Field& field) {
  std::string out;
  AppendBytes(out, 1, field.name);
  AppendBytes(out, 2, RepairUtf8(FirstLine(field.description)));
  AppendBytes(out, 3, RepairUtf8(field.description));
  return out;
}

}  // namespace

std::string ShortHelp(const OptionTable& table) {
  size_t widest = 0;
  for (const Option& option : table.options()) {
    widest = std::max(widest, NameAndDefault(option).size());
  }
  const size_t column = (widest / kTab + 1) * kTab;
  std::string help;
  for (const Option& option : table.options()) {
    const std::string left = NameAndDefault(option);
    const size_t tabs = (column - left.size() + kTab - 1) / kTab;
    help += left + std::string(tabs, '\t') + FirstLine(option.description) + "\n";
  }
  return help;
}

std::string FullHelp(const OptionTable& table) {
  auto left = [](const Option& option) {
    const bool bare = option.kind == OptionKind::kSwitch;
    return "  " + option.name + (bare ? "" : "=ARG");
  };
  size_t column = kMinNameColumn;
  for (const Option& option : table.options()) {
    column = std::max(column, left(option).size() + 1);
  }
  std::string help;
  for (const Option& option : table.options()) {
    std::string lead = left(option);
    const size_t width = column + 20 < kPageWidth ? kPageWidth - column : 20;
    std::vector<std::string> lines = Wrap(option.description, width);
    if (!option.defaults.empty()) {
      lines.push_back("Default value: " + NameAndDefault(option));
    }
    for (const std::string& line : lines) {
      help += lead + std::string(column - lead.size(), ' ') + line + "\n";
      lead.clear();
    }
  }
  return help;
}

std::string ShowDefault(const OptionTable& table) {
  std::string text;
  for (const Option& option : table.options()) {
    if (option.defaults.empty() || !option.show_default) continue;
    text += "\"" + NameAndDefault(option) + "\" ";
  }
  return text;
}

std::string SerializedHelp(const OptionTable& table) {
  std::string out;
  for (const Option& option : table.options()) {
    AppendBytes(out, 1, SerializedOption(option));
  }
  for (const Field& field : table.fields()) AppendBytes(out, 2, SerializedField(field));
  return out;
}

}  // namespace nscp::checks
