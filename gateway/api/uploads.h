// Where a file lies between the request that brings it and the module that takes it: in a
// folder of its own with a name that nobody can guess, below one that only the agent may
// enter. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::gateway {

class UploadedFile {
 public:
  // Writes `<folder>/<random>/<name>`; makes what is missing of `folder`. `name` is one
  // segment. Errors name the file and what to do.
  static Result<UploadedFile> Write(const std::string& folder, const std::string& name,
                                    std::string_view contents);
  UploadedFile(UploadedFile&& other) noexcept;
  UploadedFile& operator=(UploadedFile&&) = delete;
  // Removes the file and its own folder.
  ~UploadedFile();

  const std::string& file() const { return file_; }

 private:
  UploadedFile(std::string folder, std::string file);

  std::string folder_;  // its own; empty once moved from
  std::string file_;
};

// Removes what an agent that was killed has left behind: folders in `folder` that are
// older than a request can last.
void RemoveOldUploads(const std::string& folder);

// The platform's part: a folder that only the agent's user may enter (on Windows also
// administrators). One that is there is taken when it belongs to this user, and closed to
// others.
Status MakePrivateFolder(const std::string& folder);

}  // namespace nscp::gateway
