// Where the archive of a user interface comes from: a file, or a release on a server. It
// is held against its SHA-256 before anybody looks into it. Blocks; any thread. Source:
// the command line's specification A.11.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

inline constexpr char kUiReleases[] = "https://github.com/mickem/nscp/releases/download";
constexpr ArchiveLimits kUiLimits = {
    16 * 1024 * 1024,
    64 * 1024 * 1024,
    4096,
};
constexpr size_t kMaxUiSum = 4096;  // bytes of a file with a sum
// Within what a command may take.
constexpr std::chrono::seconds kUiSumLimit{20};
constexpr std::chrono::seconds kUiDownloadLimit{80};

struct UiSource {
  std::string version;
  std::string file;     // the archive; empty: it is downloaded
  std::string base;     // <base>/<version>/NSCP-Web-<version>.zip, and .sha256
  std::string ca_file;  // for https

  std::string ArchiveUrl() const;  // file://... for a file
  std::string SumUrl() const;
};

struct UiArchive {
  std::vector<ArchiveFile> files;
  std::string sha256;
  bool verified = false;  // there was a sum to hold it against
};

// FailedPrecondition: another SHA-256. InvalidArgument: no archive that can be unpacked,
// or without index.html. Else what the download or the disk says. A file may come without
// a sum beside it (<file>.sha256, or .sha256 in the place of .zip), a download may not.
Result<UiArchive> BringUi(const UiSource& source);

// A release as part of a URL and a file name: letters, digits and . _ + -
bool IsReleaseName(std::string_view version);
// The first word of what sha256sum(1) writes, in lower case; empty for anything else.
std::string ParseSum(std::string_view text);

}  // namespace nscp::gateway
