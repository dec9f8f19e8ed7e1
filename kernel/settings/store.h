// The sources behind the settings: a main one, which a context names, and what its
// [/includes] name, in order. Knows which of them an edit goes to. Used by Settings
// alone, under its mutex.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/settings/context.h"
#include "kernel/settings/fetched_store.h"
#include "kernel/settings/ini_file.h"
#include "kernel/settings/paths.h"
#include "kernel/settings/source.h"
#include "kernel/settings/tree.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// One change: a value, or the removal of a key, or (with an empty key) of a path.
struct Edit {
  std::string path;
  std::string key;
  std::optional<std::string> value;
  // For the lines that it adds; without it a new line has none.
  std::optional<IniComments> comments = std::nullopt;
};

class Store {
 public:
  // A missing ini file is an empty store. Blocks while a remote one is fetched.
  static Result<Store> Read(const std::string& context, const PathTokens& tokens,
                            const StoreFetcher& fetch);

  // All layers in one; a parent wins over what it includes.
  Tree Merge() const;
  // What to do where somebody else has changed in the file, since it was read, what an
  // edit changes too.
  enum class Conflict { kOverwrite, kRefuse };
  // Reads each source concerned again, applies the edits and replaces it; then the same
  // in memory. So what others changed besides stays. On error no further one is written.
  // A source that had lines and now has none, or is gone, is not written:
  // FailedPrecondition, as for one that is read only.
  Status Write(const std::vector<Edit>& edits, Conflict conflict);
  // Applies `change` to a fresh copy of the main source, and to the memory.
  Status RewriteMain(const std::function<void(IniFile*)>& change);

  // As it is shown: without the secrets of a URL.
  const std::string& context() const { return context_; }
  std::string_view type() const { return StoreTypeName(type_); }
  // Whether new keys can be saved.
  bool editable() const { return !layers_.empty() && layers_[0].source->editable(); }
  // "INI settings: (<context>, <file>)".
  std::string Describe() const;
  // The files of this machine that it consists of, the main one first.
  std::vector<std::string> Files() const;
  std::vector<IniDiagnostic> Diagnostics() const;

 private:
  struct Layer {
    std::unique_ptr<Source> source;
    IniFile document;
  };

  // `parent` is the file that names the context; empty for the main one.
  Result<std::vector<std::unique_ptr<Source>>> SourcesOf(const StoreContext& context,
                                                         const std::string& parent);
  Result<std::vector<std::unique_ptr<Source>>> IniSources(const std::string& place,
                                                          const std::string& parent);
  Status ReadLayer(std::unique_ptr<Source> source, bool main);
  void ReadIncludes(size_t layer);
  void ReadInclude(const std::string& parent, const IniEntry& include);
  void Note(const std::string& file, std::string text);
  // `check`: whether `fresh` may be changed, which was `known` when it was read.
  using Check = std::function<Status(const IniFile& known, const IniFile& fresh)>;
  Status Rewrite(size_t layer, const std::function<void(IniFile*)>& change,
                 const Check& check);
  // Which layers an edit goes to.
  Result<std::vector<size_t>> Targets(const Edit& edit) const;

  const PathTokens* tokens_ = nullptr;  // while it is read
  const StoreFetcher* fetch_ = nullptr;
  std::string context_;
  StoreType type_ = StoreType::kDummy;
  std::vector<Layer> layers_;
  std::vector<IniDiagnostic> notes_;
  std::set<std::string> seen_;
};

}  // namespace nscp::kernel
