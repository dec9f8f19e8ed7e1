// A file as check_files and check_single_file judge it, and its keywords. Any thread;
// rows belong to one run of a check.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "workers/check_disk/file_content.h"
#include "workers/check_disk/file_tree.h"
#include "workers/check_disk/mounts.h"
#include "workers/checks/check.h"

namespace nscp::check_disk {

// Figures of all files of a total.
struct FileSums {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t smallest = 0;
  uint64_t largest = 0;
  int64_t folders = 0;

  void Add(uint64_t size);
  uint64_t average() const { return files == 0 ? 0 : bytes / files; }
};

struct FileRow {
  std::string name;
  std::shared_ptr<const std::string> folder;
  FileFacts facts;
  int64_t now = 0;
  std::unique_ptr<FileContent> content;  // null: nobody asks for it
  std::unique_ptr<FileSums> sums;        // of the row of the total
};

// On Windows files have attributes and an owner too.
checks::Keywords<FileRow> FileKeywords(PathStyle style);

// What must be collected for the keywords that a call looks at.
struct FileNeeds {
  bool facts = false;
  bool content = false;
};
FileNeeds NeedsOf(const checks::Sink<FileRow>& sink);

}  // namespace nscp::check_disk
