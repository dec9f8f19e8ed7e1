#include "kernel/settings/store.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include "kernel/settings/atomic_file.h"
#include "kernel/settings/paths.h"
#include "kernel/settings/settings.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

// How long an editor may take to write the file anew.
constexpr int kRewriteTries = 20;
constexpr std::chrono::milliseconds kRewritePause{20};

std::string Canonical(const std::string& path) {
  std::error_code error;
  const auto full = fs::weakly_canonical(fs::u8path(path), error);
  return error ? path : full.u8string();
}

Result<IniFile> Understand(const std::string& bytes, const std::string& path) {
  if (StartsWith(bytes, "\xFF\xFE") || StartsWith(bytes, "\xFE\xFF")) {
    return Status::InvalidArgument("reading " + path +
                                   ": it is UTF-16 text; save it as UTF-8");
  }
  return IniFile::Parse(bytes, path);
}

// A document from a file; a missing one is new.
Result<IniFile> ReadDocument(const std::string& path) {
  const auto bytes = ReadWholeFile(path, kMaxIniBytes);
  if (bytes.ok()) return Understand(*bytes, path);
  if (bytes.status().code() == Code::kNotFound) return IniFile::ForNewFile();
  return bytes.status();
}

Status Apply(const Edit& edit, IniFile* document) {
  if (edit.value) return document->Set(edit.path, edit.key, *edit.value);
  if (edit.key.empty()) {
    document->DeleteSection(edit.path);
  } else {
    document->Delete(edit.path, edit.key);
  }
  return Status::Ok();
}

// The bytes of a file; nothing where there is none.
Result<std::optional<std::string>> ReadIfThere(const std::string& path) {
  auto bytes = ReadWholeFile(path, kMaxIniBytes);
  if (bytes.ok()) return std::optional(std::move(bytes).value());
  if (bytes.status().code() == Code::kNotFound) return std::optional<std::string>();
  return bytes.status();
}

// One try. Aborted where the file changed meanwhile, or is empty for the moment: an
// editor that writes it anew empties it first, and may be at it.
Status RewriteFile(const std::string& path, bool had_lines,
                   const std::function<Status(IniFile*)>& rewrite) {
  ASSIGN_OR_RETURN(const auto bytes, ReadIfThere(path));
  if (had_lines && (!bytes || bytes->empty())) {
    return Status::Aborted(
        "Failed to save settings: " + path + " is " + (bytes ? "empty" : "gone") +
        " since it was read; put it back, or load the settings to go on without it");
  }
  ASSIGN_OR_RETURN(IniFile fresh, bytes ? Understand(*bytes, path)
                                        : Result<IniFile>(IniFile::ForNewFile()));
  RETURN_IF_ERROR(rewrite(&fresh));
  const std::string after = fresh.Serialize();
  if (bytes && after == *bytes) return Status::Ok();
  if (after.size() > kMaxIniBytes) {
    return Status::ResourceExhausted("Failed to save settings: " + path +
                                     " would be larger than " +
                                     std::to_string(kMaxIniBytes) + " bytes");
  }
  RemoveLeftovers(path);
  const auto unchanged = [&] {
    const auto now = ReadIfThere(path);
    if (now.ok() && *now == bytes) return Status::Ok();
    return Status::Aborted("somebody else keeps changing " + path + "; try again");
  };
  return WriteFileAtomically(path, after, unchanged)
      .WithContext("Failed to save settings");
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

}  // namespace

Result<Store> Store::Read(const std::string& context, const PathTokens& tokens,
                          const Fetcher& fetch) {
  Store store;
  store.tokens_ = &tokens;
  store.fetch_ = &fetch;
  store.context_ = context;
  if (context == "dummy" || context == "dummy://") {
    store.type_ = "dummy";
    store.layers_.push_back({"", false, IniFile()});
    return store;
  }
  if (IsUrlContext(context)) {
    store.type_ = "http";
    if (!fetch)
      return Status::Unimplemented("this command can't fetch " + WithoutQuery(context));
    ASSIGN_OR_RETURN(const std::string file, fetch(context));
    RETURN_IF_ERROR(store.ReadLayers(file, true, true));
    return store;
  }
  store.type_ = "ini";
  ASSIGN_OR_RETURN(const std::string file, FileOfContext(context, tokens));
  if (context.empty() || context == "ini") {
    store.context_ = std::string(kIniScheme) + file;
  } else if (!StartsWith(context, kIniScheme)) {
    store.context_ = std::string(kIniScheme) + context;
  }
  RETURN_IF_ERROR(IsFolder(file) ? store.ReadFolder(file, false)
                                 : store.ReadLayers(file, false, true));
  if (store.layers_.empty()) {
    store.layers_.push_back({file + "/nsclient.ini", false, IniFile::ForNewFile()});
  }
  return store;
}

