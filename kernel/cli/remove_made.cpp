#include "kernel/cli/remove_made.h"

#include <filesystem>

#include "kernel/cli/private_folder.h"
#include "kernel/cli/store_access.h"
#include "kernel/core/runtime_folder.h"
#include "kernel/settings/context.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

namespace fs = std::filesystem;

// A folder of the agent, and what in it the agent made; an ending of `*` is any.
struct Made {
  std::string_view folder;
  std::string_view name;
};
constexpr Made kMade[] = {
    {"", "*.log"},
    {"log", "*.log"},
    {"cache", "*"},
    {"storage", "*.storage"},
    {"crash-dumps", "*.dmp"},
    {"security", "certificate.pem"},
    {"security", "certificate_key.pem"},
    {"security", "ca.pem"},
    {"security", "windows-ca.pem"},
    {"security", "agent-state.json"},
};
constexpr size_t kMaxEntries = 100000;

bool IsMade(std::string_view name, std::string_view pattern) {
  return StartsWith(pattern, "*") ? EndsWith(name, pattern.substr(1)) : name == pattern;
}

void RemoveFile(const fs::path& path, std::vector<std::string>* left) {
  std::error_code error;
  fs::remove(path, error);
  if (error) left->push_back(path.generic_u8string());
}

void RemoveMatching(const fs::path& folder, std::string_view pattern,
                    std::vector<std::string>* left) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const bool file = fs::is_regular_file(it->symlink_status(error));
    if (file && IsMade(it->path().filename().u8string(), pattern)) {
      found.push_back(it->path());
    }
    if (found.size() == kMaxEntries) break;
  }
  for (const fs::path& path : found) RemoveFile(path, left);
}

void RemoveBelow(const fs::path& root, std::vector<std::string>* left) {
  for (const Made& made : kMade) {
    const fs::path folder = root / std::string(made.folder);
    RemoveMatching(folder, made.name, left);
    // What else is in it keeps it; the root has files of others yet.
    std::error_code ignored;
    if (!made.folder.empty()) fs::remove(folder, ignored);
  }
}

// A folder that others may write to was not made by the agent, or is theirs by now: what
// lies in it under our names may be a link to anything, and this runs as the system.
void RemoveData(const fs::path& folder, std::vector<std::string>* left) {
  if (!IsPrivateFolder(folder.u8string())) return;
  RemoveBelow(folder, left);
  std::error_code ignored;
  fs::remove(folder, ignored);
}

// Of a service that had no time to tidy up.
void RemoveRuntimeFolders(const CommonOptions& common) {
  const auto choice = ChooseStore(common);
  if (!choice.ok()) return;
  for (const std::string& context : choice->candidates) {
    const std::string instance = InstanceId(CanonicalStore(context, choice->tokens));
    const fs::path folder = fs::u8path(RuntimeFolderOf(instance, choice->tokens));
    std::error_code ignored;
    fs::remove(folder / "admin", ignored);
    fs::remove(folder, ignored);
  }
}

}  // namespace

int RemoveMade(const CommonOptions& common, Terminal& terminal) {
  RemoveRuntimeFolders(common);
  std::vector<std::string> left;
  RemoveBelow(fs::u8path(common.tokens.Expand(SharedFolderOf(false))), &left);
  RemoveData(fs::u8path(common.tokens.Expand(SharedFolderOf(true))), &left);
  RemoveFile(fs::u8path(common.tokens.Expand("${boot-conf}")), &left);
  if (left.empty()) return 0;
  terminal.PrintError("These could not be removed: " + Join(left, ", ") + "\n");
  return 1;
}

}  // namespace nscp::kernel
