// Writing: updates and removals, in memory or straight into the store.
#include <algorithm>

#include "kernel/settings/annotate.h"
#include "kernel/settings/store_settings.h"
#include "proto/cpp/password.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {

Result<std::optional<std::string>> StoreSettings::ValueToStore(
    const v1::SettingEntry& entry) const {
  RETURN_IF_ERROR(CheckIniSection(entry.path()));
  RETURN_IF_ERROR(CheckIniKey(entry.key()));
  if (entry.value().size() > kMaxSettingBytes) {
    return Status::InvalidArgument("a settings value is longer than " +
                                   std::to_string(kMaxSettingBytes) + " bytes");
  }
  RETURN_IF_ERROR(CheckIniValue(entry.value()));
  const std::string value(Trim(entry.value()));
  if (value == kMask && IsSensitive(descriptions_, entry.path(), entry.key())) {
    return std::optional<std::string>();
  }
  const auto known = descriptions_.FindKey(entry.path(), entry.key());
  if (!known || !known->hashed() || value.empty() || IsPasswordHash(value)) {
    return std::optional(value);
  }
  if (!options_.hash_password) {
    return Status::FailedPrecondition("this process can't hash passwords");
  }
  ASSIGN_OR_RETURN(std::string hash, options_.hash_password(value));
  return std::optional(std::move(hash));
}

Result<std::vector<Edit>> StoreSettings::EditsOf(
    const v1::UpdateSettingsRequest& request) const {
  if (static_cast<size_t>(request.entries_size()) > kMaxSettingsBatch) {
    return Status::ResourceExhausted("more than " + std::to_string(kMaxSettingsBatch) +
                                     " settings in one request");
  }
  std::vector<Edit> edits;
  for (const v1::SettingEntry& entry : request.entries()) {
    auto value = ValueToStore(entry);
    if (!value.ok()) {
      return value.status().WithContext("setting " + entry.path() + " \"" + entry.key() +
                                        "\"");
    }
    if (!*value) continue;
    Edit edit{std::string(Trim(entry.path())), std::string(Trim(entry.key())), *value};
    while (edit.path.size() > 1 && edit.path.back() == '/') edit.path.pop_back();
    if (edit.value->empty()) edit.value.reset();
    edits.push_back(std::move(edit));
  }
  return edits;
}

std::vector<Edit> StoreSettings::Commented(std::vector<Edit> edits) const {
  const CommentSource source(descriptions_);
  for (Edit& edit : edits) edit.comments = source.For(edit.path, edit.key);
  return edits;
}

Result<std::vector<Edit>> StoreSettings::PlainPasswords() const {
  std::vector<Edit> edits;
  for (const IniSection& section : base_.sections()) {
    for (const IniEntry& entry : section.entries) {
      const auto known = descriptions_.FindKey(section.name, entry.key);
      if (!known || !known->hashed()) continue;
      v1::SettingEntry plain;
      plain.set_path(section.name);
      plain.set_key(entry.key);
      plain.set_value(entry.value);
      ASSIGN_OR_RETURN(auto value, ValueToStore(plain));
      if (!value || *value == entry.value) continue;
      edits.push_back({section.name, entry.key, std::move(value)});
    }
  }
  return edits;
}

Status StoreSettings::Take(const std::vector<Edit>& edits, bool persist,
                           Changes* changes) {
  if (persist) {
    // Asked for just now, so meant whatever the file holds.
    RETURN_IF_ERROR(store_.Write(Commented(edits), Store::Conflict::kOverwrite));
    for (const Edit& edit : edits) pending_.Forget(edit.path, edit.key);
  } else {
    if (pending_.size() + edits.size() > kMaxSettingsChanges) {
      return Status::ResourceExhausted("more than " +
                                       std::to_string(kMaxSettingsChanges) +
                                       " changes are waiting; save the settings first");
    }
    for (const Edit& edit : edits) {
      if (edit.value) {
        pending_.SetKey(base_, edit.path, edit.key, *edit.value);
      } else if (edit.key.empty()) {
        pending_.RemovePath(base_, edit.path);
      } else {
        pending_.RemoveKey(base_, edit.path, edit.key);
      }
    }
  }
  *changes = Rebuild();
  return Status::Ok();
}

Result<v1::UpdateSettingsResponse> StoreSettings::Update(
    const v1::UpdateSettingsRequest& request) {
  ASSIGN_OR_RETURN(const auto edits, EditsOf(request));
  Changes changes;
  {
    const auto storing = StoringIf(request.persist());
    const std::lock_guard<std::mutex> lock(mutex_);
    RETURN_IF_ERROR(Take(edits, request.persist(), &changes));
  }
  Tell(changes);
  v1::UpdateSettingsResponse response;
  response.set_keys(static_cast<uint32_t>(request.entries_size()));
  return response;
}

std::vector<Edit> StoreSettings::EditsOf(
    const v1::DeleteSettingsRequest::Removal& removal) const {
  if (!removal.key().empty()) {
    return {{removal.path(), std::string(Trim(removal.key())), std::nullopt}};
  }
  const std::string root = FoldPath(removal.path());
  std::vector<const IniSection*> sections;
  for (const IniSection& section : effective_.sections()) {
    const std::string path = FoldPath(section.name);
    if (removal.recursive() ? IsUnder(path, root) : path == root)
      sections.push_back(&section);
  }
  const auto depth = [](const IniSection* section) {
    return std::count(section->name.begin(), section->name.end(), '/');
  };
  std::stable_sort(
      sections.begin(), sections.end(),
      [&](const IniSection* a, const IniSection* b) { return depth(a) > depth(b); });
  std::vector<Edit> edits;
  for (const IniSection* section : sections) {
    for (const IniEntry& entry : section->entries) {
      edits.push_back({section->name, entry.key, std::nullopt});
    }
    edits.push_back({section->name, "", std::nullopt});
  }
  return edits;
}

Result<v1::DeleteSettingsResponse> StoreSettings::Delete(
    const v1::DeleteSettingsRequest& request) {
  if (static_cast<size_t>(request.removals_size()) > kMaxSettingsBatch) {
    return Status::ResourceExhausted("more than " + std::to_string(kMaxSettingsBatch) +
                                     " removals in one request");
  }
  for (const auto& removal : request.removals()) {
    if (FoldPath(removal.path()).empty() && removal.key().empty()) {
      return Status::InvalidArgument("a removal needs a settings path or a key");
    }
  }
  Changes changes;
  v1::DeleteSettingsResponse response;
  {
    const auto storing = StoringIf(request.persist());
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<Edit> edits;
    for (const auto& removal : request.removals()) {
      const auto more = EditsOf(removal);
      edits.insert(edits.end(), more.begin(), more.end());
    }
    RETURN_IF_ERROR(Take(edits, request.persist(), &changes));
    response.set_keys(static_cast<uint32_t>(edits.size()));
  }
  Tell(changes);
  return response;
}

}  // namespace nscp::kernel
