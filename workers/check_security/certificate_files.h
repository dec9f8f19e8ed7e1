// Which files a call of check_certificate means: those that it names, and those below the
// folders that it names. Any thread.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace nscp::check_security {

constexpr size_t kMaxFiles = 10000;     // of one call
constexpr size_t kMaxEntries = 100000;  // of folders, of one call
constexpr int kMaxFolderDepth = 32;

struct CertificateFiles {
  struct File {
    std::string path;
    bool named = false;  // by the caller itself, not found in a folder
  };
  std::vector<File> files;  // each once, whatever links lead to it; a folder's sorted
  std::vector<std::string> problems;  // "/etc/x: Permission denied"
};

// Links to files are followed (certificates are kept behind links), those to folders
// below a named one are not. Stops early when `cancelled`, which may be empty, says so.
CertificateFiles FindCertificateFiles(const std::vector<std::string>& places,
                                      bool recursive,
                                      const std::function<bool()>& cancelled);

}  // namespace nscp::check_security
