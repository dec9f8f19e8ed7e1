// check_files and check_single_file: files below folders, and one file (modules.md C2).
// Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_disk/file_row.h"
#include "workers/check_disk/mounts.h"

namespace nscp::check_disk {

class FilesCheck {
 public:
  explicit FilesCheck(PathStyle style = SystemPathStyle());
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const FileTree& tree) const;

 private:
  checks::Check<FileRow> check_;
};

class SingleFileCheck {
 public:
  explicit SingleFileCheck(PathStyle style = SystemPathStyle());
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const FileTree& tree) const;

 private:
  checks::Check<FileRow> check_;
};

}  // namespace nscp::check_disk