Status Store::ReadLayers(const std::string& path, bool read_only, bool main) {
  if (!seen_.insert(Canonical(path)).second) return Status::Ok();
  if (layers_.size() >= kMaxIncludes) {
    notes_.push_back({path, 0,
                      "more than " + std::to_string(kMaxIncludes) +
                          " settings files; this one is ignored"});
    return Status::Ok();
  }
  auto document = ReadDocument(path);
  if (!document.ok()) {
    if (main) return document.status();
    notes_.push_back({path, 0, document.status().message() + "; the include is ignored"});
    return Status::Ok();
  }
  layers_.push_back({path, read_only, std::move(document).value()});
  return ReadIncludes(layers_.size() - 1);
}

Status Store::ReadFolder(const std::string& folder, bool read_only) {
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
  for (const std::string& file : files)
    RETURN_IF_ERROR(ReadLayers(file, read_only, false));
  return Status::Ok();
}

Status Store::ReadIncludes(size_t layer) {
  std::vector<IniEntry> includes;
  for (IniSection& section : layers_[layer].document.Contents()) {
    if (FoldPath(section.name) == "/includes") includes = std::move(section.entries);
  }
  const Layer parent = {layers_[layer].file, layers_[layer].read_only, IniFile()};
  for (const IniEntry& include : includes) RETURN_IF_ERROR(ReadInclude(parent, include));
  return Status::Ok();
}

Status Store::ReadInclude(const Layer& parent, const IniEntry& include) {
  const auto ignore = [&](const std::string& why) {
    notes_.push_back({parent.file, 0,
                      "the include \"" + include.key + "\" (" +
                          WithoutQuery(include.value) + ") is ignored: " + why});
    return Status::Ok();
  };
  if (include.value.empty()) return Status::Ok();
  if (IsUrlContext(include.value)) {
    if (!*fetch_) return ignore("this command can't fetch it");
    const auto file = (*fetch_)(include.value);
    return file.ok() ? ReadLayers(*file, true, false) : ignore(file.status().message());
  }
  auto file = FileOfContext(include.value, *tokens_);
  if (!file.ok()) return ignore(file.status().message());
  const auto path = fs::u8path(*file);
  if (path.is_relative()) {
    const std::string beside = (fs::u8path(parent.file).parent_path() / path).u8string();
    if (PathExists(beside) || !PathExists(*file)) file = beside;
  }
  if (IsFolder(*file)) return ReadFolder(*file, parent.read_only);
  if (!PathExists(*file)) return ignore("there is no such file");
  return ReadLayers(*file, parent.read_only, false);
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
    const bool in_place = !holders.empty() && !layers_[holders[0]].read_only;
    holders = {in_place ? holders[0] : 0};
  }
  for (const size_t i : holders) {
    if (!layers_[i].read_only) continue;
    return Status::FailedPrecondition("saving " + edit.path + " " + edit.key +
                                      ": it comes from a store that can't be written (" +
                                      WithoutQuery(context_) + ", " + layers_[i].file +
                                      ")");
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
    const auto check = [&own = mine, &file = layers_[layer].file](const IniFile& known,
                                                                  const IniFile& fresh) {
      for (const Edit* edit : own) {
        RETURN_IF_ERROR(CheckConflict(*edit, known, fresh, file));
      }
      return Status::Ok();
    };
    RETURN_IF_ERROR(
        Rewrite(layer, change, conflict == Conflict::kRefuse ? Check(check) : nullptr));
  }
  return Status::Ok();
}

Status Store::RewriteMain(const std::function<void(IniFile*)>& change) {
  if (layers_[0].read_only) {
    return Status::FailedPrecondition("the store " + WithoutQuery(context_) +
                                      " can't be written");
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
  if (!layer.file.empty()) {
    ASSIGN_OR_RETURN(const auto lock, LockStore(layer.file));
    const bool had_lines = !layer.document.empty();
    Status status;
    for (int attempt = 1; attempt <= kRewriteTries; ++attempt) {
      status = RewriteFile(layer.file, had_lines, rewrite);
      if (status.code() != Code::kAborted) break;
      std::this_thread::sleep_for(kRewritePause);
    }
    // The agent's account lacks the right, not the one who asks for the save.
    if (status.code() == Code::kAborted || status.code() == Code::kPermissionDenied) {
      return Status::FailedPrecondition(status.message());
    }
    RETURN_IF_ERROR(status);
  }
  change(&layer.document);
  return Status::Ok();
}

std::string Store::Describe() const {
  if (type_ == "dummy") return "dummy settings";
  const std::string kind = type_ == "http" ? "HTTP settings: (" : "INI settings: (";
  return kind + WithoutQuery(context_) + ", " + layers_[0].file + ")";
}

std::vector<std::string> Store::Files() const {
  std::vector<std::string> files;
  for (const Layer& layer : layers_) {
    if (!layer.file.empty()) files.push_back(layer.file);
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
