// What an installed user interface says about itself: the file .nscp-web-manifest.json in
// its folder, as NSClient++ writes it. Source: the command line's specification A.11.
#pragma once

#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::gateway {

inline constexpr char kUiManifestFile[] = ".nscp-web-manifest.json";

struct UiManifest {
  std::string version;
  std::string source_url;
  std::string sha256;              // of the archive; 64 hex digits
  std::string installed_at;        // UTC, "2026-11-22T10:00:00Z"
  std::vector<std::string> files;  // below the folder, each an IsEntryName
};

std::string WriteUiManifest(const UiManifest& manifest);
// InvalidArgument: no JSON of this kind, or a file elsewhere.
Result<UiManifest> ParseUiManifest(const std::string& text);
// NotFound: the folder has none.
Result<UiManifest> ReadUiManifest(const std::string& folder);

}  // namespace nscp::gateway
