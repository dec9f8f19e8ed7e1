#include "workers/scripts/script_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "proto/cpp/text.h"

namespace nscp::scripts {
namespace {

namespace fs = std::filesystem;

constexpr char kLibraries[] = "lib";

bool Matches(std::string_view pattern, std::string_view name) {
  // Where the last '*' stood, and how much of the name it has taken.
  size_t star = std::string_view::npos;
  size_t taken = 0;
  size_t p = 0;
  size_t n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Status Failed(const std::string& doing, const std::error_code& error) {
  return Status::Unavailable(doing + ": " + error.message());
}

bool IsInside(const fs::path& file, const fs::path& root) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(file, error);
  const fs::path folder = fs::weakly_canonical(root, error);
  if (error) return false;
  return std::mismatch(folder.begin(), folder.end(), real.begin(), real.end()).first ==
         folder.end();
}

}  // namespace

Result<std::vector<ScriptFile>> FilesOf(const std::string& folder_or_pattern) {
  fs::path folder = fs::u8path(folder_or_pattern);
  std::string pattern = "*";
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    pattern = folder.filename().u8string();
    folder = folder.parent_path();
  }
  std::vector<ScriptFile> files;
  fs::directory_iterator at(folder, error);
  if (error) return Failed("opening the folder " + folder.u8string(), error);
  for (; at != fs::directory_iterator() && files.size() < kMaxListedFiles;
       at.increment(error)) {
    if (error) return Failed("reading the folder " + folder.u8string(), error);
    std::error_code ignored;
    const std::string name = at->path().filename().u8string();
    if (at->is_regular_file(ignored) && Matches(pattern, name)) {
      files.push_back({name, at->path().u8string()});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const ScriptFile& a, const ScriptFile& b) { return a.name < b.name; });
  return files;
}

std::string ParentOf(const std::string& folder) {
  fs::path path = fs::u8path(folder);
  if (!path.has_filename()) path = path.parent_path();
  return path.parent_path().u8string();
}

ScriptFolder::ScriptFolder(std::string root, std::string base)
    : root_(std::move(root)), base_(base.empty() ? ParentOf(root_) : std::move(base)) {}

std::vector<std::string> ScriptFolder::List(bool with_lib) const {
  const fs::path root = fs::u8path(root_);
  const fs::path base = fs::u8path(base_);
  std::vector<std::string> names;
  std::error_code error;
  fs::recursive_directory_iterator at(root, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      const bool library = at->path().filename() == kLibraries && !with_lib;
      if (library || at.depth() >= kMaxFolderDepth) at.disable_recursion_pending();
    } else if (at->is_regular_file(ignored)) {
      names.push_back(at->path().lexically_relative(base).generic_u8string());
    }
    if (names.size() >= kMaxListedFiles) break;
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<ScriptFolder::Found> ScriptFolder::Find(const std::string& name) const {
  const fs::path root = fs::u8path(root_);
  const fs::path base = fs::u8path(base_);
  const fs::path given = fs::u8path(name);
  std::error_code error;
  fs::path file = base / given;  // an absolute one stays as it is
  const fs::path shown = root.lexically_relative(base);
  const bool from_base =
      std::mismatch(shown.begin(), shown.end(), given.begin(), given.end()).first ==
      shown.end();
  if (given.is_relative() && !from_base) file = root / given;
  if (!fs::is_regular_file(file, error)) {
    return Status::NotFound("Script not found: " + name);
  }
  if (!IsInside(file, root)) {
    return Status::PermissionDenied("Not allowed outside: " + root_);
  }
  return Found{file.u8string(), file.lexically_relative(base).generic_u8string()};
}

Result<std::string> ScriptFolder::Read(const Found& file) const {
  std::ifstream in(fs::u8path(file.path), std::ios::binary);
  std::string text;
  text.resize(kMaxShownFile + 1);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (in.bad() || (text.empty() && !in.eof())) {
    return Status::Unavailable("reading " + file.shown + " failed");
  }
  if (text.size() > kMaxShownFile) {
    return Status::ResourceExhausted(file.shown + " is larger than " +
                                     std::to_string(kMaxShownFile) + " bytes");
  }
  return text;
}

Status ScriptFolder::Remove(const Found& file) const {
  std::error_code error;
  fs::remove(fs::u8path(file.path), error);
  return error ? Failed("removing " + file.shown, error) : Status::Ok();
}

Result<ScriptFolder::Found> ScriptFolder::Import(const std::string& name,
                                                 const std::string& from,
                                                 bool replace) const {
  const fs::path root = fs::u8path(root_);
  const std::string base = name.substr(name.find_last_of("/\\") + 1);
  const fs::path file = root / fs::u8path(base);
  const fs::path fresh = root / fs::u8path("." + base + ".new");
  std::error_code error;
  if (fs::exists(fs::symlink_status(file, error)) && !replace) {
    return Status::AlreadyExists(
        "Script already exists specify --overwrite to replace the script");
  }
  fs::create_directories(root, error);
  if (error) return Failed("making the folder " + root_, error);
  fs::remove(fresh, error);
  fs::copy_file(fs::u8path(from), fresh, error);
  if (!error) fs::permissions(fresh, fs::perms::owner_all, error);
  if (!error) fs::rename(fresh, file, error);
  if (error) {
    const Status failed = Failed("importing " + from + " as " + file.u8string(), error);
    fs::remove(fresh, error);
    return failed;
  }
  return Found{file.u8string(),
               (root.lexically_relative(fs::u8path(base_)) / base).generic_u8string()};
}

}  // namespace nscp::scripts
