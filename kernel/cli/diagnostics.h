// What `nscp diagnostics` gathers, as the files of its archive. Each of them is redacted.
// Main's thread; asks the running agent and reads the store, the modules' manifests and
// the log file.
#pragma once

#include <string>
#include <vector>

#include "archive/archive.h"
#include "kernel/cli/common_options.h"

namespace nscp::kernel {

// Of the log.
constexpr uint32_t kDiagnosticLines = 2000;
constexpr size_t kDiagnosticLogBytes = 1024 * 1024;
constexpr ArchiveLimits kDiagnosticsLimits = {32 * 1024 * 1024, 32 * 1024 * 1024, 256};

struct Diagnostics {
  std::vector<ArchiveFile> files;
  // What is missing and why, one sentence each.
  std::vector<std::string> notes;
};

// Gives what there is; an agent or a store that is missing is a note.
Diagnostics GatherDiagnostics(const CommonOptions& common);

}  // namespace nscp::kernel
