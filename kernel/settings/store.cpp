#include "kernel/settings/store.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "kernel/settings/settings.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

// Lines that a map file of the old settings may have beside the program.
constexpr char kOldMap[] = "${exe-path}/old-settings.map";

using Sources = std::vector<std::unique_ptr<Source>>;

std::string Canonical(const std::string& path) {
  std::error_code error;
  const auto full = fs::weakly_canonical(fs::u8path(path), error);
  return error ? path : full.u8string();
}

Status Apply(const Edit& edit, IniFile* document) {
  const IniComments* comments = edit.comments ? &*edit.comments : nullptr;
  if (edit.value) return document->Set(edit.path, edit.key, *edit.value, comments);
  if (edit.key.empty()) {
    document->DeleteSection(edit.path, comments);
  } else {
    document->Delete(edit.path, edit.key, comments);
  }
  return Status::Ok();
}

// No value in the text: it may be a secret.
Status Conflicting(const std::string& key, const Edit& edit, const std::string& file) {
  return Status::FailedPrecondition(
      "Failed to save settings: \"" + key + "\" in [" + edit.path + "] of " + file +
      " was changed by somebody else since it was read; load the settings, which gives "
      "up the changes not saved, or set the key anew with `nscp settings --set`");
}

// Whether the file holds what the edit was made on, or what it wants already.
Status CheckConflict(const Edit& edit, const IniFile& known, const IniFile& fresh,
                     const std::string& file) {
  if (!edit.key.empty()) {
    const auto now = fresh.Get(edit.path, edit.key);
    const bool same = now == known.Get(edit.path, edit.key) || now == edit.value;
    return same ? Status::Ok() : Conflicting(edit.key, edit, file);
  }
  for (const IniSection& section : fresh.Contents()) {
    if (FoldPath(section.name) != FoldPath(edit.path)) continue;
    for (const IniEntry& entry : section.entries) {
      if (!known.Get(edit.path, entry.key)) return Conflicting(entry.key, edit, file);
    }
  }
  return Status::Ok();
}

