// A package on its way into the modules folder: written beside what is there, then put in
// its place, and taken back when it turns out to be no good. Whoever reads the folder
// meanwhile sees the module before or the module after; after a power cut between two
// renames the manifest is missing, and never names a program that is not whole. One
// thread at a time.
#pragma once

#include <memory>
#include <string>

#include "kernel/packages/package.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

class Installation {
 public:
  // Writes all of it into a hidden folder in `folder`. AlreadyExists: a module of that
  // name is there that did not come as a package.
  static Result<std::unique_ptr<Installation>> Write(const std::string& folder,
                                                     const Package& package);
  // For the start: what an agent left that was killed amid an installation. A commit that
  // was not complete is taken back. An error names what stays as it was found.
  static Status CleanUp(const std::string& folder);
  // Removes the hidden folder, and in it what was replaced.
  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  // Puts it in its place; on an error all is as it was.
  Status Commit();
  // After Commit: brings back what was there before.
  Status TakeBack();

 private:
  Installation(std::string folder, std::string name, std::string hidden)
      : folder_(std::move(folder)), name_(std::move(name)), hidden_(std::move(hidden)) {}
  std::string Place(const char* suffix) const { return folder_ + "/" + name_ + suffix; }
  std::string New(const char* suffix) const { return hidden_ + "/new/" + name_ + suffix; }
  std::string Old(const char* suffix) const { return hidden_ + "/old/" + name_ + suffix; }

  const std::string folder_;
  const std::string name_;
  std::string hidden_;
};

}  // namespace nscp::kernel
