// Waits until something may have happened to files of interest: wakes early where the
// system tells (inotify(7) on Linux), and at the latest when the time is over, for it
// does not always tell (network file systems, links, folders that come later).
//
// Watch and Wait: one thread. Wake: any.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace nscp::check_log_file {

// Folders beyond are looked at when the time is over, as all files are.
constexpr size_t kMaxWatchedFolders = 1000;

class FileWatcher {
 public:
  virtual ~FileWatcher() = default;
  // The files whose changes are to wake Wait; they need not be there. Cheap to repeat:
  // takes up again what came or came back since the last call.
  virtual void Watch(const std::vector<std::string>& files) = 0;
  // Until one of them may have changed, Wake is called or the time is over.
  virtual void Wait(std::chrono::milliseconds limit) = 0;
  // Ends the wait, or the next one.
  virtual void Wake() = 0;
};

// Where the system has no way to tell, or none left, one that wakes when the time is
// over.
std::unique_ptr<FileWatcher> MakeFileWatcher();
std::unique_ptr<FileWatcher> MakeTimedWatcher();

}  // namespace nscp::check_log_file
