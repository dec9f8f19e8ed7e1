#include "gateway/settings_editor.h"

#include <utility>

namespace nscp::gateway {

SettingsEditor::SettingsEditor(KernelClient& kernel, std::string request_id)
    : kernel_(kernel), options_{kLimit, std::move(request_id)} {
  batch_.set_persist(true);
}

Result<std::string> SettingsEditor::Get(const std::string& path, const std::string& key,
                                        bool defaults) const {
  v1::GetSettingsRequest request;
  request.set_path(path);
  request.set_key(key);
  request.set_defaults(defaults);
  request.set_clear(true);
  ASSIGN_OR_RETURN(const auto answer, kernel_.GetSettings(request, options_));
  return answer.entries_size() == 0 ? std::string() : answer.entries(0).value();
}

Result<std::vector<std::string>> SettingsEditor::Keys(const std::string& path) const {
  v1::GetSettingsRequest request;
  request.set_path(path);
  request.set_defaults(true);
  ASSIGN_OR_RETURN(const auto answer, kernel_.GetSettings(request, options_));
  std::vector<std::string> keys;
  for (const v1::SettingEntry& entry : answer.entries()) keys.push_back(entry.key());
  return keys;
}

Result<std::string> SettingsEditor::Expand(const std::string& path) const {
  v1::ExpandPathRequest request;
  request.set_path(path);
  ASSIGN_OR_RETURN(const auto answer, kernel_.ExpandPath(request, options_));
  return answer.path();
}

void SettingsEditor::Set(const std::string& path, const std::string& key,
                         const std::string& value) {
  v1::SettingEntry& entry = *batch_.add_entries();
  entry.set_path(path);
  entry.set_key(key);
  entry.set_value(value);
}

Status SettingsEditor::Write() {
  return kernel_.UpdateSettings(batch_, options_).status();
}

}  // namespace nscp::gateway
