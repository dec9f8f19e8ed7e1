// The page that stands where a user interface would be (rest-api.md 7). Called by Api's
// constructor after all other routes.
#pragma once

#include "gateway/api/router.h"

namespace nscp::gateway {

void AddPages(Router& router);
// The page itself, for routes that a browser shares with other clients.
Response Page(const Context& context);

}  // namespace nscp::gateway
