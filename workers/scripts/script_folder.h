// The files that scripts are: a folder's list, and the one folder whose files may be
// shown, added and removed. Nothing outside of it is touched, wherever links lead to.
// Functions without state; any thread. Source: modules.md C4.
#pragma once

#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::scripts {

constexpr size_t kMaxListedFiles = 10000;
constexpr int kMaxFolderDepth = 16;
// Of a file that is shown.
constexpr size_t kMaxShownFile = 4 * 1024 * 1024;

struct ScriptFile {
  std::string name;  // without folders
  std::string path;
};

// The regular files of a folder, or those that match a pattern with `*` and `?` in its
// last part. Sorted by name.
Result<std::vector<ScriptFile>> FilesOf(const std::string& folder_or_pattern);

std::string ParentOf(const std::string& folder);

class ScriptFolder {
 public:
  // Names are shown from `base` on, a folder above `root`; without one, its parent.
  explicit ScriptFolder(std::string root, std::string base = "");

  // All files below, as "scripts/x.sh" where the folder's name is "scripts"; those in
  // folders called "lib" only `with_lib`.
  std::vector<std::string> List(bool with_lib) const;

  struct Found {
    std::string path;
    std::string shown;  // as List has it
  };
  // `name` as List has it, without the folder's own name, or absolute. NotFound "Script
  // not found: <name>", PermissionDenied "Not allowed outside: <root>".
  Result<Found> Find(const std::string& name) const;
  Result<std::string> Read(const Found& file) const;
  Status Remove(const Found& file) const;
  // Copies the file `from` to the base name of `name`, whole or not at all; only the
  // agent's user may read it. AlreadyExists unless `replace`.
  Result<Found> Import(const std::string& name, const std::string& from,
                       bool replace) const;

 private:
  std::string root_;
  std::string base_;
};

}  // namespace nscp::scripts
