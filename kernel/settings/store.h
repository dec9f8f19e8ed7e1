// The files behind the settings: a main ini file and what its [/includes] name, in order.
// Knows how a context becomes files, and how edits get into them. Used by Settings alone,
// under its mutex.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/ini_file.h"
#include "kernel/settings/paths.h"
#include "kernel/settings/tree.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// One change: a value, or the removal of a key, or (with an empty key) of a path.
struct Edit {
  std::string path;
  std::string key;
  std::optional<std::string> value;
};

using Fetcher = std::function<Result<std::string>(const std::string& context)>;

class Store {
 public:
  // A missing main file is an empty store.
  static Result<Store> Read(const std::string& context, const PathTokens& tokens,
                            const Fetcher& fetch);

  // All layers in one; a parent wins over what it includes.
  Tree Merge() const;
  // What to do where somebody else has changed in the file, since it was read, what an
  // edit changes too.
  enum class Conflict { kOverwrite, kRefuse };
  // Reads each file concerned again, applies the edits and replaces it; then the same in
  // memory. So what others changed besides stays. On error no further file is written. A
  // file that had lines and now has none, or is gone, is not written: FailedPrecondition.
  Status Write(const std::vector<Edit>& edits, Conflict conflict);
  // Applies `change` to a fresh copy of the main file, and to the memory.
  Status RewriteMain(const std::function<void(IniFile*)>& change);

  const std::string& context() const { return context_; }
  const std::string& type() const { return type_; }
  std::string Describe() const;
  std::vector<std::string> Files() const;
  std::vector<IniDiagnostic> Diagnostics() const;

 private:
  struct Layer {
    std::string file;  // empty = memory only
    bool read_only = false;
    IniFile document;
  };

  Status ReadLayers(const std::string& path, bool read_only, bool main);
  Status ReadFolder(const std::string& folder, bool read_only);
  Status ReadIncludes(size_t layer);
  Status ReadInclude(const Layer& parent, const IniEntry& include);
  // `check`: whether `fresh` may be changed, which was `known` when it was read.
  using Check = std::function<Status(const IniFile& known, const IniFile& fresh)>;
  Status Rewrite(size_t layer, const std::function<void(IniFile*)>& change,
                 const Check& check);
  // Which layers an edit goes to.
  Result<std::vector<size_t>> Targets(const Edit& edit) const;

  const PathTokens* tokens_ = nullptr;
  const Fetcher* fetch_ = nullptr;
  std::string context_;
  std::string type_;
  std::vector<Layer> layers_;
  std::vector<IniDiagnostic> notes_;
  std::set<std::string> seen_;
};

// How a context that is an ini file begins.
inline constexpr std::string_view kIniScheme = "ini://";
// The file of an ini context, whether it exists or not; an error for other stores.
Result<std::string> FileOfContext(std::string_view context, const PathTokens& tokens);
// Without what follows a "?": it may hold a secret.
std::string WithoutQuery(std::string_view context);
bool IsUrlContext(std::string_view context);

}  // namespace nscp::kernel
