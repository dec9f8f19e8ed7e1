// What `--apply-installer` may change is kept until the installer knows how its other
// steps end: in install-backup beside boot.ini, a folder for administrators alone. The
// files of a new layout are taken back in the same way, and the originals go when all is
// well. Main's thread.
#pragma once

#include <string>
#include <vector>

#include "kernel/cli/common_options.h"
#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

enum class BackupEnd { kKeep, kUndo };

// Copies those of `files` that are there. `copies`: files are about to be copied to the
// modern layout's folder. A backup of an installation that was cut short is replaced.
Status BeginBackup(const PathTokens& tokens, const std::vector<std::string>& files,
                   bool copies);
// Nothing where there is no backup. After an error the copies are still there.
Status EndBackup(const PathTokens& tokens, BackupEnd end);

// `nscp settings --end-installer keep|undo`; the exit code.
int EndInstaller(const CommonOptions& common, const std::string& word,
                 Terminal& terminal);

}  // namespace nscp::kernel
