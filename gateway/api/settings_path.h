// What routes of the settings share: the tree path in a route is everything after
// /settings (rest-api.md 5.13), and how a described key is shown. Pure.
#pragma once

#include <string>

#include "nscp/v1/settings.pb.h"

namespace nscp::gateway {

struct Context;

// "/settings/default", or empty for the root.
std::string SettingsPathOf(const Context& context);

// "string", "int", "bool", "file", "password"; "folder" for a path, "" for what nobody
// registered.
const char* TypeWord(const v1::SettingDescription& item);
bool IsSensitive(const v1::SettingDescription& item);
// Masked where the key is sensitive.
std::string ShownDefault(const v1::SettingDescription& item);

}  // namespace nscp::gateway