// The files of a folder in alphabetical order.
Result<std::vector<std::string>> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(fs::u8path(folder), error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().u8string();
    std::error_code ignored;
    // Hidden files and an editor's backups are nobody's settings.
    if (name[0] != '.' && name.back() != '~' && it->is_regular_file(ignored)) {
      files.push_back(folder + "/" + name);
    }
  }
  if (error) {
    return Status::Unavailable("reading the settings folder " + folder + ": " +
                               error.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

template <typename One>
Sources Only(One source) {
  Sources sources;
  sources.push_back(std::move(source));
  return sources;
}

// A file that an include names: beside the file that names it, unless only the working
// folder has one.
std::string PlaceOfInclude(const std::string& file, const std::string& parent) {
  const auto path = fs::u8path(file);
  if (!path.is_relative()) return file;
  const std::string beside = (fs::u8path(parent).parent_path() / path).u8string();
  return PathExists(beside) || !PathExists(file) ? beside : file;
}

}  // namespace

Result<Store> Store::Read(const std::string& context, const PathTokens& tokens,
                          const StoreFetcher& fetch) {
  Store store;
  store.tokens_ = &tokens;
  store.fetch_ = &fetch;
  ASSIGN_OR_RETURN(const StoreContext parsed, ParseContext(context));
  store.type_ = parsed.type;
  store.context_ = ShownContext(context);
  ASSIGN_OR_RETURN(Sources sources, store.SourcesOf(parsed, ""));
  if (parsed.type == StoreType::kIni && !StartsWith(context, kIniScheme)) {
    store.context_ =
        std::string(kIniScheme) +
        (context.empty() || context == "ini" ? sources[0]->place() : context);
  }
  for (auto& source : sources) {
    RETURN_IF_ERROR(store.ReadLayer(std::move(source), store.layers_.empty()));
  }
  store.tokens_ = nullptr;
  store.fetch_ = nullptr;
  return store;
}

Result<Sources> Store::SourcesOf(const StoreContext& context, const std::string& parent) {
  switch (context.type) {
    case StoreType::kIni:
      return IniSources(context.place, parent);
    case StoreType::kHttp: {
      if (!*fetch_) {
        return Status::Unimplemented("this command can't fetch " +
                                     ShownContext(context.place));
      }
      ASSIGN_OR_RETURN(const FetchedStore fetched, (*fetch_)(context.place));
      if (!fetched.warning.empty()) Note(fetched.file, fetched.warning);
      return Only(NewCopySource(fetched.file));
    }
    case StoreType::kRegistry: {
      ASSIGN_OR_RETURN(const std::string path, tokens_->Resolve(context.place));
      ASSIGN_OR_RETURN(auto source, NewRegistrySource(path));
      return Only(std::move(source));
    }
    case StoreType::kOld: {
      ASSIGN_OR_RETURN(const std::string file, tokens_->Resolve(context.place));
      return Only(NewOldSource(file, tokens_->Expand(kOldMap)));
    }
    case StoreType::kDummy:
      break;
  }
  return Only(NewMemorySource());
}

Result<Sources> Store::IniSources(const std::string& place, const std::string& parent) {
  ASSIGN_OR_RETURN(std::string file,
                   FileOfContext(std::string(kIniScheme) + place, *tokens_));
  if (!parent.empty()) file = PlaceOfInclude(file, parent);
  if (!IsFolder(file)) {
    if (!parent.empty() && !PathExists(file)) {
      return Status::NotFound("there is no such file");
    }
    return Only(NewIniSource(file));
  }
  ASSIGN_OR_RETURN(const auto names, FilesIn(file));
  Sources sources;
  for (const std::string& name : names) sources.push_back(NewIniSource(name));
  if (sources.empty()) sources.push_back(NewIniSource(file + "/nsclient.ini"));
  return sources;
}

void Store::Note(const std::string& file, std::string text) {
  notes_.push_back({file, 0, std::move(text)});
}

Status Store::ReadLayer(std::unique_ptr<Source> source, bool main) {
  const std::string place = source->place();
  const bool is_known =
      !place.empty() &&
      !seen_.insert(source->is_file() ? Canonical(place) : place).second;
  if (is_known) return Status::Ok();
  if (layers_.size() >= kMaxIncludes) {
    Note(place, "more than " + std::to_string(kMaxIncludes) +
                    " settings files; this one is ignored");
    return Status::Ok();
  }
  std::vector<std::string> notes;
  auto document = source->Read(&notes);
  if (!document.ok()) {
    if (main) return document.status();
    Note(place, document.status().message() + "; the include is ignored");
    return Status::Ok();
  }
  for (std::string& note : notes) Note(place, std::move(note));
  layers_.push_back({std::move(source), std::move(document).value()});
  ReadIncludes(layers_.size() - 1);
  return Status::Ok();
}

void Store::ReadIncludes(size_t layer) {
  std::vector<IniEntry> includes;
  for (IniSection& section : layers_[layer].document.Contents()) {
    if (FoldPath(section.name) == "/includes") includes = std::move(section.entries);
  }
  const std::string parent = layers_[layer].source->place();
  for (const IniEntry& include : includes) ReadInclude(parent, include);
}

void Store::ReadInclude(const std::string& parent, const IniEntry& include) {
  if (include.value.empty()) return;
  const auto sources = [&]() -> Result<Sources> {
    ASSIGN_OR_RETURN(const StoreContext context, ParseContext(include.value));
    return SourcesOf(context, parent);
  };
  auto found = sources();
  if (!found.ok()) {
    Note(parent, "the include \"" + include.key + "\" (" + ShownContext(include.value) +
                     ") is ignored: " + found.status().message());
    return;
  }
  for (auto& source : *found) {
    const Status ignored = ReadLayer(std::move(source), false);
    (void)ignored;  // of an include everything becomes a note
  }
}

Tree Store::Merge() const {
  Tree tree;
  for (const Layer& layer : layers_) {
    for (const IniSection& section : layer.document.Contents()) {
      tree.AddPath(section.name);
      for (const IniEntry& entry : section.entries) {
        if (!tree.Find(section.name, entry.key)) {
          tree.Set(section.name, entry.key, entry.value);
        }
      }
    }
  }
  return tree;
}

Result<std::vector<size_t>> Store::Targets(const Edit& edit) const {
  std::vector<size_t> holders;
  for (size_t i = 0; i < layers_.size(); ++i) {
    const IniFile& document = layers_[i].document;
    const bool holds = edit.key.empty() ? document.HasSection(edit.path)
                                        : document.Get(edit.path, edit.key).has_value();
    if (holds) holders.push_back(i);
  }
  // A value replaces the one that counts, where it stands; a new one goes to the main
  // file.
  if (edit.value) {
    const bool in_place = !holders.empty() && layers_[holders[0]].source->editable();
    holders = {in_place ? holders[0] : 0};
  }
  for (const size_t i : holders) {
    if (layers_[i].source->editable()) continue;
    return Status::FailedPrecondition(
        "saving " + edit.path + " \"" + edit.key + "\": it belongs to " + Describe() +
        ", which is read only (" + layers_[i].source->place() +
        "); change it where that comes from, or use a store that is yours");
  }
  return holders;
}

Status Store::Write(const std::vector<Edit>& edits, Conflict conflict) {
  std::map<size_t, std::vector<const Edit*>> by_layer;
  for (const Edit& edit : edits) {
    ASSIGN_OR_RETURN(const auto targets, Targets(edit));
    for (const size_t layer : targets) by_layer[layer].push_back(&edit);
  }
  for (const auto& [layer, mine] : by_layer) {
    const auto change = [&own = mine](IniFile* document) {
      for (const Edit* edit : own) {
        const Status applied = Apply(*edit, document);
        (void)applied;  // checked when the edit was made
      }
    };
    const auto check = [&own = mine, &place = layers_[layer].source->place()](
                           const IniFile& known, const IniFile& fresh) {
      for (const Edit* edit : own) {
        RETURN_IF_ERROR(CheckConflict(*edit, known, fresh, place));
      }
      return Status::Ok();
    };
    RETURN_IF_ERROR(
        Rewrite(layer, change, conflict == Conflict::kRefuse ? Check(check) : nullptr));
  }
  return Status::Ok();
}

Status Store::RewriteMain(const std::function<void(IniFile*)>& change) {
  if (!editable()) {
    return Status::FailedPrecondition("writing the store " + Describe() +
                                      ": it is read only");
  }
  return Rewrite(0, change, nullptr);
}

Status Store::Rewrite(size_t index, const std::function<void(IniFile*)>& change,
                      const Check& check) {
  Layer& layer = layers_[index];
  const auto rewrite = [&](IniFile* fresh) {
    if (check) RETURN_IF_ERROR(check(layer.document, *fresh));
    change(fresh);
    return Status::Ok();
  };
  RETURN_IF_ERROR(layer.source->Rewrite(!layer.document.empty(), rewrite));
  change(&layer.document);
  return Status::Ok();
}

std::string Store::Describe() const {
  const std::string& place = layers_[0].source->place();
  switch (type_) {
    case StoreType::kIni:
      return "INI settings: (" + context_ + ", " + place + ")";
    case StoreType::kHttp:
      return "HTTP settings: (" + context_ + ", " + place + ")";
    case StoreType::kRegistry:
      return "Registry settings: (" + context_ + "," + place + ")";
    case StoreType::kOld:
      return "Old settings: (" + context_ + ", " + place + ")";
    case StoreType::kDummy:
      break;
  }
  return "dummy settings";
}

std::vector<std::string> Store::Files() const {
  std::vector<std::string> files;
  for (const Layer& layer : layers_) {
    const bool is_file = layer.source->is_file();
    if (is_file) files.push_back(layer.source->place());
  }
  return files;
}

std::vector<IniDiagnostic> Store::Diagnostics() const {
  std::vector<IniDiagnostic> all;
  for (const Layer& layer : layers_) {
    const auto& own = layer.document.diagnostics();
    all.insert(all.end(), own.begin(), own.end());
  }
  all.insert(all.end(), notes_.begin(), notes_.end());
  return all;
}

}  // namespace nscp::kernel
