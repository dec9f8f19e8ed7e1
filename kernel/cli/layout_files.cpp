#include "kernel/cli/layout_files.h"

#include <algorithm>
#include <filesystem>

#include "kernel/cli/private_folder.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSettingsFile = "nsclient.ini";
constexpr std::string_view kKept[] = {kSettingsFile, "security", "fleet",      "storage",
                                      "cache",       "log",      "crash-dumps"};
constexpr std::string_view kTrustedByWindows = "security/windows-ca.pem";
constexpr std::string_view kDhParameters = "security/nrpe_dh_";

fs::path Below(const std::string& folder, const std::string& name) {
  return fs::u8path(folder) / fs::u8path(name);
}

bool Stays(const std::string& name) {
  return name == kTrustedByWindows || StartsWith(name, kDhParameters);
}

Status FileFailed(const std::string& doing, const fs::path& path,
                  const std::error_code& error) {
  return Status::Unavailable(doing + " " + path.generic_u8string() + ": error " +
                             std::to_string(error.value()));
}

// One entry; `names` gets it when it is to be copied.
Status Take(const fs::path& path, const std::string& name, bool* folder,
            std::vector<std::string>* names) {
  std::error_code error;
  const fs::file_status kind = fs::symlink_status(path, error);
  *folder = kind.type() == fs::file_type::directory;
  if (error || (!*folder && kind.type() != fs::file_type::regular)) {
    return Status::FailedPrecondition(
        path.generic_u8string() +
        " is neither a file nor a folder: it can't be moved; remove it first");
  }
  if (Stays(name)) return Status::Ok();
  if (names->size() == kMaxLayoutFiles) {
    return Status::ResourceExhausted("there are more than " +
                                     std::to_string(kMaxLayoutFiles) +
                                     " files to move; clear cache and log first");
  }
  names->push_back(name);
  return Status::Ok();
}

Status TakeFolder(const std::string& root, const std::string& name, size_t depth,
                  std::vector<std::string>* names) {
  const fs::path path = Below(root, name);
  if (depth > kMaxLayoutDepth) {
    return Status::ResourceExhausted(path.generic_u8string() +
                                     " lies too deep: it can't be moved");
  }
  std::error_code error;
  for (fs::directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    const std::string inside = name + "/" + it->path().filename().u8string();
    bool folder = false;
    RETURN_IF_ERROR(Take(it->path(), inside, &folder, names));
    if (folder) RETURN_IF_ERROR(TakeFolder(root, inside, depth + 1, names));
  }
  return error ? FileFailed("reading the folder", path, error) : Status::Ok();
}

bool IsEmpty(const std::string& folder) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(fs::u8path(folder), error)) &&
         fs::is_empty(fs::u8path(folder), error) && !error;
}

// A folder that is there already is fine; keys are never copied into an open one.
Status MakeFolderFor(const fs::path& path, const std::string& name) {
  std::error_code error;
  if (fs::is_directory(path, error)) return Status::Ok();
  if (name == "security") return MakePrivateFolder(path.generic_u8string());
  fs::create_directory(path, error);
  return error ? FileFailed("making the folder", path, error) : Status::Ok();
}

Status CopyOne(const LayoutFolders& folders, const std::string& name,
               std::vector<std::string>* made) {
  const fs::path from = Below(folders.from, name);
  const fs::path to = Below(folders.to, name);
  std::error_code error;
  if (fs::is_directory(from, error)) {
    const bool there = fs::exists(to, error);
    RETURN_IF_ERROR(MakeFolderFor(to, name));
    if (!there) made->push_back(name);
    return Status::Ok();
  }
  if (fs::exists(fs::symlink_status(to, error))) {
    return Status::FailedPrecondition(to.generic_u8string() +
                                      " is there already; move it away first");
  }
  made->push_back(name);
  fs::copy_file(from, to, error);
  return error ? FileFailed("copying to", to, error) : Status::Ok();
}

// The last ones first, so that folders are empty when it is their turn; one that is not
// stays.
void RemoveNames(const std::string& folder, const std::vector<std::string>& names) {
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    std::error_code ignored;
    fs::remove(Below(folder, *name), ignored);
  }
}

