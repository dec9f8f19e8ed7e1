// Reading a zip archive that comes from elsewhere: nothing is written, and whatever the
// archive says about itself is held against bounds. Making one for somebody. From memory
// to memory, pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp {

constexpr size_t kMaxEntryName = 255;

struct ArchiveLimits {
  size_t bytes;     // as it came
  size_t unpacked;  // all files together
  size_t entries;
};

struct ArchiveFile {
  std::string name;  // "folder/file", checked by IsEntryName
  std::string bytes;
  bool executable = false;  // the archive says so
};

// Segments of [A-Za-z0-9._+-] with a '/' between them, none of them "." or "..", none
// hidden: the same file on every system, and always below where it is unpacked.
bool IsEntryName(std::string_view name);

// All files; folders are not told. InvalidArgument says what is wrong with which entry: a
// name that is not IsEntryName, one name twice (also when they differ in case only), a
// link or anything else that is no plain file, an encrypted or damaged one, or too much
// of something. Unimplemented where this build can't unpack.
Result<std::vector<ArchiveFile>> ReadArchive(std::string_view zip,
                                             const ArchiveLimits& limits);

// A zip archive that ReadArchive takes: names that are IsEntryName and
// differ, no more entries and bytes than `limits` let in; else InvalidArgument.
// Unimplemented where this build can't pack.
Result<std::string> WriteArchive(const std::vector<ArchiveFile>& files,
                                 const ArchiveLimits& limits);

// Of the library that does both, "1.7.3"; empty without one.
std::string ArchiveLibraryVersion();

}  // namespace nscp
