// Reading and replacing small files so that a reader or a power cut sees the old bytes or
// the new ones, never a part: temporary file in the same folder, fsync, rename, fsync of
// the folder (rename(2)). Owner, group and mode of an existing file are kept; a symbolic
// link is followed; a read-only file, or what is no regular file, is not replaced. Errors
// name the file and errno, and say what to do where rights or room are missing; the file
// is then as it was, and no temporary one is left. Any thread; two writers of one file
// take a StoreLock around read and write.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// The whole file. Missing: NotFound. Longer than `limit` bytes: ResourceExhausted.
Result<std::string> ReadWholeFile(const std::string& path, size_t limit);

// Asked when all is written and only the replacing itself is left; its error stops it.
using ReplaceGuard = std::function<Status()>;
// A new file gets mode 0640, for settings hold passwords. Missing folders are made
// (0750).
Status WriteFileAtomically(const std::string& path, std::string_view bytes,
                           const ReplaceGuard& guard = nullptr);

// The name of a temporary file beside `path`: ".<name>.<12 hex digits>.tmp".
Result<std::string> TemporaryBeside(const std::string& path);
// Removes those that writers of `path` left because they were killed. With its StoreLock
// held, else it is another writer's that goes.
void RemoveLeftovers(const std::string& path);

// Keeps other processes of this agent from changing the same file. Released by the
// destructor, and by the operating system when the process ends.
class StoreLock {
 public:
  virtual ~StoreLock() = default;
};
constexpr std::chrono::milliseconds kStoreLockWait{5000};
Result<std::unique_ptr<StoreLock>> LockStore(
    const std::string& path, std::chrono::milliseconds wait = kStoreLockWait);

// The platform's part: where a symbolic link leads, also one to a file that is not there
// yet; `path` itself where it is none.
std::string FollowLinks(const std::string& path);

}  // namespace nscp::kernel
