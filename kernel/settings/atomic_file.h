// Reading and replacing small files so that a reader or a power cut sees the old bytes or
// the new ones, never a part: temporary file in the same folder, fsync, rename, fsync of
// the folder (rename(2)). Owner, group and mode of an existing file are kept; a symbolic
// link is followed. Errors name the file and errno, and say what to do where rights are
// missing. Any thread; two writers of one file take a StoreLock around read and write.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// The whole file. Missing: NotFound. Longer than `limit` bytes: ResourceExhausted.
Result<std::string> ReadWholeFile(const std::string& path, size_t limit);

// A new file gets mode 0640, for settings hold passwords. Missing folders are made
// (0750).
Status WriteFileAtomically(const std::string& path, std::string_view bytes);

// Keeps other processes of this agent from changing the same file. Released by the
// destructor, and by the operating system when the process ends.
class StoreLock {
 public:
  virtual ~StoreLock() = default;
};
constexpr std::chrono::milliseconds kStoreLockWait{5000};
Result<std::unique_ptr<StoreLock>> LockStore(
    const std::string& path, std::chrono::milliseconds wait = kStoreLockWait);

}  // namespace nscp::kernel
