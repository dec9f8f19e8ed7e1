// The tree path in a settings route: everything after /settings (rest-api.md 5.13).
#pragma once

#include <string>

namespace nscp::gateway {

struct Context;

// "/settings/default", or empty for the root.
std::string SettingsPathOf(const Context& context);

}  // namespace nscp::gateway
