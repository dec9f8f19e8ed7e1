// check_files and check_single_file: files below folders, and one file (modules.md C2).
// Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_disk/file_row.h"

namespace nscp::check_disk {

class FilesCheck {
 public:
  FilesCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const FileTree& tree) const;

 private:
  checks::Check<FileRow> check_;
};

class SingleFileCheck {
 public:
  SingleFileCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const FileTree& tree) const;

 private:
  checks::Check<FileRow> check_;
};

}  // namespace nscp::check_disk
