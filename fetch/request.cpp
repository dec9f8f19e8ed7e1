#include "fetch/request.h"

#include <cstdint>
#include <map>

#include "proto/cpp/text.h"

namespace nscp::fetch {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '.' || c == '-' || c == '_' || c == '/' || c == ':';
}

std::string Encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (IsPlain(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kHexDigits[byte >> 4];
    encoded += kHexDigits[byte & 15];
  }
  return encoded;
}

int Digit(char c) {
  const size_t at = std::string_view(kHexDigits).find(c);
  return at == std::string_view::npos || c == '\0' ? -1 : static_cast<int>(at);
}

Result<std::string> Decode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? Digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? Digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Status::InvalidArgument("a percent sign without two hex digits");
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

Result<uint64_t> Number(const std::string& name, const std::string& text) {
  constexpr size_t kMaxDigits = 15;
  uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') number = UINT64_MAX;
    if (number == UINT64_MAX) break;
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  if (text.empty() || text.size() > kMaxDigits || number == UINT64_MAX || number == 0) {
    return Status::InvalidArgument(name + " is no number above zero");
  }
  return number;
}

}  // namespace

std::string EncodeRequest(const FetchRequest& request, std::string_view file) {
  const std::pair<const char*, std::string> pairs[] = {
      {"url", request.url},
      {"file", std::string(file)},
      {"tls", request.tls_version},
      {"verify", request.verify ? "1" : "0"},
      {"ca", request.ca_file},
      {"proxy", request.proxy},
      {"no_proxy", request.no_proxy},
      {"timeout_ms", std::to_string(request.timeout.count())},
      {"max_bytes", std::to_string(request.max_bytes)},
      {"sha256", request.sha256},
  };
  std::string line;
  for (const auto& [name, value] : pairs) {
    line += (line.empty() ? "" : "&") + std::string(name) + "=" + Encoded(value);
  }
  return line;
}

Result<FetchRequest> DecodeRequest(std::string_view line, std::string* file) {
  if (line.size() > kMaxRequestLine) {
    return Status::InvalidArgument("the request is longer than " +
                                   std::to_string(kMaxRequestLine) + " bytes");
  }
  std::map<std::string, std::string> values = {
      {"url", ""},       {"file", ""},  {"tls", ""},      {"verify", ""},
      {"ca", ""},        {"proxy", ""}, {"no_proxy", ""}, {"timeout_ms", ""},
      {"max_bytes", ""}, {"sha256", ""}};
  size_t left = values.size();
  for (const std::string& pair : Split(line, '&')) {
    const size_t equals = pair.find('=');
    const auto known = values.find(pair.substr(0, equals));
    if (equals == std::string::npos || known == values.end() || left == 0) {
      return Status::InvalidArgument("the request has a field that is not known");
    }
    --left;
    ASSIGN_OR_RETURN(known->second, Decode(std::string_view(pair).substr(equals + 1)));
  }
  FetchRequest request;
  request.url = values["url"];
  *file = values["file"];
  request.tls_version = values["tls"];
  request.verify = values["verify"] != "0";
  request.ca_file = values["ca"];
  request.proxy = values["proxy"];
  request.no_proxy = values["no_proxy"];
  request.sha256 = values["sha256"];
  ASSIGN_OR_RETURN(const uint64_t timeout, Number("timeout_ms", values["timeout_ms"]));
  request.timeout = std::chrono::milliseconds(timeout);
  ASSIGN_OR_RETURN(request.max_bytes, Number("max_bytes", values["max_bytes"]));
  return request;
}

}  // namespace nscp::fetch
