#include "gateway/ui/folder.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace fs = std::filesystem;
namespace {

constexpr size_t kSaltBytes = 6;
constexpr fs::perms kFileMode = fs::perms::owner_read | fs::perms::owner_write |
                                fs::perms::group_read | fs::perms::others_read;
constexpr fs::perms kFolderMode =
    kFileMode | fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;

Status Failed(const std::string& doing, const fs::path& path,
              const std::error_code& error) {
  return Status::Unavailable(doing + " " + path.u8string() + ": " + error.message());
}

Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  if (fs::create_directory(folder, error)) fs::permissions(folder, kFolderMode, error);
  return error ? Failed("making the folder", folder, error) : Status::Ok();
}

Status WriteOne(const fs::path& root, const ArchiveFile& file) {
  fs::path folder = root;
  const std::vector<std::string> parts = Split(file.name, '/');
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    folder /= fs::u8path(parts[i]);
    RETURN_IF_ERROR(MakeFolder(folder));
  }
  const fs::path path = folder / fs::u8path(parts.back());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(file.bytes.data(), static_cast<std::streamsize>(file.bytes.size()));
  out.close();
  if (!out) {
    return Status::Unavailable("writing " + path.u8string() +
                               ": no right to, or no room on the disk");
  }
  std::error_code error;
  fs::permissions(path, kFileMode, error);
  return error ? Failed("setting the mode of", path, error) : Status::Ok();
}

std::string HiddenPrefix(const fs::path& folder) {
  return "." + folder.filename().u8string() + ".install-";
}

void RemoveLeftovers(const fs::path& folder) {
  const std::string prefix = HiddenPrefix(folder);
  std::vector<fs::path> left;
  std::error_code error;
  for (fs::directory_iterator it(folder.parent_path(), error), end; !error && it != end;
       it.increment(error)) {
    if (StartsWith(it->path().filename().u8string(), prefix)) left.push_back(it->path());
  }
  for (const fs::path& path : left) fs::remove_all(path, error);
}

// Is a part of the way below `root` a link? Then it leads elsewhere.
bool HasLink(const fs::path& root, const std::string& file) {
  fs::path path = root;
  std::error_code error;
  for (const std::string& part : Split(file, '/')) {
    path /= fs::u8path(part);
    if (fs::is_symlink(fs::symlink_status(path, error))) return true;
  }
  return false;
}

}  // namespace

Result<bool> HasFiles(const std::string& folder) {
  std::error_code error;
  const fs::path path = fs::u8path(folder);
  if (!fs::exists(fs::symlink_status(path, error))) return false;
  const bool is_empty = fs::is_directory(path, error) && fs::is_empty(path, error);
  if (error) return Failed("looking into", path, error);
  return !is_empty;
}

Status ReplaceFiles(const std::string& folder, const std::vector<ArchiveFile>& files) {
  std::error_code error;
  // Through a link of the administrator's, to where it leads.
  const fs::path target = fs::weakly_canonical(fs::u8path(folder), error);
  if (error) return Failed("looking for", fs::u8path(folder), error);
  fs::create_directories(target.parent_path(), error);
  if (error) return Failed("making the folder", target.parent_path(), error);
  RemoveLeftovers(target);
  ASSIGN_OR_RETURN(const std::string salt, RandomBytes(kSaltBytes));
  const fs::path fresh =
      target.parent_path() / fs::u8path(HiddenPrefix(target) + ToHex(salt));
  RETURN_IF_ERROR(MakeFolder(fresh));
  Status status;
  for (const ArchiveFile& file : files) {
    if (status = WriteOne(fresh, file); !status.ok()) break;
  }
  const std::string aside = fresh.u8string() + "-old";
  if (status.ok()) {
    status = ExchangeFolders(fresh.u8string(), target.u8string(), aside);
  }
  fs::remove_all(fresh, error);
  fs::remove_all(fs::u8path(aside), error);
  return status;
}

Result<size_t> RemoveFiles(const std::string& folder,
                           const std::vector<std::string>& files) {
  const fs::path root = fs::u8path(folder);
  size_t removed = 0;
  std::set<fs::path> folders;
  for (const std::string& file : files) {
    if (HasLink(root, file)) continue;
    const fs::path path = root / fs::u8path(file);
    std::error_code error;
    if (fs::remove(path, error)) ++removed;
    if (error) return Failed("removing", path, error);
    for (fs::path up = path.parent_path(); up != root; up = up.parent_path()) {
      folders.insert(up);
    }
  }
  // Inner ones first; one that still holds something stays.
  for (auto it = folders.rbegin(); it != folders.rend(); ++it) {
    std::error_code not_empty;
    fs::remove(*it, not_empty);
  }
  return removed;
}

}  // namespace nscp::gateway
