// Files and folders, from the operating system. A tree keeps nothing between two calls:
// any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_disk {

// Folders that wait to be walked.
constexpr size_t kMaxWaitingFolders = 1000000;

struct FileFacts {
  uint64_t size = 0;
  int64_t written = 0;  // seconds since 1970, here and below
  int64_t accessed = 0;
  int64_t created = 0;  // where the file system does not tell: the last change
  bool is_folder = false;
  uint32_t attributes = 0;  // FILE_ATTRIBUTE_... of Windows
};

// Names are bytes and need not be UTF-8.
struct FoundFile {
  std::string name;
  std::shared_ptr<const std::string> folder;  // shared by all files of a folder
  FileFacts facts;                            // empty unless asked for
};

struct WalkWish {
  std::string pattern;     // of file names, as in glob.h
  int64_t max_depth = -1;  // -1 all; 0 and 1 the folder alone; n folders down to n - 1
  bool facts = true;       // read FileFacts too
  // True once nobody waits for the answer. May be empty.
  std::function<bool()> cancelled;
  // Told of each folder that cannot be read, at most kMaxComplaints times. May be empty.
  std::function<void(const std::string&)> complain;
};
constexpr int kMaxComplaints = 20;

struct WalkOutcome {
  bool missing = false;  // there is nothing at the start
  int64_t folders = 0;   // walked below the start
};

class FileTree {
 public:
  virtual ~FileTree() = default;
  // The files below `start`, or itself if it is a file, until `visit` gives false. Links
  // are passed over, so a loop is never entered; what vanishes meanwhile is left out.
  virtual Result<WalkOutcome> Walk(
      const std::string& start, const WalkWish& wish,
      const std::function<bool(FoundFile&&)>& visit) const = 0;
  // One file or folder, links followed, with the parts of its path. NotFound where there
  // is none.
  virtual Result<FoundFile> Look(const std::string& path) const = 0;
};

// The system's own. On Windows a pattern fits in any case of letters, paths may be longer
// than MAX_PATH, and folders are written with backslashes.
std::unique_ptr<FileTree> MakeFileTree();

// Folder ("." without one) and name of a path, parted at slashes.
struct PathParts {
  std::string folder;
  std::string name;
};
PathParts SplitPath(std::string_view path);
// Folder and name as one path.
std::string JoinPath(std::string_view folder, std::string_view name);

}  // namespace nscp::check_disk
