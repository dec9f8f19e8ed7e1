#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include "kernel/modules/manifest.h"

namespace nscp::kernel {

std::string_view PlatformName() { return "linux"; }
std::string_view ProgramSuffix() { return ""; }

Status CheckTrustedFile(const std::string& file, std::string_view what) {
  const std::string rule =
      "rule trusted-file: the " + std::string(what) + " " + file + ": ";
  struct stat info {};
  if (stat(file.c_str(), &info) != 0) {
    return Status::NotFound("rule trusted-file: the " + std::string(what) + " " + file +
                            " can't be looked at: " + std::strerror(errno));
  }
  if (!S_ISREG(info.st_mode)) return Status::FailedPrecondition(rule + "it is no file");
  if (info.st_uid != 0 && info.st_uid != geteuid()) {
    return Status::FailedPrecondition(
        rule + "it belongs to uid " + std::to_string(info.st_uid) +
        ", neither root nor the agent's own account; run \"chown "
        "root\" on it");
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Status::FailedPrecondition(
        rule + "others than its owner may write to it; run \"chmod go-w\" on it");
  }
  return Status::Ok();
}

Status CheckExecutable(const std::string& file) {
  if (access(file.c_str(), X_OK) == 0) return Status::Ok();
  return Status::FailedPrecondition("rule program-executable: " + file + ": " +
                                    std::strerror(errno) +
                                    "; the agent's account must be able to run it");
}

}  // namespace nscp::kernel
