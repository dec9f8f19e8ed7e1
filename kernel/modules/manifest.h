// Reading one manifest: <Module>.json beside the module's program, a message
// nscp.v1.Manifest in proto JSON. A refusal names its rule, the file and the cure, for
// the user sees it as the reason why a module can't be loaded. Functions without state;
// any thread.
#pragma once

#include <string>
#include <string_view>

#include "nscp/v1/manifest.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr size_t kMaxManifestBytes = 1024 * 1024;
constexpr size_t kMaxModuleName = 128;

// `text` is the file's content; an error names `file` and the line.
Result<v1::Manifest> ParseManifest(std::string_view text, const std::string& file);

// The rules that need no look at the disk: name, contract, query names, platform.
// `file` is the manifest's path.
Status CheckManifest(const v1::Manifest& manifest, const std::string& file);

// Rule trusted-file: exists, belongs to root or to us, and nobody else may write to it.
// `what` names it in the error ("manifest", "program").
Status CheckTrustedFile(const std::string& file, std::string_view what);
// Rule program-executable.
Status CheckExecutable(const std::string& file);

// The program's absolute path: relative ones start at the manifest's folder; ".exe" is
// added on Windows.
std::string ProgramOf(const v1::Manifest& manifest, const std::string& folder);

// The platform's part: "linux" or "windows", and "" or ".exe".
std::string_view PlatformName();
std::string_view ProgramSuffix();

// One segment of 1 to 128 characters of [A-Za-z0-9._-], not "." or "..".
bool IsModuleName(std::string_view name);

}  // namespace nscp::kernel
