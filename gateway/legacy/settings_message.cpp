#include "gateway/legacy/settings_message.h"

#include <algorithm>
#include <set>
#include <string>

#include "gateway/api/settings_path.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

void FillNode(const std::string& path, const std::string& key, const std::string& value,
              wire::Node& node) {
  node.set_path(path);
  node.set_key(key);
  node.set_value(value);
}

// How many levels `path` lies below `root`.
size_t LevelsBelow(std::string_view path, std::string_view root) {
  const std::string_view rest = path.substr(std::min(path.size(), root.size()));
  const auto slashes = std::count(rest.begin(), rest.end(), '/');
  return static_cast<size_t>(slashes);
}

bool IsOf(const v1::SettingDescription& item, const std::string& module) {
  if (module.empty()) return true;
  return std::any_of(
      item.modules().begin(), item.modules().end(),
      [&](const std::string& name) { return EqualsIgnoreCase(name, module); });
}

bool IsWanted(const wire::SettingsRequestMessage::Request::Inventory& ask,
              const v1::SettingDescription& item) {
  if (!IsOf(item, ask.plugin())) return false;
  if (!ask.node().key().empty()) return EqualsIgnoreCase(item.key(), ask.node().key());
  return item.key().empty() ? ask.fetch_paths() : ask.fetch_keys();
}

}  // namespace

void FillQuery(const wire::SettingsRequestMessage::Request::Query& ask,
               const v1::GetSettingsResponse& found,
               wire::SettingsResponseMessage::Response::Query& tell) {
  const wire::Node& asked = ask.node();
  if (!asked.key().empty()) {
    FillNode(asked.path(), asked.key(),
             found.entries().empty() ? ask.default_value() : found.entries(0).value(),
             *tell.mutable_node());
    return;
  }
  FillNode(asked.path(), "", "", *tell.mutable_node());
  const std::string root = asked.path() == "/" ? "" : asked.path();
  std::set<std::string> paths;
  for (const v1::SettingEntry& entry : found.entries()) {
    const size_t levels = LevelsBelow(entry.path(), root);
    if (ask.include_keys()) {
      if (levels > 0 && !ask.recursive()) continue;
      FillNode(entry.path(), entry.key(), entry.value(), *tell.add_nodes());
    } else if (levels > 0 && (levels == 1 || ask.recursive()) &&
               paths.insert(ToLowerAscii(entry.path())).second) {
      FillNode(entry.path(), "", "", *tell.add_nodes());
    }
  }
}

void FillInventory(const wire::SettingsRequestMessage::Request::Inventory& ask,
                   const v1::DescribeSettingsResponse& found,
                   wire::SettingsResponseMessage::Response& tell) {
  for (const v1::SettingDescription& item : found.descriptions()) {
    if (!IsWanted(ask, item)) continue;
    const v1::SettingsKey& about = item.description();
    auto& entry = *tell.add_inventory();
    FillNode(item.path(), item.key(), item.value(), *entry.mutable_node());
    wire::Information& info = *entry.mutable_info();
    info.set_title(about.title());
    info.set_description(about.description());
    info.set_default_value(ShownDefault(item));
    info.set_advanced(about.advanced() || !item.registered());
    info.set_is_sensitive(IsSensitive(item));
    info.set_subkey(item.object());
    info.set_type(TypeWord(item));
    for (const std::string& module : item.modules()) info.add_plugin(module);
  }
}

}  // namespace nscp::gateway
