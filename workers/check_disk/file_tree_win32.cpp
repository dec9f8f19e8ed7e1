#include <windows.h>

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/file_tree.h"
#include "workers/check_disk/glob.h"
#include "workers/check_disk/quiet_errors_win32.h"
#include "workers/check_disk/windows_path_win32.h"

namespace nscp::check_disk {
namespace {

// How often a walk looks whether somebody still waits.
constexpr size_t kEntriesBetweenLooks = 256;

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
  facts.attributes = found.dwFileAttributes;
  return facts;
}

std::string WithBackslashes(std::string path) {
  std::replace(path.begin(), path.end(), '/', '\\');
  return path;
}

std::string Joined(const std::string& folder, const std::string& name) {
  return EndsWith(folder, "\\") ? folder + name : folder + "\\" + name;
}

// Links and junctions stand for something else. Files that are stored in another way
// (deduplicated, in a cloud) have a tag too, but are what they seem.
bool IsLink(const WIN32_FIND_DATAW& found) {
  return (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
         IsReparseTagNameSurrogate(found.dwReserved0);
}

std::string InLowerCase(std::wstring text) {
  ::CharLowerBuffW(text.data(), static_cast<DWORD>(text.size()));
  return Utf8(text);
}

// Windows knows no difference of case in names.
class NamePattern {
 public:
  explicit NamePattern(const std::string& pattern)
      : takes_all_(pattern.empty() || pattern == "*" || pattern == "*.*"),
        pattern_(InLowerCase(Wide(pattern))) {}
  bool Matches(const wchar_t* name) const {
    return takes_all_ || MatchesPattern(pattern_, InLowerCase(name));
  }

 private:
  const bool takes_all_;
  const std::string pattern_;
};

// One walk; folders wait on a stack, as in file_tree_posix.cpp.
class Walker {
 public:
  Walker(const WalkWish& wish, const std::function<bool(FoundFile&&)>& visit)
      : wish_(wish), pattern_(wish.pattern), visit_(visit) {}

  Result<WalkOutcome> Walk(const std::string& start) {
    waiting_.push_back({WithBackslashes(start), 0});
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
    std::wstring all = SystemPath(folder.path);
    if (!all.empty() && all.back() != L'\\') all += L'\\';
    const HANDLE search =
        ::FindFirstFileExW((all + L"*").c_str(), FindExInfoBasic, &found,
                           FindExSearchNameMatch, nullptr, FIND_FIRST_EX_LARGE_FETCH);
    if (search == INVALID_HANDLE_VALUE) {
      Complain(folder.path, ::GetLastError());
      return Status::Ok();
    }
    const auto path = std::make_shared<const std::string>(folder.path);
    Status taken;
    do {
      taken = Take(found, folder, path);
    } while (taken.ok() && !done_ && ::FindNextFileW(search, &found));
    const DWORD error = ::GetLastError();
    if (taken.ok() && !done_ && error != ERROR_NO_MORE_FILES) {
      Complain(folder.path, error);
    }
    ::FindClose(search);
    return taken;
  }

  void Complain(const std::string& folder, DWORD error) {
    const bool has_vanished =
        error == ERROR_PATH_NOT_FOUND || error == ERROR_FILE_NOT_FOUND;
    if (has_vanished || !wish_.complain || complaints_++ >= kMaxComplaints) return;
    wish_.complain("Failed to read the folder " + folder + ": " + WindowsError(error));
  }

  Status Take(const WIN32_FIND_DATAW& found, const Waiting& where,
              const std::shared_ptr<const std::string>& path) {
    if (++entries_ % kEntriesBetweenLooks == 0 && wish_.cancelled && wish_.cancelled()) {
      return Status::Cancelled("Looking for files was stopped: nobody waits for them");
    }
    const std::wstring_view wide = found.cFileName;
    if (wide == L"." || wide == L".." || IsLink(found)) return Status::Ok();
    if ((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
      if (pattern_.Matches(found.cFileName)) {
        done_ = !visit_({Utf8(wide), path, FactsOf(found)});
      }
      return Status::Ok();
    }
    if (wish_.max_depth >= 0 && where.level + 1 >= wish_.max_depth) return Status::Ok();
    if (waiting_.size() >= kMaxWaitingFolders) {
      return Status::ResourceExhausted(
          "Too many folders: more than " + std::to_string(kMaxWaitingFolders) +
          " below " + where.path + ". Use a narrower path or max-depth.");
    }
    waiting_.push_back({Joined(where.path, Utf8(wide)), where.level + 1});
    return Status::Ok();
  }

  const WalkWish& wish_;
  const NamePattern pattern_;
  const std::function<bool(FoundFile&&)>& visit_;
  std::vector<Waiting> waiting_;
  WalkOutcome outcome_;
  size_t entries_ = 0;
  int complaints_ = 0;
  bool done_ = false;
};

// The target of a link, with its size of this moment: a folder's own list is written
// late.
Result<FileFacts> LookInside(const std::wstring& path) {
  const Handle file(::CreateFileW(path.c_str(), FILE_READ_ATTRIBUTES,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                  nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS,
                                  nullptr));
  BY_HANDLE_FILE_INFORMATION found{};
  if (!file.open() || !::GetFileInformationByHandle(file.get(), &found)) {
    return LastError("Failed to open it");
  }
  return FactsOf(found);
}

FoundFile PartsOf(const std::string& given, const FileFacts& facts) {
  std::string path = WithBackslashes(given);
  while (path.size() > 1 && EndsWith(path, "\\")) path.pop_back();
  const size_t slash = path.rfind('\\');
  const bool has_folder = slash != std::string::npos;
  std::string folder = has_folder ? path.substr(0, slash) : ".";
  if (EndsWith(folder, ":")) folder += "\\";
  return {has_folder ? path.substr(slash + 1) : path,
          std::make_shared<const std::string>(std::move(folder)), facts};
}

class SystemTree final : public FileTree {
 public:
  Result<WalkOutcome> Walk(const std::string& start, const WalkWish& wish,
                           const std::function<bool(FoundFile&&)>& visit) const override {
    const QuietErrors quiet;
    const auto found = Look(start);
    if (found.ok() && found->facts.is_folder) return Walker(wish, visit).Walk(start);
    WalkOutcome outcome;
    outcome.missing = !found.ok();
    if (found.ok()) visit(FoundFile(*found));
    return outcome;
  }

  Result<FoundFile> Look(const std::string& path) const override {
    const QuietErrors quiet;
    const std::wstring file = SystemPath(path);
    if (const auto facts = LookInside(file); facts.ok()) return PartsOf(path, *facts);
    // Some files of the system's own cannot be opened at all.
    WIN32_FILE_ATTRIBUTE_DATA found{};
    if (::GetFileAttributesExW(file.c_str(), GetFileExInfoStandard, &found)) {
      return PartsOf(path, FactsOf(found));
    }
    return Status::NotFound("Failed to read " + path + ": " +
                            WindowsError(::GetLastError()));
  }
};

}  // namespace

std::unique_ptr<FileTree> MakeFileTree() { return std::make_unique<SystemTree>(); }

}  // namespace nscp::check_disk
