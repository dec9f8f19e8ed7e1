#include "kernel/settings/problems.h"

#include <algorithm>
#include <map>

#include "kernel/settings/atomic_file.h"
#include "kernel/settings/modules_section.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr size_t kLongestName = 128;
constexpr size_t kFarthest = 3;

// Optimal string alignment: letters to change, add, leave out, or swap with the next.
size_t Distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({changed, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

struct KnownNames {
  std::vector<std::string> paths;
  std::map<std::string, std::vector<std::string>> keys;  // folded path -> its keys
  std::map<std::string, bool> objects;                   // folded path
};

KnownNames NamesOf(const Descriptions& descriptions) {
  KnownNames names;
  for (const v1::SettingDescription& item : descriptions.All()) {
    const std::string path = FoldPath(item.path());
    if (item.key().empty()) {
      names.paths.push_back(item.path());
      if (item.object()) names.objects[path] = true;
    } else {
      names.keys[path].push_back(item.key());
    }
  }
  return names;
}

bool IsBool(std::string_view value) {
  static constexpr std::string_view kWords[] = {"true",  "yes", "1", "enabled",
                                                "false", "no",  "0", "disabled"};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return EqualsIgnoreCase(value, word);
  });
}

bool IsNumber(std::string_view value) {
  const std::string_view digits = StartsWith(value, "-") ? value.substr(1) : value;
  const bool plain =
      !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  return plain || ParseDurationMs(value).has_value();
}

class Search {
 public:
  Search(const Settings& settings, const Descriptions& descriptions)
      : settings_(settings), descriptions_(descriptions), names_(NamesOf(descriptions)) {
    for (const std::string& file : settings.Files()) {
      const auto bytes = ReadWholeFile(file, kMaxIniBytes);
      if (bytes.ok()) documents_.push_back({file, IniFile::Parse(*bytes)});
    }
  }

  std::vector<SettingsProblem> Run() {
    for (IniDiagnostic& note : settings_.Diagnostics()) {
      Add({std::move(note.file), note.line, "", "", std::move(note.text), "", ""});
    }
    for (const std::string& path : settings_.Paths("")) {
      if (FoldPath(path).empty()) continue;
      if (!descriptions_.KnowsPath(path)) {
        Tell(path, "", "no module knows this path", "", NearestName(path, names_.paths));
      } else if (FoldPath(path) == "/modules") {
        CheckModules(path);
      } else {
        CheckKeys(path);
      }
    }
    return std::move(problems_);
  }

 private:
  void CheckModules(const std::string& path) {
    for (const ConfiguredModule& module : ParseModulesSection(settings_.Keys(path))) {
      if (!module.enabled || descriptions_.FindKey(path, module.module)) continue;
      Tell(path, module.key, "there is no module \"" + module.module + "\"", "",
           NearestName(module.module, names_.keys["/modules"]));
    }
  }

  void CheckKeys(const std::string& path) {
    const auto known = names_.keys.find(FoldPath(path));
    const bool is_free = names_.objects.count(FoldPath(path)) != 0;
    for (const IniEntry& entry : settings_.Keys(path)) {
      if (const auto description = descriptions_.FindKey(path, entry.key)) {
        CheckValue(path, entry, *description);
      } else if (known != names_.keys.end() && !is_free) {
        Tell(path, entry.key, "no module knows this key", "",
             NearestName(entry.key, known->second));
      }
    }
  }

  void CheckValue(const std::string& path, const IniEntry& entry,
                  const v1::SettingsKey& description) {
    if (entry.value.empty()) return;
    if (description.type() == v1::BOOL && !IsBool(entry.value)) {
      Tell(path, entry.key, "the value is no boolean", "true or false", "");
    } else if (description.type() == v1::INT && !IsNumber(entry.value)) {
      Tell(path, entry.key, "the value is no number", "a whole number", "");
    }
  }

  void Tell(const std::string& path, const std::string& key, std::string what,
            std::string expected, std::string nearest) {
    SettingsProblem problem{
        "", 0, path, key, std::move(what), std::move(expected), std::move(nearest)};
    for (const auto& [file, document] : documents_) {
      problem.line = document.LineOf(path, key);
      if (problem.line == 0) continue;
      problem.file = file;
      break;
    }
    Add(std::move(problem));
  }

  void Add(SettingsProblem problem) {
    if (problems_.size() < kMaxProblems) problems_.push_back(std::move(problem));
  }

  const Settings& settings_;
  const Descriptions& descriptions_;
  KnownNames names_;
  std::vector<std::pair<std::string, IniFile>> documents_;
  std::vector<SettingsProblem> problems_;
};

}  // namespace

std::string NearestName(std::string_view name, const std::vector<std::string>& names) {
  if (name.size() > kLongestName) return "";
  const std::string folded = ToLowerAscii(name);
  size_t best = std::min(kFarthest, folded.size() / 3) + 1;
  std::string nearest;
  for (const std::string& candidate : names) {
    const size_t longer = std::max(candidate.size(), folded.size());
    const size_t shorter = std::min(candidate.size(), folded.size());
    if (candidate.size() > kLongestName || longer - shorter >= best) continue;
    const size_t distance = Distance(folded, ToLowerAscii(candidate));
    if (distance >= best) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::vector<SettingsProblem> FindProblems(const Settings& settings,
                                          const Descriptions& descriptions) {
  return Search(settings, descriptions).Run();
}

std::string ProblemText(const SettingsProblem& problem) {
  std::string text;
  if (!problem.file.empty()) {
    text = problem.file + ":" + std::to_string(problem.line) + ": ";
  }
  if (!problem.path.empty()) text += "[" + problem.path + "] ";
  if (!problem.key.empty()) text += "\"" + problem.key + "\": ";
  text += problem.what;
  if (!problem.expected.empty()) text += "; expected " + problem.expected;
  if (!problem.nearest.empty())
    text += "; the nearest known is \"" + problem.nearest + "\"";
  return text;
}

}  // namespace nscp::kernel
