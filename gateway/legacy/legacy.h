// The API without a version prefix, which older clients and plugins speak (rest-api.md
// 6). Called by Api's constructor.
#pragma once

#include "gateway/api/router.h"

namespace nscp::gateway {

void AddLegacyQuery(Router& router);
void AddLegacyLogin(Router& router);
void AddLegacyCore(Router& router);
void AddLegacyLog(Router& router);
// All of them.
void AddLegacy(Router& router);

}  // namespace nscp::gateway
