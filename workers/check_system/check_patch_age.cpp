#include "workers/check_system/check_patch_age.h"

#include <charconv>
#include <set>

#include "proto/cpp/text.h"
#include "workers/check_system/registry_path.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr int64_t kPatchDay = 24 * 3600;
constexpr char kPatchQuery[] =
    "SELECT HotFixID, InstalledOn FROM Win32_QuickFixEngineering";

std::optional<int64_t> PatchNumber(std::string_view text, int base = 10) {
  int64_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, base);
  if (error != std::errc() || end != last || text.empty() || number < 0) return {};
  return number;
}

// Days from 1970 of a date in the Gregorian calendar (Howard Hinnant's algorithm).
int64_t PatchDaysOf(int64_t year, int64_t month, int64_t day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = y / 400;
  const int64_t of_era = y - era * 400;
  const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::optional<int64_t> DateOf(std::optional<int64_t> year, std::optional<int64_t> month,
                              std::optional<int64_t> day) {
  if (!year || !month || !day) return {};
  const bool is_date = *year >= 1980 && *year <= 9999 && *month >= 1 && *month <= 12 &&
                       *day >= 1 && *day <= 31;
  if (!is_date) return {};
  return PatchDaysOf(*year, *month, *day) * kPatchDay;
}

// "5034441" and "kb5034441" are the same.
std::string PatchId(std::string_view text) {
  const std::string id = ToLowerAscii(Trim(text));
  return PatchNumber(id) ? "kb" + id : id;
}

// Days, also as "30d" or "6w".
Result<checks::Value> DaysLiteral(const checks::Literal& literal, const Patches*) {
  const auto unit = literal.unit == 0 ? kPatchDay : checks::SecondsOf(literal.unit);
  if (literal.kind == checks::Literal::Kind::kText || !unit) {
    return Status::InvalidArgument("Cannot compare an age to " + Describe(literal) +
                                   ": write days such as 30 or 30d");
  }
  return checks::Value::Real(literal.real * static_cast<double>(*unit) / kPatchDay);
}

checks::Keywords<Patches> PatchKeywords() {
  checks::Keywords<Patches> k;
  k.Integer("count", "Number of installed updates",
            [](const Patches& row) { return row.count; });
  k.Integer("age",
            "Days since the newest update was installed, also written as 30d or 6w; -1 "
            "where Windows tells no date",
            &Patches::age)
      .Convert(DaysLiteral);
  k.Integer("required", "Number of updates that the option hotfix names",
            &Patches::required);
  k.Integer("missing", "Number of those that are not installed",
            [](const Patches& row) { return static_cast<int64_t>(row.missing.size()); });
  k.Text("newest_id", "Id of the newest update, such as KB5034441",
         [](const Patches& row) -> std::string_view { return row.newest_id; });
  k.Text("newest_installed", "When it was installed, as Windows tells it",
         [](const Patches& row) -> std::string_view { return row.newest_installed; });
  k.Text("ids", "Ids of all installed updates, separated by semicolons",
         [](const Patches& row) -> std::string_view { return row.ids; });
  k.Text("missing_ids", "Those that are named and missing, separated by semicolons",
         [](const Patches& row) { return Join(row.missing, ";"); });
  k.Text("message", "All of it as a sentence", &Patches::Message);
  return k;
}

checks::Check<Patches> MakePatchAgeCheck() {
  checks::OptionTable options;
  options.List(
      "hotfix", {},
      "Id of an update that must be installed, such as KB5034441 or 5034441; may "
      "be given several times. One that is missing is critical.");
  checks::FilterDefaults defaults;
  defaults.critical = {"missing > 0"};
  defaults.detail_syntax = "${message}";
  defaults.perf_syntax = "patch";
  defaults.perf_config = "extra(age;count;missing)";
  return {std::move(options), defaults, PatchKeywords()};
}

}  // namespace

std::optional<int64_t> ParseInstalledOn(std::string_view raw) {
  const std::string_view text = Trim(raw);
  const std::vector<std::string> parts = Split(text, '/');
  if (parts.size() == 3) {
    return DateOf(PatchNumber(parts[2]), PatchNumber(parts[0]), PatchNumber(parts[1]));
  }
  if (text.size() == 8) {
    return DateOf(PatchNumber(text.substr(0, 4)), PatchNumber(text.substr(4, 2)),
                  PatchNumber(text.substr(6)));
  }
  if (text.size() != 16) return {};
  const auto ticks = PatchNumber(text, 16);
  const int64_t seconds = ticks ? FromFileTime(static_cast<uint64_t>(*ticks)) : 0;
  if (seconds == 0) return {};
  return seconds / kPatchDay * kPatchDay;
}

std::string Patches::Message() const {
  std::string text = "No hotfixes reported";
  if (count > 0) {
    text = std::to_string(count) + " hotfixes installed, newest ";
    text += age < 0 ? "install date unknown"
                    : newest_id + " on " + newest_installed + " (" + std::to_string(age) +
                          "d ago)";
  }
  if (!missing.empty()) text += "; missing: " + Join(missing, ";");
  return text;
}

Patches MakePatches(const wmi::Table& table, const std::vector<std::string>& required,
                    int64_t now) {
  Patches patches;
  std::set<std::string> installed;
  for (const wmi::Row& row : table.rows) {
    const std::string id(Trim(table.At(row, "HotFixID").text));
    if (id.empty()) continue;
    ++patches.count;
    patches.ids += (patches.ids.empty() ? "" : ";") + id;
    installed.insert(PatchId(id));
    const std::string& date = table.At(row, "InstalledOn").text;
    const auto day = ParseInstalledOn(date);
    if (!day || (patches.newest && *patches.newest >= *day)) continue;
    patches.newest = day;
    patches.newest_id = id;
    patches.newest_installed = std::string(Trim(date));
  }
  if (patches.newest)
    patches.age = std::max<int64_t>(0, now - *patches.newest) / kPatchDay;
  patches.required = static_cast<int64_t>(required.size());
  for (const std::string& id : required) {
    if (installed.count(PatchId(id)) == 0) patches.missing.emplace_back(Trim(id));
  }
  return patches;
}

PatchAgeCheck::PatchAgeCheck() : check_(MakePatchAgeCheck()) {}

sdk::CheckResult PatchAgeCheck::Run(const std::vector<std::string>& arguments,
                                    const checks::Environment& environment,
                                    const AskWmi& ask) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<Patches>& sink) -> Status {
        ASSIGN_OR_RETURN(const wmi::Table table, ask(kPatchQuery, environment.cancelled));
        sink.Add(MakePatches(table, parsed.List("hotfix"), environment.now));
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
