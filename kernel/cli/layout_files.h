// The agent's own files (settings, keys, log, what it keeps between runs), which stand
// beside the program in the legacy layout and in a folder of their own in the modern one,
// and how they get from one to the other. Programs, modules, scripts and boot.ini never
// move. What is copied is removed only when all of it is there and boot.ini says so:
// whenever this ends, one whole set is there. Main's thread. Source: the command line's
// specification C.7.
#pragma once

#include <string>
#include <vector>

#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

enum class Layout { kModern, kLegacy };

// More than any agent has; a cache without end is an error, not an endless copy.
constexpr size_t kMaxLayoutFiles = 100000;
constexpr size_t kMaxLayoutDepth = 32;

struct LayoutFolders {
  std::string from;
  std::string to;
};
// Absolute, of a move to `layout`.
LayoutFolders FoldersOfMove(Layout layout, const PathTokens& tokens);

// What a move to `layout` copies: names below the folder, files and folders, a folder
// before what is in it. `windows-ca.pem` is not among it, for the agent writes it anew,
// nor are Diffie-Hellman parameters, which the installer lays down. A link, or more than
// the bounds, is an error.
Result<std::vector<std::string>> FilesOfLayout(const std::string& folder);

// Copies them. To the modern layout: into a folder that is made here and now, for
// administrators alone. One that is there must be empty, as anybody may make folders in
// ProgramData, or `adopted`: private already, with the agent's files of an earlier
// installation, while there are no settings to bring. To the legacy one: no file may be
// there. After an error all is as it was.
struct LayoutCopy {
  LayoutFolders folders;
  std::vector<std::string> files;  // of FilesOfLayout
  bool adopted = false;            // nothing was copied
};
Result<LayoutCopy> PlanLayoutCopy(Layout layout, const PathTokens& tokens);
Status CopyFiles(Layout layout, const LayoutCopy& copy);

// The originals of what is at its new place. What can't be removed is told, and stays.
Status RemoveOriginals(const LayoutFolders& folders);
// Undoes CopyFiles; of an adopted folder nothing.
void RemoveCopies(Layout layout, const LayoutCopy& copy);

}  // namespace nscp::kernel
