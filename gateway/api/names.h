// Names of queries and aliases as the API lists them (rest-api.md 5.5 and 5.6).
#pragma once

#include "gateway/http/http.h"
#include "nscp/v1/queries.pb.h"

namespace nscp::gateway {

struct Context;

// An array of {name, plugin, query_url, title, metadata, description}.
Response ListNames(const Context& context, v1::NameKind kind);

}  // namespace nscp::gateway
