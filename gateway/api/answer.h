// The few shapes of answers (rest-api.md 1 and 9). Any thread.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/http.h"
#include "json/writer.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

struct Context;

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kText = "text/plain";

Response JsonAnswer(const json::Writer& document, int status = 200);
Response JsonText(std::string text, int status = 200);
Response TextAnswer(int status, std::string body);
// The one 403, whatever the reason.
Response Forbidden();
// For a kernel call that failed, with its reason: 404 and 422 where the client asked for
// the wrong thing, 503 where trying again may help, else 500.
Response FailedCall(const Context& context, const Status& status);

// A path segment as it stands in a link (RFC 3986, unreserved characters stay).
std::string EncodeSegment(std::string_view text);

}  // namespace nscp::gateway
