#include "workers/check_system/package_updates.h"

#include <algorithm>
#include <set>

#include "proto/cpp/text.h"
#include "workers/check_system/lines.h"

namespace nscp::check_system {
namespace {

// How soon one who waits for the answer of another notices that nobody waits for it.
constexpr std::chrono::milliseconds kWaitStep{50};

// What dnf and yum exit with when there are updates.
constexpr int kDnfUpdates = 100;

using PackageNames = std::vector<std::string>;

// Packages of several architectures come once.
void Tidy(PackageNames& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

// The cells of a line of a table such as zypper's.
std::vector<std::string> Cells(std::string_view line) {
  std::vector<std::string> cells;
  for (const std::string& cell : Split(line, '|')) cells.emplace_back(Trim(cell));
  return cells;
}

Status Failed(const char* manager, const ToolOutput& output) {
  return Status::Unavailable("Failed to ask " + std::string(manager) +
                             " for updates: it exited with " +
                             std::to_string(output.code) + ": " + LastLine(output.text));
}

// One way to ask; Found tells whether there is such a manager.
class Manager {
 public:
  Manager(const RunTool& run, const char* name) : run_(run), name_(name) {}

  // The output of `name words...` when it ends with one of these codes.
  Result<std::string> Ask(const PackageNames& words, std::initializer_list<int> codes) {
    PackageNames all = {name_};
    all.insert(all.end(), words.begin(), words.end());
    ASSIGN_OR_RETURN(ToolOutput output, run_(all, kUpdatesLimit));
    found = output.found;
    if (!found) return std::string();
    if (std::find(codes.begin(), codes.end(), output.code) == codes.end()) {
      return Failed(name_, output);
    }
    return std::move(output.text);
  }

  bool found = true;

 private:
  const RunTool& run_;
  const char* const name_;
};

Status AskApt(Manager& manager, Updates& updates) {
  // Without the lock, which is root's: nothing is changed.
  ASSIGN_OR_RETURN(const std::string text,
                   manager.Ask({"-s", "-o", "Debug::NoLocking=true", "upgrade"}, {0}));
  ParseAptUpgrade(text, updates);
  return Status::Ok();
}

Status AskDnf(Manager& manager, Updates& updates) {
  ASSIGN_OR_RETURN(const std::string all,
                   manager.Ask({"-q", "check-update"}, {0, kDnfUpdates}));
  if (!manager.found) return Status::Ok();
  updates.packages = ParseDnfUpdates(all);
  if (updates.packages.empty()) return Status::Ok();
  ASSIGN_OR_RETURN(const std::string security,
                   manager.Ask({"-q", "--security", "check-update"}, {0, kDnfUpdates}));
  updates.security = ParseDnfUpdates(security).size();
  return Status::Ok();
}

Status AskZypper(Manager& manager, Updates& updates) {
  ASSIGN_OR_RETURN(
      const std::string all,
      manager.Ask({"--non-interactive", "--quiet", "--no-refresh", "list-updates"}, {0}));
  if (!manager.found) return Status::Ok();
  updates.packages = ParseZypperUpdates(all);
  ASSIGN_OR_RETURN(const std::string patches,
                   manager.Ask({"--non-interactive", "--quiet", "--no-refresh",
                                "list-patches", "--category", "security"},
                               {0}));
  updates.security = CountZypperPatches(patches);
  return Status::Ok();
}

Status AskPacman(Manager& manager, Updates& updates) {
  // It exits with 1 when there are none.
  ASSIGN_OR_RETURN(const std::string text, manager.Ask({"-Qu"}, {0, 1}));
  updates.packages = ParsePacmanUpdates(text);
  return Status::Ok();
}

}  // namespace

void ParseAptUpgrade(std::string_view text, Updates& updates) {
  std::set<std::string, std::less<>> names;
  std::set<std::string, std::less<>> security;
  ForEachLine(text, [&](std::string_view line) {
    if (!StartsWith(line, "Inst ")) return;
    line.remove_prefix(5);
    const std::string name(line.substr(0, line.find(' ')));
    names.insert(name);
    // "(2.6.2 Debian-Security:12/oldstable-security [amd64])"
    const size_t open = line.find('(');
    if (open == std::string_view::npos) return;
    const std::string origin = ToLowerAscii(line.substr(open));
    if (origin.find("security") != std::string::npos) security.insert(name);
  });
  updates.packages.assign(names.begin(), names.end());
  updates.security = security.size();
}

std::vector<std::string> ParseDnfUpdates(std::string_view text) {
  PackageNames names;
  bool obsolete = false;
  ForEachLine(text, [&](std::string_view line) {
    if (StartsWith(line, "Obsoleting Packages")) obsolete = true;
    // A long name stands alone on its line; what follows is indented.
    if (obsolete || line.empty() || line[0] == ' ') return;
    const PackageNames words = SplitList(line, ' ');
    if (words.size() != 1 && words.size() != 3) return;
    const size_t dot = words[0].rfind('.');
    if (dot != std::string::npos) names.push_back(words[0].substr(0, dot));
  });
  Tidy(names);
  return names;
}

std::vector<std::string> ParseZypperUpdates(std::string_view text) {
  PackageNames names;
  ForEachLine(text, [&](std::string_view line) {
    const auto cells = Cells(line);
    // S | Repository | Name | Current Version | Available Version | Arch
    if (cells.size() < 6 || cells[0] == "S" || cells[2].empty()) return;
    names.push_back(cells[2]);
  });
  Tidy(names);
  return names;
}

size_t CountZypperPatches(std::string_view text) {
  size_t count = 0;
  ForEachLine(text, [&](std::string_view line) {
    const auto cells = Cells(line);
    const auto has = [&cells](const char* word) {
      return std::find(cells.begin(), cells.end(), word) != cells.end();
    };
    if (has("security") && has("needed")) ++count;
  });
  return count;
}

std::vector<std::string> ParsePacmanUpdates(std::string_view text) {
  PackageNames names;
  ForEachLine(text, [&](std::string_view line) {
    // name 1.0-1 -> 1.1-1
    const PackageNames words = SplitList(line, ' ');
    if (words.size() == 4 && words[2] == "->") names.push_back(words[0]);
  });
  Tidy(names);
  return names;
}

Result<Updates> AskForUpdates(const RunTool& run) {
  const struct {
    const char* name;
    Status (*ask)(Manager&, Updates&);
  } managers[] = {{"apt-get", AskApt},
                  {"dnf", AskDnf},
                  {"yum", AskDnf},
                  {"zypper", AskZypper},
                  {"pacman", AskPacman}};
  for (const auto& row : managers) {
    Manager manager(run, row.name);
    Updates updates;
    updates.manager = row.name;
    RETURN_IF_ERROR(row.ask(manager, updates));
    if (manager.found) return updates;
  }
  return Status::NotFound(
      "No supported package manager found (apt-get/dnf/yum/zypper/pacman)");
}

UpdatesKeeper::UpdatesKeeper()
    : ask_([this] {
        const auto stopping = [this] { return stopping_.load(); };
        return AskThisSystem(MakeRunTool(stopping), stopping);
      }),
      now_(&Clock::now) {}

UpdatesKeeper::UpdatesKeeper(RunTool run, std::function<Clock::time_point()> now)
    : ask_([run = std::move(run)] { return AskForUpdates(run); }), now_(std::move(now)) {}

UpdatesKeeper::~UpdatesKeeper() { Stop(); }

void UpdatesKeeper::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void UpdatesKeeper::Ask() {
  Result<Updates> updates = ask_();
  const std::lock_guard<std::mutex> lock(mutex_);
  last_ = std::move(updates);
  asked_ = now_();
  ++answers_;
  is_asking_ = false;
  changed_.notify_all();
}

Result<Updates> UpdatesKeeper::Get(const std::function<bool()>& cancelled) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!last_.ok() || now_() - asked_ >= kUpdatesKept) {
    if (!is_asking_ && !stopping_) {
      if (thread_.joinable()) thread_.join();  // it has ended
      is_asking_ = true;
      thread_ = std::thread([this] { Ask(); });
    }
    const uint64_t before = answers_;
    while (answers_ == before) {
      if (stopping_ || (cancelled && cancelled())) {
        return Status::Cancelled(
            "The package manager is still asked for updates: its answer will be there "
            "for the next call");
      }
      changed_.wait_for(lock, kWaitStep);
    }
    if (!last_.ok()) return last_.status();
  }
  Updates updates = *last_;
  updates.age = std::chrono::duration_cast<std::chrono::seconds>(now_() - asked_).count();
  return updates;
}

}  // namespace nscp::check_system
