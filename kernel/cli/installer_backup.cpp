#include "kernel/cli/installer_backup.h"

#include <filesystem>

#include "kernel/cli/layout_files.h"
#include "kernel/cli/private_folder.h"
#include "kernel/settings/atomic_file.h"
#include "kernel/settings/ini_file.h"

namespace nscp::kernel {
namespace {

namespace fs = std::filesystem;

constexpr char kFolderName[] = "install-backup";
constexpr char kStateFile[] = "state.ini";
constexpr char kFiles[] = "files";
constexpr size_t kMaxFiles = 8;

fs::path BackupFolder(const PathTokens& tokens) {
  return fs::u8path(tokens.Expand("${boot-conf}")).parent_path() / kFolderName;
}

// Not by fs::copy_file: that of mingw-w64 never replaces a file. And a power cut in the
// middle leaves the old bytes or the new ones.
Status CopyOver(const fs::path& from, const fs::path& to, const std::string& doing) {
  const std::string target = to.generic_u8string();
  const auto bytes = ReadWholeFile(from.generic_u8string(), kMaxIniBytes);
  const Status copied = bytes.ok() ? WriteFileAtomically(target, *bytes) : bytes.status();
  return copied.WithContext(doing + " " + target);
}

// The names that BeginBackup gives, and no others: nothing else is here.
void RemoveBackup(const fs::path& folder) {
  std::error_code ignored;
  for (size_t i = 0; i < kMaxFiles; ++i) fs::remove(folder / std::to_string(i), ignored);
  fs::remove(folder / kStateFile, ignored);
  fs::remove(folder, ignored);
}

// As it was: what was not there goes again.
Status PutBack(const fs::path& copy, const std::string& file) {
  std::error_code error;
  const fs::path target = fs::u8path(file);
  if (fs::exists(copy, error)) return CopyOver(copy, target, "putting back");
  fs::remove(target, error);
  if (!error) return Status::Ok();
  return Status::Unavailable("removing " + file + ": error " +
                             std::to_string(error.value()));
}

Status Undo(const fs::path& folder, const IniFile& state, const LayoutCopy& copy) {
  Status first;
  for (size_t i = 0; i < kMaxFiles; ++i) {
    const auto file = state.Get(kFiles, std::to_string(i));
    if (!file) continue;
    const Status back = PutBack(folder / std::to_string(i), *file);
    if (first.ok()) first = back;
  }
  if (state.Get("layout", "copied")) RemoveCopies(Layout::kModern, copy);
  return first;
}

}  // namespace

Status BeginBackup(const PathTokens& tokens, const std::vector<std::string>& files,
                   bool copies) {
  const fs::path folder = BackupFolder(tokens);
  RemoveBackup(folder);
  RETURN_IF_ERROR(MakePrivateFolder(folder.generic_u8string())
                      .WithContext("keeping a copy of the settings"));
  // Without a mark of UTF-8: Windows' own functions read it too (actions_win32.c).
  IniFile state = IniFile::Parse("");
  for (size_t i = 0; i < files.size() && i < kMaxFiles; ++i) {
    const std::string name = std::to_string(i);
    RETURN_IF_ERROR(state.Set(kFiles, name, files[i]));
    std::error_code error;
    const fs::path file = fs::u8path(files[i]);
    if (!fs::exists(file, error)) continue;
    RETURN_IF_ERROR(CopyOver(file, folder / name, "keeping a copy of the settings in"));
  }
  if (copies) RETURN_IF_ERROR(state.Set("layout", "copied", "yes"));
  return WriteFileAtomically((folder / kStateFile).generic_u8string(), state.Serialize());
}

Status EndBackup(const PathTokens& tokens, BackupEnd end) {
  const fs::path folder = BackupFolder(tokens);
  const auto bytes =
      ReadWholeFile((folder / kStateFile).generic_u8string(), kMaxIniBytes);
  if (bytes.status().code() == Code::kNotFound) return Status::Ok();
  RETURN_IF_ERROR(bytes.status());
  const IniFile state = IniFile::Parse(*bytes);
  const LayoutCopy copy{FoldersOfMove(Layout::kModern, tokens), {}, false};
  const bool copied = state.Get("layout", "copied").has_value();
  Status ended;
  if (end == BackupEnd::kUndo) ended = Undo(folder, state, copy);
  if (end == BackupEnd::kKeep && copied) ended = RemoveOriginals(copy.folders);
  if (end == BackupEnd::kUndo && !ended.ok()) {
    return ended.WithContext("the copies are in " + folder.generic_u8string());
  }
  RemoveBackup(folder);
  return ended;
}

int EndInstaller(const CommonOptions& common, const std::string& word,
                 Terminal& terminal) {
  if (word != "keep" && word != "undo") {
    terminal.PrintError("--end-installer is keep or undo\n");
    return 1;
  }
  const Status ended =
      EndBackup(common.tokens, word == "keep" ? BackupEnd::kKeep : BackupEnd::kUndo);
  if (ended.ok()) return 0;
  terminal.PrintError(ended.message() + "\n");
  return 1;
}

}  // namespace nscp::kernel
