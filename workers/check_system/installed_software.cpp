#include "workers/check_system/installed_software.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "proto/cpp/text.h"
#include "workers/check_system/lines.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

// Fields of a line are separated by a byte that no field holds.
constexpr char kField = '\t';
constexpr size_t kFields = 7;

std::optional<int64_t> ReadNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Lines of name, version, publisher, architecture, status, size in `unit` bytes, time.
std::vector<Software> ParseFields(std::string_view text, const char* manager,
                                  int64_t unit) {
  constexpr int64_t kLargest = int64_t{1} << 50;
  std::vector<Software> packages;
  ForEachLine(text, [&](std::string_view line) {
    auto fields = Split(line, kField);
    if (fields.size() != kFields || packages.size() == kMaxPackages) return;
    for (std::string& field : fields) {
      if (field == "(none)") field.clear();
    }
    const int64_t size = ReadNumber(fields[5]).value_or(0);
    packages.push_back({std::move(fields[0]), std::move(fields[1]), std::move(fields[2]),
                        std::move(fields[3]), manager, std::move(fields[4]),
                        ReadNumber(fields[6]),
                        std::clamp<int64_t>(size, 0, kLargest / unit) * unit});
  });
  return packages;
}

// Days since 1970 of a day of the Gregorian calendar.
int64_t DaysOf(int64_t year, int64_t month, int64_t day) {
  if (month <= 2) --year;
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// "Thu Jan 11 12:00:00 2024", as strftime's %c has it in the language C.
std::optional<int64_t> ReadDate(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto words = SplitList(text, ' ');
  if (words.size() != 5 || words[1].size() != 3) return std::nullopt;
  const size_t month = kMonths.find(words[1]);
  const auto clock = Split(words[3], ':');
  if (month == std::string_view::npos || month % 3 != 0 || clock.size() != 3) {
    return std::nullopt;
  }
  const auto day = ReadNumber(words[2]);
  const auto year = ReadNumber(words[4]);
  const auto hours = ReadNumber(clock[0]);
  const auto minutes = ReadNumber(clock[1]);
  const auto seconds = ReadNumber(clock[2]);
  if (!day || !year || !hours || !minutes || !seconds) return std::nullopt;
  const auto within = [](int64_t number, int64_t least, int64_t most) {
    return number >= least && number <= most;
  };
  if (!within(*day, 1, 31) || !within(*year, 1970, 9999) || !within(*hours, 0, 23) ||
      !within(*minutes, 0, 59) || !within(*seconds, 0, 60)) {
    return std::nullopt;
  }
  return DaysOf(*year, static_cast<int64_t>(month / 3 + 1), *day) * 86400 +
         *hours * 3600 + *minutes * 60 + *seconds;
}

// "12.34 MiB"
int64_t ReadPacmanSize(std::string_view text) {
  const auto words = SplitList(text, ' ');
  if (words.size() != 2 || words[1].empty()) return 0;
  double number = 0;
  const auto [end, error] =
      std::from_chars(words[0].data(), words[0].data() + words[0].size(), number);
  if (error != std::errc() || end == words[0].data() || !(number >= 0)) return 0;
  return checks::RoundToInteger(number * checks::BytesOf(words[1][0]).value_or(1));
}

void TakePacmanField(std::string_view key, std::string_view value, Software& package) {
  if (key == "Version") package.version = value;
  if (key == "Architecture") package.architecture = value;
  if (key == "Packager") package.publisher = value;
  if (key == "Install Date") package.installed = ReadDate(value);
  if (key == "Installed Size") package.size = ReadPacmanSize(value);
}

}  // namespace

std::vector<std::string> DpkgWords() {
  return {"dpkg-query", "--show", "--showformat",
          "${Package}\\t${Version}\\t${Maintainer}\\t${Architecture}\\t"
          "${db:Status-Status}\\t${Installed-Size}\\t${db-fsys:Last-Modified}\\n"};
}

std::vector<Software> ParseDpkg(std::string_view text) {
  std::vector<Software> packages = ParseFields(text, "dpkg", 1024);
  const auto is_gone = [](const Software& package) {
    return package.status == "config-files" || package.status == "not-installed";
  };
  packages.erase(std::remove_if(packages.begin(), packages.end(), is_gone),
                 packages.end());
  return packages;
}

std::vector<std::string> RpmWords() {
  return {"rpm", "-qa", "--queryformat",
          "%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{VENDOR}\\t%{ARCH}\\tinstalled\\t"
          "%{LONGSIZE}\\t%{INSTALLTIME}\\n"};
}

std::vector<Software> ParseRpm(std::string_view text) {
  return ParseFields(text, "rpm", 1);
}

std::vector<Software> ParsePacman(std::string_view text) {
  std::vector<Software> packages;
  ForEachLine(text, [&](std::string_view line) {
    // "Name            : bash"; a list that goes on is indented.
    const size_t colon = line.find(" : ");
    if (colon == std::string_view::npos || line[0] == ' ') return;
    const std::string_view key = Trim(line.substr(0, colon));
    const std::string_view value = Trim(line.substr(colon + 3));
    if (key == "Name" && packages.size() < kMaxPackages) {
      packages.emplace_back();
      packages.back().name = value;
      packages.back().manager = "pacman";
      packages.back().status = "installed";
    } else if (!packages.empty()) {
      TakePacmanField(key, value, packages.back());
    }
  });
  return packages;
}

Result<std::vector<Software>> ListSoftware(const RunTool& run) {
  const struct {
    const char* manager;
    std::vector<std::string> words;
    std::vector<Software> (*parse)(std::string_view);
  } managers[] = {{"dpkg", DpkgWords(), ParseDpkg},
                  {"rpm", RpmWords(), ParseRpm},
                  {"pacman", {"pacman", "-Qi"}, ParsePacman}};
  bool is_there = false;
  for (const auto& row : managers) {
    ASSIGN_OR_RETURN(const ToolOutput output, run(row.words, kSoftwareLimit));
    if (!output.found) continue;
    is_there = true;
    if (output.code != 0) {
      return Status::Unavailable("Failed to query installed software from " +
                                 std::string(row.manager) + " (" + row.words[0] +
                                 "): it exited with " + std::to_string(output.code) +
                                 ": " + LastLine(output.text));
    }
    std::vector<Software> packages = row.parse(output.text);
    // dpkg is installed on systems of rpm too, and knows nothing there.
    if (!packages.empty()) return packages;
  }
  if (is_there) return std::vector<Software>();
  return Status::NotFound("No supported package manager found (dpkg/rpm/pacman)");
}

std::optional<Software> SoftwareOf(const UninstallEntry& entry) {
  constexpr size_t kDate = 8;
  constexpr int64_t kDay = 86400;
  constexpr int64_t kMostKilobytes = int64_t{1} << 40;
  if (entry.name.empty() || !entry.parent.empty() || entry.is_part_of_system) {
    return std::nullopt;
  }
  Software software;
  software.name = entry.name;
  software.version = entry.version;
  software.publisher = entry.publisher;
  software.architecture = entry.architecture;
  software.manager = "windows";
  software.status = "installed";
  software.size = std::clamp<int64_t>(entry.kilobytes, 0, kMostKilobytes) * 1024;
  const auto date = entry.date.size() == kDate ? ReadNumber(entry.date) : std::nullopt;
  if (!date) return software;
  const int64_t month = *date / 100 % 100;
  const int64_t day = *date % 100;
  if (month >= 1 && month <= 12 && day >= 1 && day <= 31) {
    software.installed = DaysOf(*date / 10000, month, day) * kDay;
  }
  return software;
}

}  // namespace nscp::check_system
