#include <windows.h>

#include <algorithm>

#include "workers/check_disk/file_tree.h"
#include "workers/check_disk/glob.h"
#include "workers/check_disk/wide_text_win32.h"

namespace nscp::check_disk {
namespace {

// FILETIME counts tenths of a microsecond since 1601.
int64_t Seconds(const FILETIME& time) {
  constexpr int64_t kTicksPerSecond = 10000000;
  constexpr int64_t kFrom1601To1970 = 11644473600;
  const auto ticks = static_cast<int64_t>(
      (static_cast<uint64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime);
  return ticks / kTicksPerSecond - kFrom1601To1970;
}

template <class Found>
FileFacts FactsOf(const Found& found) {
  FileFacts facts;
  facts.size = (static_cast<uint64_t>(found.nFileSizeHigh) << 32) | found.nFileSizeLow;
  facts.written = Seconds(found.ftLastWriteTime);
  facts.accessed = Seconds(found.ftLastAccessTime);
  facts.created = Seconds(found.ftCreationTime);
  facts.is_folder = (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  return facts;
}

std::string WithSlashes(std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return path;
}

// One walk; folders wait on a stack, as in file_tree_posix.cpp.
class Walker {
 public:
  Walker(const WalkWish& wish, const std::function<bool(FoundFile&&)>& visit)
      : wish_(wish), visit_(visit) {}

  Result<WalkOutcome> Walk(const std::string& start) {
    waiting_.push_back({WithSlashes(start), 0});
    while (!waiting_.empty() && !done_) {
      const Waiting folder = std::move(waiting_.back());
      waiting_.pop_back();
      outcome_.folders += folder.level == 0 ? 0 : 1;
      RETURN_IF_ERROR(WalkFolder(folder));
    }
    return outcome_;
  }

 private:
  struct Waiting {
    std::string path;
    int64_t level = 0;
  };

  Status WalkFolder(const Waiting& folder) {
    WIN32_FIND_DATAW found{};
    const HANDLE search = ::FindFirstFileExW(
        Wide(JoinPath(folder.path, "*")).c_str(), FindExInfoBasic, &found,
        FindExSearchNameMatch, nullptr, FIND_FIRST_EX_LARGE_FETCH);
    if (search == INVALID_HANDLE_VALUE) {
      if (wish_.complain && complaints_++ < kMaxComplaints) {
        wish_.complain("Failed to read the folder " + folder.path + ": error " +
                       std::to_string(::GetLastError()));
      }
      return Status::Ok();
    }
    const auto path = std::make_shared<const std::string>(folder.path);
    Status taken;
    do {
      taken = Take(found, folder, path);
    } while (taken.ok() && !done_ && ::FindNextFileW(search, &found));
    ::FindClose(search);
    return taken;
  }

  Status Take(const WIN32_FIND_DATAW& found, const Waiting& where,
              const std::shared_ptr<const std::string>& path) {
    if (wish_.cancelled && wish_.cancelled()) {
      return Status::Cancelled("Looking for files was stopped: nobody waits for them");
    }
    std::string name = Utf8(found.cFileName);
    const bool link = (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    if (name == "." || name == ".." || link) return Status::Ok();
    if ((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
      if (MatchesPattern(wish_.pattern, name)) {
        done_ = !visit_({std::move(name), path, FactsOf(found)});
      }
      return Status::Ok();
    }
    if (wish_.max_depth >= 0 && where.level + 1 >= wish_.max_depth) return Status::Ok();
    if (waiting_.size() >= kMaxWaitingFolders) {
      return Status::ResourceExhausted(
          "Too many folders: more than " + std::to_string(kMaxWaitingFolders) +
          " below " + where.path + ". Use a narrower path or max-depth.");
    }
    waiting_.push_back({JoinPath(where.path, name), where.level + 1});
    return Status::Ok();
  }

  const WalkWish& wish_;
  const std::function<bool(FoundFile&&)>& visit_;
  std::vector<Waiting> waiting_;
  WalkOutcome outcome_;
  int complaints_ = 0;
  bool done_ = false;
};

class SystemTree final : public FileTree {
 public:
  Result<WalkOutcome> Walk(const std::string& start, const WalkWish& wish,
                           const std::function<bool(FoundFile&&)>& visit) const override {
    WalkOutcome outcome;
    const auto facts = Look(start);
    if (facts.ok() && facts->is_folder) return Walker(wish, visit).Walk(start);
    outcome.missing = !facts.ok();
    if (facts.ok()) {
      PathParts parts = SplitPath(WithSlashes(start));
      visit({std::move(parts.name),
             std::make_shared<const std::string>(std::move(parts.folder)), *facts});
    }
    return outcome;
  }

  Result<FileFacts> Look(const std::string& path) const override {
    WIN32_FILE_ATTRIBUTE_DATA found{};
    if (::GetFileAttributesExW(Wide(path).c_str(), GetFileExInfoStandard, &found)) {
      return FactsOf(found);
    }
    return Status::NotFound("Failed to read " + path + ": error " +
                            std::to_string(::GetLastError()));
  }
};

}  // namespace

std::unique_ptr<FileTree> MakeFileTree() { return std::make_unique<SystemTree>(); }

}  // namespace nscp::check_disk
