#include "gateway/api/answer.h"

#include <utility>

#include "gateway/api/context.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {

Response JsonAnswer(const json::Writer& document, int status) {
  return JsonText(document.Text(), status);
}

Response JsonText(std::string text, int status) {
  Response response;
  response.status = status;
  response.content_type = kJson;
  response.body = std::move(text);
  return response;
}

Response TextAnswer(int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = kText;
  response.body = std::move(body);
  return response;
}

Response Forbidden() { return TextAnswer(403, "403 You're not allowed"); }

Response FailedCall(const Context& context, const Status& status) {
  context.Log(sdk::LogLevel::kError, "request " + context.request.request_id + ": " +
                                         context.method +
                                         " failed: " + status.ToString());
  if (status.code() == Code::kPermissionDenied) return Forbidden();
  // gRPC says it without a word.
  if (status.code() == Code::kUnimplemented && status.message().empty()) {
    return TextAnswer(500, "This version of the agent does not serve this request");
  }
  if (status.code() == Code::kNotFound)
    return TextAnswer(404, RepairUtf8(status.message()));
  if (status.code() == Code::kInvalidArgument || status.code() == Code::kOutOfRange) {
    return TextAnswer(422, RepairUtf8(status.message()));
  }
  const bool later = status.code() == Code::kUnavailable ||
                     status.code() == Code::kDeadlineExceeded ||
                     status.code() == Code::kResourceExhausted;
  return TextAnswer(later ? 503 : 500, RepairUtf8(status.message()));
}

std::string EncodeSegment(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  static constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace nscp::gateway
