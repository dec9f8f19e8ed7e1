#include "kernel/packages/installation.h"

#include <filesystem>

#include "kernel/modules/manifest.h"
#include "kernel/settings/atomic_file.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

constexpr size_t kSaltBytes = 8;
constexpr char kManifest[] = ".json";
constexpr char kHiddenPrefix[] = ".install-";
constexpr char kFolder[] = "";
constexpr fs::perms kProgramMode = fs::perms::owner_all | fs::perms::group_read |
                                   fs::perms::group_exec | fs::perms::others_read |
                                   fs::perms::others_exec;
constexpr fs::perms kFileMode = fs::perms::owner_read | fs::perms::owner_write |
                                fs::perms::group_read | fs::perms::others_read;

Status Failed(const std::string& doing, const std::string& path,
              const std::error_code& error) {
  return Status::Unavailable(doing + " " + path + ": " + error.message());
}

Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(fs::u8path(path), error);
  if (!error) fs::permissions(fs::u8path(path), kProgramMode, error);
  return error ? Failed("making the folder", path, error) : Status::Ok();
}

Status WriteFile(const std::string& path, const std::string& bytes, bool executable) {
  RETURN_IF_ERROR(WriteFileAtomically(path, bytes));
  std::error_code error;
  fs::permissions(fs::u8path(path), executable ? kProgramMode : kFileMode, error);
  return error ? Failed("setting the mode of", path, error) : Status::Ok();
}

// Each folder on the way to a file gets its mode; what WriteFileAtomically makes is more
// private.
Status MakeFoldersTo(const std::string& root, const std::string& file) {
  for (size_t slash = file.find('/'); slash != std::string::npos;
       slash = file.find('/', slash + 1)) {
    RETURN_IF_ERROR(MakeFolder(root + "/" + file.substr(0, slash)));
  }
  return Status::Ok();
}

// Nothing there is nothing to do.
Status MoveIfThere(const std::string& from, const std::string& to) {
  std::error_code error;
  const auto there = fs::symlink_status(fs::u8path(from), error).type();
  if (there == fs::file_type::not_found) return Status::Ok();
  error.clear();
  fs::rename(fs::u8path(from), fs::u8path(to), error);
  return error ? Failed("moving", from, error) : Status::Ok();
}

// Only what came as a package is replaced: its program lies in the module's own folder.
Status CheckReplaceable(const std::string& folder, const std::string& name) {
  std::error_code error;
  for (fs::directory_iterator it(fs::u8path(folder), error), end; !error && it != end;
       it.increment(error)) {
    const std::string found = it->path().filename().u8string();
    if (found != name + kManifest && EqualsIgnoreCase(found, name + kManifest)) {
      return Status::AlreadyExists("there is a module " + found +
                                   " whose name differs in case only");
    }
  }
  const std::string file = folder + "/" + name + kManifest;
  const auto text = ReadWholeFile(file, kMaxManifestBytes);
  if (text.status().code() == Code::kNotFound) return Status::Ok();
  RETURN_IF_ERROR(text.status());
  const auto manifest = ParseManifest(*text, file);
  if (manifest.ok() && StartsWith(manifest->program(), name + "/")) return Status::Ok();
  return Status::AlreadyExists("the module " + name +
                               " came with the agent or was installed by hand: " + file +
                               "; a package does not replace it");
}

std::vector<fs::path> FilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    files.push_back(it->path());
  }
  return files;
}

// A commit moves the manifest last, so one that is still there names what to take back.
std::string NotCommitted(const fs::path& hidden) {
  for (const fs::path& file : FilesIn(hidden / "new")) {
    if (file.extension() == kManifest) return file.stem().u8string();
  }
  return "";
}

}  // namespace

Status Installation::CleanUp(const std::string& folder) {
  Status status;
  for (const fs::path& path : FilesIn(fs::u8path(folder))) {
    if (!StartsWith(path.filename().u8string(), kHiddenPrefix)) continue;
    Installation left(folder, NotCommitted(path), path.u8string());
    if (left.name_.empty()) continue;
    const Status back = left.TakeBack();
    if (back.ok()) continue;
    // It may hold the only copy of a module.
    left.hidden_.clear();
    status = back.WithContext("taking back the installation in " + path.u8string());
  }
  return status;
}

Result<std::unique_ptr<Installation>> Installation::Write(const std::string& folder,
                                                          const Package& package) {
  RETURN_IF_ERROR(CheckReplaceable(folder, package.name));
  ASSIGN_OR_RETURN(const std::string salt, RandomBytes(kSaltBytes));
  std::unique_ptr<Installation> made(
      new Installation(folder, package.name, folder + "/" + kHiddenPrefix + ToHex(salt)));
  RETURN_IF_ERROR(MakeFolder(made->hidden_ + "/old"));
  RETURN_IF_ERROR(MakeFolder(made->New(kFolder)));
  for (const ArchiveFile& file : package.files) {
    RETURN_IF_ERROR(MakeFoldersTo(made->hidden_ + "/new", file.name));
    RETURN_IF_ERROR(
        WriteFile(made->hidden_ + "/new/" + file.name, file.bytes, file.executable));
  }
  RETURN_IF_ERROR(WriteFile(made->New(kManifest), package.manifest_text, false));
  return made;
}

Installation::~Installation() {
  std::error_code ignored;
  if (!hidden_.empty()) fs::remove_all(fs::u8path(hidden_), ignored);
}

// The manifest goes first and comes last: without it the rest is nothing.
Status Installation::Commit() {
  Status status = MoveIfThere(Place(kManifest), Old(kManifest));
  if (status.ok()) status = MoveIfThere(Place(kFolder), Old(kFolder));
  if (status.ok()) status = MoveIfThere(New(kFolder), Place(kFolder));
  if (status.ok()) status = MoveIfThere(New(kManifest), Place(kManifest));
  if (status.ok()) return status;
  const Status back = TakeBack();
  return back.ok() ? status : back.WithContext(status.message());
}

Status Installation::TakeBack() {
  std::error_code error;
  const auto there = [&](const std::string& path) {
    return fs::exists(fs::symlink_status(fs::u8path(path), error));
  };
  // What is not in the hidden folder any more is ours in the place of the old one.
  if (!there(New(kManifest)))
    RETURN_IF_ERROR(MoveIfThere(Place(kManifest), New(kManifest)));
  if (!there(New(kFolder))) RETURN_IF_ERROR(MoveIfThere(Place(kFolder), New(kFolder)));
  RETURN_IF_ERROR(MoveIfThere(Old(kFolder), Place(kFolder)));
  return MoveIfThere(Old(kManifest), Place(kManifest));
}

}  // namespace nscp::kernel
