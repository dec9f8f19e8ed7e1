#include <windows.h>

#include <algorithm>

#include "workers/check_disk/file_tree.h"
#include "workers/check_disk/glob.h"

namespace nscp::check_disk {
namespace {

std::wstring Wide(const std::string& text) {
  const int size = ::MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, nullptr, 0);
  std::wstring out(static_cast<size_t>(std::max(size, 1)), L'\0');
  ::MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, out.data(), size);
  out.pop_back();
  return out;
}

std::string Utf8(const wchar_t* text) {
  const int size =
      ::WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
  if (size <= 1) return "";
  std::string out(static_cast<size_t>(size), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text, -1, out.data(), size, nullptr, nullptr);
  out.pop_back();
  return out;
}

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

class SystemTree final : public FileTree {
 public:
  Result<WalkOutcome> Walk(const std::string& start, const WalkWish& wish,
                           const std::function<bool(FoundFile&&)>& visit) const override {
    WalkOutcome outcome;
    const auto facts = Look(start);
    if (!facts.ok()) {
      outcome.missing = true;
      return outcome;
    }
    if (!facts->is_folder) {
      PathParts parts = SplitPath(WithSlashes(start));
      visit({std::move(parts.name), std::make_shared<const std::string>(parts.folder),
             *facts});
      return outcome;
    }
    std::vector<std::pair<std::string, int64_t>> waiting{{WithSlashes(start), 0}};
    while (!waiting.empty()) {
      const auto [folder, level] = std::move(waiting.back());
      waiting.pop_back();
      outcome.folders += level == 0 ? 0 : 1;
      WIN32_FIND_DATAW found{};
      const HANDLE search =
          ::FindFirstFileExW(Wide(JoinPath(folder, "*")).c_str(), FindExInfoBasic, &found,
                             FindExSearchNameMatch, nullptr, FIND_FIRST_EX_LARGE_FETCH);
      if (search == INVALID_HANDLE_VALUE) {
        if (wish.complain) wish.complain("Failed to read the folder " + folder);
        continue;
      }
      const auto path = std::make_shared<const std::string>(folder);
      bool more = true;
      do {
        if (wish.cancelled && wish.cancelled()) {
          ::FindClose(search);
          return Status::Cancelled(
              "Looking for files was stopped: nobody waits for them");
        }
        std::string name = Utf8(found.cFileName);
        if (name == "." || name == ".." ||
            (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
          continue;
        }
        if ((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
          const bool deeper = wish.max_depth < 0 || level + 1 < wish.max_depth;
          if (deeper && waiting.size() < kMaxWaitingFolders) {
            waiting.emplace_back(JoinPath(folder, name), level + 1);
          }
        } else if (MatchesPattern(wish.pattern, name)) {
          more = visit({std::move(name), path, FactsOf(found)});
        }
      } while (more && ::FindNextFileW(search, &found));
      ::FindClose(search);
      if (!more) break;
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
