#include "workers/check_disk/legacy_checks.h"

#include "proto/cpp/text.h"

namespace nscp::check_disk {
namespace {

using checks::Arguments;
using Words = std::vector<std::string>;

// An old bound and the comparison that it stands for.
struct Bound {
  const char* option;
  const char* severity;
  const char* comparison;
};

constexpr Bound kDriveBounds[] = {
    {"MaxWarn", "warn", "used > "},     {"MaxCrit", "crit", "used > "},
    {"MinWarn", "warn", "free < "},     {"MinCrit", "crit", "free < "},
    {"MaxWarnUsed", "warn", "used > "}, {"MaxCritUsed", "crit", "used > "},
    {"MinWarnUsed", "warn", "used < "}, {"MinCritUsed", "crit", "used < "},
    {"MaxWarnFree", "warn", "free > "}, {"MaxCritFree", "crit", "free > "},
    {"MinWarnFree", "warn", "free < "}, {"MinCritFree", "crit", "free < "},
};

constexpr Bound kFileBounds[] = {
    {"MaxWarn", "warn", "count > "},
    {"MaxCrit", "crit", "count > "},
    {"MinWarn", "warn", "count < "},
    {"MinCrit", "crit", "count < "},
};

template <size_t size>
void AddBounds(const Bound (&bounds)[size], checks::OptionTable& options) {
  for (const Bound& bound : bounds) {
    const std::string state =
        bound.severity == std::string_view("warn") ? "WARNING" : "CRITICAL";
    options.Text(bound.option, "", state + " when " + bound.comparison + "this value");
  }
}

// All bounds of a severity as one expression; without any the severity has none.
template <size_t size>
void TranslateBounds(const Bound (&bounds)[size], const Arguments& given, Words& out) {
  for (const char* severity : {"warn", "crit"}) {
    Words parts;
    for (const Bound& bound : bounds) {
      if (bound.severity != std::string_view(severity) || !given.Given(bound.option)) {
        continue;
      }
      parts.push_back(bound.comparison + given.Text(bound.option));
    }
    const std::string all = parts.empty() ? "none" : Join(parts, " or ");
    out.push_back(std::string(severity) + "=" + all);
  }
}

void AddShared(checks::OptionTable& options) {
  options
      .Text("ShowAll", "short", "Show all, not only what is wrong; a value says nothing")
      .BareIsDefault();
  options.Text("perf-unit", "", "Unit of performance data: B, K, M, G, T");
}

void TranslateShared(const Arguments& given, Words& out) {
  if (given.Given("ShowAll")) out.emplace_back("top-syntax=${status}: ${list}");
  const std::string& unit = given.Text("perf-unit");
  if (!unit.empty()) out.push_back("perf-config=*(unit:" + unit + ")");
}

void Copy(const Arguments& given, const char* from, const char* to, Words& out) {
  for (const std::string& value : given.List(from)) {
    out.push_back(std::string(to) + "=" + value);
  }
}

// "%filename%: %size%" of old templates.
std::string TemplateOf(const std::string& old) {
  std::string text;
  for (size_t at = 0; at < old.size();) {
    const size_t end = old[at] == '%' ? old.find('%', at + 1) : std::string::npos;
    const std::string name =
        end == std::string::npos ? "" : old.substr(at + 1, end - at - 1);
    constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyz_-";
    if (name.empty() || name.find_first_not_of(kLetters) != std::string::npos) {
      text += old[at++];
      continue;
    }
    text += "${" + name + "}";
    at = end + 1;
  }
  return text;
}

checks::OptionTable DriveOptions() {
  checks::OptionTable options;
  options.List("Drive", {}, "Drive to check, or not to with CheckAllOthers");
  options.Text("CheckAll", "true", "Check all drives").BareIsDefault();
  options.Text("CheckAllOthers", "true", "Check all drives but those that are named")
      .BareIsDefault();
  options.List(
      "FilterType", {},
      "Check only drives of this type: fixed, remote, cdrom, ramdisk, removable");
  options.Bool("ignore-unreadable", "Say nothing of drives that cannot be read");
  options.Text("magic", "", "Number that sizes are multiplied by");
  AddBounds(kDriveBounds, options);
  AddShared(options);
  return options;
}

checks::OptionTable FileOptions() {
  checks::OptionTable options;
  options.List("path", {}, "Folder or file to look at");
  options.List("file", {}, "The same as path");
  options.Text("pattern", "", "Pattern of the file names");
  options.Text("max-dir-depth", "", "How deep to look");
  options.List("filter", {}, "Files that count, as in check_files");
  options.Text("syntax", "", "Text of one file: %filename%, %size% ...");
  options.Text("master-syntax", "", "Text of the answer: %list%, %status% ...");
  options.Bool("ignore-errors", "Leave out paths that do not exist");
  options.Text("alias", "", "Known for older commands; it changes nothing");
  options.Text("truncate", "", "Known for older commands; it changes nothing");
  AddBounds(kFileBounds, options);
  AddShared(options);
  return options;
}

}  // namespace

LegacyChecks::LegacyChecks() : drives_(DriveOptions()), files_(FileOptions()) {}

LegacyChecks::Outcome LegacyChecks::DriveArguments(const Words& arguments) const {
  auto outcome = drives_.Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& given = std::get<Arguments>(outcome);
  Words out;
  TranslateBounds(kDriveBounds, given, out);
  const bool others = given.Given("CheckAllOthers");
  if (others || given.Given("CheckAll")) out.emplace_back("drive=*");
  Copy(given, "Drive", others ? "exclude" : "drive", out);
  Words types;
  for (const std::string& type : given.List("FilterType")) {
    types.push_back("'" + ReplaceAll(type, "'", "") + "'");
  }
  if (!types.empty()) out.push_back("filter=type in (" + Join(types, ", ") + ")");
  if (given.Flag("ignore-unreadable")) out.emplace_back("ignore-unreadable=true");
  Copy(given, "magic", "magic", out);
  out.emplace_back(
      "detail-syntax=${drive}: Total: ${size} - Used: ${used} - Free: ${free}");
  TranslateShared(given, out);
  return out;
}

LegacyChecks::Outcome LegacyChecks::FileArguments(const Words& arguments) const {
  auto outcome = files_.Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& given = std::get<Arguments>(outcome);
  Words out;
  TranslateBounds(kFileBounds, given, out);
  TranslateShared(given, out);
  Copy(given, "path", "path", out);
  Copy(given, "file", "path", out);
  if (given.Given("pattern")) Copy(given, "pattern", "pattern", out);
  if (given.Given("max-dir-depth")) Copy(given, "max-dir-depth", "max-depth", out);
  Copy(given, "filter", "filter", out);
  if (given.Given("syntax")) {
    out.push_back("detail-syntax=" + TemplateOf(given.Text("syntax")));
  }
  if (given.Given("master-syntax")) {
    out.push_back("top-syntax=" + TemplateOf(given.Text("master-syntax")));
  }
  if (given.Flag("ignore-errors")) out.emplace_back("ignore-missing=true");
  // No file at all was fine there, unless a bound said otherwise.
  out.emplace_back("empty-state=ok");
  return out;
}

}  // namespace nscp::check_disk
