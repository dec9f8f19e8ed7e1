#include "kernel/settings/settings.h"

#include <algorithm>

#include "kernel/settings/store_settings.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {

bool IsUnder(std::string_view path, std::string_view root) {
  if (root.empty() || root == "/") return true;
  return StartsWith(path, root) &&
         (path.size() == root.size() || path[root.size()] == '/');
}

bool IsSensitive(const Descriptions& descriptions, std::string_view path,
                 std::string_view key) {
  if (EqualsIgnoreCase(Trim(key), "password")) return true;
  const auto known = descriptions.FindKey(path, key);
  return known &&
         (known->sensitive() || known->hashed() || known->type() == v1::PASSWORD);
}

Result<std::unique_ptr<Settings>> Settings::Open(SettingsOptions options,
                                                 const Descriptions& descriptions) {
  auto settings = std::make_unique<StoreSettings>(std::move(options), descriptions);
  RETURN_IF_ERROR(settings->Load());
  return std::unique_ptr<Settings>(std::move(settings));
}

Result<bool> StoreSettings::Read(bool keep_changes) {
  // A remote store takes its time, so readers go on meanwhile and writers wait.
  const std::lock_guard<std::mutex> storing(storing_);
  auto store = Store::Read(options_.context, options_.tokens, options_.fetch);
  if (!store.ok()) return store.status().WithContext("Failed to initialize settings");
  Changes changes;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (keep_changes && !pending_.empty()) return false;
    store_ = std::move(store).value();
    pending_.Clear();
    changes = Rebuild();
  }
  Tell(changes);
  return true;
}

Status StoreSettings::Load() { return Read(false).status(); }

Result<bool> StoreSettings::LoadUnlessChanged() {
  if (GetStatus().has_changed()) return false;
  return Read(true);
}

Status StoreSettings::Save() {
  const std::lock_guard<std::mutex> storing(storing_);
  const std::lock_guard<std::mutex> lock(mutex_);
  return SaveLocked();
}

Status StoreSettings::SaveLocked() {
  RETURN_IF_ERROR(store_.Write(Commented(pending_.Edits()), Store::Conflict::kRefuse));
  pending_.Clear();
  Rebuild();
  return Status::Ok();
}

Status StoreSettings::SortStore() {
  const std::lock_guard<std::mutex> storing(storing_);
  const std::lock_guard<std::mutex> lock(mutex_);
  ASSIGN_OR_RETURN(const auto hashes, PlainPasswords());
  RETURN_IF_ERROR(store_.Write(hashes, Store::Conflict::kRefuse));
  RETURN_IF_ERROR(store_.RewriteMain([](IniFile* document) { document->Sort(); }));
  Rebuild();
  return Status::Ok();
}

Status StoreSettings::SaveAll(const AnnotateOptions& options) {
  Changes changes;
  {
    const std::lock_guard<std::mutex> storing(storing_);
    const std::lock_guard<std::mutex> lock(mutex_);
    RETURN_IF_ERROR(SaveLocked());
    ASSIGN_OR_RETURN(const auto hashes, PlainPasswords());
    RETURN_IF_ERROR(store_.Write(hashes, Store::Conflict::kRefuse));
    RETURN_IF_ERROR(store_.RewriteMain(
        [&](IniFile* document) { Annotate(descriptions_, options, document); }));
    changes = Rebuild();
  }
  Tell(changes);
  return Status::Ok();
}

std::string StoreSettings::Generate(const AnnotateOptions& options) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return GenerateFile(effective_.sections(), descriptions_, options).Serialize();
}

// Everything that is seen anew; gives what has changed, masked.
StoreSettings::Changes StoreSettings::Rebuild() {
  base_ = store_.Merge();
  Tree fresh = base_;
  pending_.ApplyTo(&fresh);
  for (const Edit& define : defines_) ApplyEdit(define, &fresh);
  Changes changes;
  if (options_.on_change) {
    for (const IniSection& section : fresh.sections()) {
      for (const IniEntry& entry : section.entries) {
        const std::string* old = effective_.Find(section.name, entry.key);
        if (old && *old == entry.value) continue;
        changes.push_back(Entry(section.name, entry.key, entry.value, false));
      }
    }
    for (const IniSection& section : effective_.sections()) {
      for (const IniEntry& entry : section.entries) {
        if (fresh.Find(section.name, entry.key)) continue;
        changes.push_back(Entry(section.name, entry.key, "", false));
      }
    }
  }
  effective_ = std::move(fresh);
  return changes;
}

