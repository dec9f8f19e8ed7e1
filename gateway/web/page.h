// The page of a user interface and its files, or what stands where none is installed
// (rest-api.md 1.5 and 7; correction 18). Called by Api's
// constructor after all other routes.
#pragma once

#include <string_view>

#include "gateway/api/router.h"

namespace nscp::gateway {

void AddPages(Router& router);
// Addresses that get the page when no route has them: those that end in '/' or like a
// file of a page, and those that begin with a place of the user interface.
bool IsPagePath(std::string_view path);
// The page itself, for routes that a browser shares with other clients.
Response Page(const Context& context);

}  // namespace nscp::gateway
