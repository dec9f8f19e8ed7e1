// The folder that a user interface is installed in. It is exchanged as a whole: whoever
// reads it, or kills this program meanwhile, finds the old files or the new ones. One
// thread at a time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

// Does something stand in the folder? Unavailable where that can't be seen.
Result<bool> HasFiles(const std::string& folder);

// The files in the place of all that the folder held. They are written beside it first,
// with modes 0644 and 0755; an error leaves all as it was. Folders above are made. What a
// killed one left is removed.
Status ReplaceFiles(const std::string& folder, const std::vector<ArchiveFile>& files);

// Removes these files, none through a link, and the folders that are empty then, but not
// `folder` itself. Gives how many were there.
Result<size_t> RemoveFiles(const std::string& folder,
                           const std::vector<std::string>& files);

// The platform's part: `fresh` in the place of `folder`, what that held under the name of
// `fresh` or `aside`. On an error both are as they were.
Status ExchangeFolders(const std::string& fresh, const std::string& folder,
                       const std::string& aside);

}  // namespace nscp::gateway