void StoreSettings::Tell(const Changes& changes) const {
  if (options_.on_change && !changes.empty()) options_.on_change(changes);
}

v1::SettingEntry StoreSettings::Entry(std::string_view path, std::string_view key,
                                      std::string_view value, bool clear) const {
  v1::SettingEntry entry;
  entry.set_path(std::string(path));
  entry.set_key(std::string(key));
  entry.set_sensitive(IsSensitive(descriptions_, path, key));
  const bool masked = entry.sensitive() && !clear && !value.empty();
  entry.set_value(std::string(masked ? kMask : value));
  return entry;
}

std::optional<std::string> StoreSettings::Value(std::string_view path,
                                                std::string_view key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string* value = effective_.Find(path, key);
  return value ? std::optional(*value) : std::nullopt;
}

std::string StoreSettings::Effective(std::string_view path, std::string_view key) const {
  if (const auto own = Value(path, key)) return *own;
  const auto known = descriptions_.FindKey(path, key);
  if (!known) return "";
  if (!known->parent().empty()) {
    if (const auto inherited = Value(known->parent(), key)) return *inherited;
  }
  return known->default_value();
}

std::vector<IniEntry> StoreSettings::Keys(std::string_view path) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const IniSection* section = effective_.FindPath(path);
  return section ? section->entries : std::vector<IniEntry>();
}

std::vector<std::string> StoreSettings::Paths(std::string_view path) const {
  const std::string root = FoldPath(path);
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> paths;
  for (const IniSection& section : effective_.sections()) {
    if (IsUnder(FoldPath(section.name), root)) paths.push_back(section.name);
  }
  return paths;
}

v1::GetSettingsResponse StoreSettings::Get(const v1::GetSettingsRequest& request) const {
  v1::GetSettingsResponse response;
  const std::string root = FoldPath(request.path());
  const auto wanted = [&](const std::string& path, const std::string& key) {
    const bool here = request.recursive() ? IsUnder(path, root) : path == root;
    return here && (request.key().empty() || EqualsIgnoreCase(key, Trim(request.key())));
  };
  std::vector<v1::SettingDescription> described;
  if (request.defaults()) described = descriptions_.All();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const IniSection& section : effective_.sections()) {
    const std::string path = FoldPath(section.name);
    for (const IniEntry& entry : section.entries) {
      if (!wanted(path, entry.key)) continue;
      *response.add_entries() =
          Entry(section.name, entry.key, entry.value, request.clear());
    }
  }
  for (const v1::SettingDescription& item : described) {
    const v1::SettingsKey& key = item.description();
    if (item.key().empty() || !wanted(FoldPath(item.path()), item.key())) continue;
    if (effective_.Find(item.path(), item.key())) continue;
    const std::string* inherited =
        key.parent().empty() ? nullptr : effective_.Find(key.parent(), item.key());
    const std::string& value = inherited ? *inherited : key.default_value();
    if (value.empty()) continue;
    *response.add_entries() = Entry(item.path(), item.key(), value, request.clear());
  }
  return response;
}

Status StoreSettings::Define(std::string_view path, std::string_view key,
                             std::string_view value) {
  RETURN_IF_ERROR(CheckIniSection(path));
  RETURN_IF_ERROR(CheckIniKey(key));
  RETURN_IF_ERROR(CheckIniValue(value));
  Changes changes;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (defines_.size() >= kMaxSettingsChanges) {
      return Status::ResourceExhausted("too many --define options");
    }
    defines_.push_back(
        {std::string(path), std::string(Trim(key)), std::string(Trim(value))});
    changes = Rebuild();
  }
  Tell(changes);
  return Status::Ok();
}

v1::GetSettingsStatusResponse StoreSettings::GetStatus() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  v1::GetSettingsStatusResponse response;
  response.set_context(store_.context());
  response.set_type(std::string(store_.type()));
  response.set_has_changed(!pending_.empty());
  response.set_description(store_.Describe());
  response.set_editable(store_.editable());
  return response;
}

std::vector<IniDiagnostic> StoreSettings::Diagnostics() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return store_.Diagnostics();
}

std::vector<std::string> StoreSettings::Files() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return store_.Files();
}

std::vector<std::string> StoreSettings::UnknownPaths() const {
  std::vector<std::string> unknown = Paths("");
  unknown.erase(std::remove_if(unknown.begin(), unknown.end(),
                               [this](const std::string& path) {
                                 return descriptions_.KnowsPath(path);
                               }),
                unknown.end());
  return unknown;
}

}  // namespace nscp::kernel
