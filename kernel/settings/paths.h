// Path tokens: `${name}` in a path stands for a folder of this installation. A token is
// looked up in the `--path-override` list, then in `[paths]` of boot.ini, then in the
// built-in table of the system (paths_posix.cpp, paths_win32.cpp); values may hold tokens
// themselves. A name that is nowhere stands for the program's folder, as it always did in
// NSClient++.
//
// A value: made once at start, then copied or shared. Const functions may be called from
// any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// Nested tokens deeper than this are a loop.
constexpr int kMaxTokenDepth = 32;
constexpr size_t kMaxExpandedPath = 32768;
// Tokens replaced in one path, nested ones counted: two in each of 30 levels would take
// hours.
constexpr int kMaxTokensInPath = 1000;

class PathTokens {
 public:
  using Table = std::map<std::string, std::string>;

  // Tokens of the program that runs now.
  static PathTokens ForThisProgram(Table overrides = {});
  // `program_folder` without a trailing separator.
  PathTokens(std::string program_folder, Table overrides);

  // The boot.ini layer; replaces the last one.
  void SetBootPaths(Table paths) { boot_ = std::move(paths); }
  // Wins over all other layers.
  void Override(std::string name, std::string value);
  // Of the built-in table: where ${shared-path} is in a layout of Windows.
  void UseLayout(bool modern);

  // `text` with every token replaced. Tokens nested deeper than kMaxTokenDepth, or a
  // result longer than kMaxExpandedPath, are InvalidArgument; an unclosed "${" stays as
  // it is.
  Result<std::string> Resolve(std::string_view text) const;
  // The same, empty on error.
  std::string Expand(std::string_view text) const;

  // The unexpanded value of a token, if any layer has it.
  std::optional<std::string> Find(std::string_view name) const;
  // True when the value comes from the command line.
  bool IsOverridden(std::string_view name) const;
  const std::string& program_folder() const { return program_folder_; }

  // ${module-path}, else modules/ beside the program (then `note` says so); neither is
  // NotFound "Failed to find modules folder: <dir>".
  Result<std::string> ModuleFolder(std::string* note) const;
  // A program of ours that users do not call, such as nscp-launch: beside our own
  // program, else in ${shared-path}; the first where it is nowhere.
  std::string Program(std::string_view name) const;
  // ${web-path}, else web/ beside the program; the first where nothing exists.
  std::string WebFolder() const;

 private:
  Status ResolveInto(std::string_view text, int depth, int* tokens,
                     std::string* out) const;

  std::string program_folder_;
  Table overrides_;
  Table boot_;
  Table built_in_;
};

// `--path-override TOKEN=VALUE`. Malformed: InvalidArgument with the text to print as a
// warning.
Result<std::pair<std::string, std::string>> ParsePathOverride(std::string_view argument);

// The agent's own files in the two layouts that Windows has: beside the program, or in a
// folder of their own. With tokens.
std::string_view SharedFolderOf(bool modern);

// The platform's part.
std::string FolderOfThisProgram();
PathTokens::Table BuiltInPaths(const std::string& program_folder);

// An empty path is none.
bool IsFolder(const std::string& path);
bool PathExists(const std::string& path);

}  // namespace nscp::kernel