// What is there may be another's, or an earlier installation's of this agent.
Status CheckDestination(LayoutCopy* copy) {
  std::error_code error;
  const fs::file_status kind = fs::symlink_status(fs::u8path(copy->folders.to), error);
  if (!fs::exists(kind) || IsEmpty(copy->folders.to)) return Status::Ok();
  const auto& files = copy->files;
  const bool settings =
      std::find(files.begin(), files.end(), kSettingsFile) != files.end();
  copy->adopted = !settings && IsPrivateFolder(copy->folders.to);
  if (copy->adopted) return Status::Ok();
  return Status::FailedPrecondition(
      "the folder " + copy->folders.to +
      " is not empty, and anybody may have put there what is in it; move it away first");
}

}  // namespace

LayoutFolders FoldersOfMove(Layout layout, const PathTokens& tokens) {
  std::string legacy = tokens.Expand(SharedFolderOf(false));
  std::string modern = tokens.Expand(SharedFolderOf(true));
  if (layout == Layout::kModern) return {std::move(legacy), std::move(modern)};
  return {std::move(modern), std::move(legacy)};
}

Result<std::vector<std::string>> FilesOfLayout(const std::string& folder) {
  std::vector<std::string> names;
  for (const std::string_view kept : kKept) {
    const std::string name(kept);
    const fs::path path = Below(folder, name);
    std::error_code error;
    if (!fs::exists(fs::symlink_status(path, error))) continue;
    bool is_folder = false;
    RETURN_IF_ERROR(Take(path, name, &is_folder, &names));
    if (is_folder) RETURN_IF_ERROR(TakeFolder(folder, name, 1, &names));
  }
  return names;
}

Result<LayoutCopy> PlanLayoutCopy(Layout layout, const PathTokens& tokens) {
  LayoutCopy copy;
  copy.folders = FoldersOfMove(layout, tokens);
  ASSIGN_OR_RETURN(copy.files, FilesOfLayout(copy.folders.from));
  if (layout == Layout::kModern) RETURN_IF_ERROR(CheckDestination(&copy));
  return copy;
}

Status CopyFiles(Layout layout, const LayoutCopy& copy) {
  if (copy.adopted) return Status::Ok();
  if (layout == Layout::kModern) {
    // Made anew: the owner of one that is there could take the rights back.
    std::error_code ignored;
    fs::remove(fs::u8path(copy.folders.to), ignored);
    RETURN_IF_ERROR(MakePrivateFolder(copy.folders.to));
  }
  std::vector<std::string> made;
  for (const std::string& name : copy.files) {
    const Status copied = CopyOne(copy.folders, name, &made);
    if (copied.ok()) continue;
    // The one that failed may be half there, unless it was there before.
    RemoveNames(copy.folders.to, made);
    if (layout == Layout::kModern) RemoveCopies(layout, copy);
    return copied;
  }
  return Status::Ok();
}

Status RemoveOriginals(const LayoutFolders& folders) {
  ASSIGN_OR_RETURN(const auto names, FilesOfLayout(folders.from));
  std::string first;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    std::error_code error;
    const fs::path original = Below(folders.from, *name);
    const bool folder = fs::is_directory(original, error);
    if (!fs::exists(Below(folders.to, *name), error)) continue;
    fs::remove(original, error);
    // A folder with something in it that stays.
    if (error && !folder && first.empty()) first = original.generic_u8string();
  }
  if (first.empty()) return Status::Ok();
  return Status::Unavailable("not all could be removed from " + folders.from +
                             ", such as " + first + ": remove it by hand");
}

void RemoveCopies(Layout layout, const LayoutCopy& copy) {
  if (copy.adopted) return;
  if (layout == Layout::kLegacy) {
    RemoveNames(copy.folders.to, copy.files);
    return;
  }
  std::error_code ignored;
  fs::remove_all(fs::u8path(copy.folders.to), ignored);
}

}  // namespace nscp::kernel
