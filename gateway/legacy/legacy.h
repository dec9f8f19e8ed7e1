// The API without a version prefix, which older clients and plugins speak (rest-api.md
// 6). Called by Api's constructor.
#pragma once

#include <string_view>

#include "gateway/api/router.h"

namespace nscp::gateway {

// Of bodies in NSClient++'s own messages.
inline constexpr std::string_view kProtobuf = "application/x-protobuf";

void AddLegacyQuery(Router& router);
void AddLegacyLogin(Router& router);
void AddLegacyCore(Router& router);
void AddLegacyLog(Router& router);
void AddLegacyQueryMessage(Router& router);
void AddLegacySettingsMessage(Router& router);
// All of them.
void AddLegacy(Router& router);

}  // namespace nscp::gateway
