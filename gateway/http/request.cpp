#include "gateway/http/http.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
  }
  return out;
}

}  // namespace

std::optional<std::string_view> Request::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Request::Headers(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoreCase(key, name)) values.push_back(value);
  }
  return values;
}

std::optional<std::string_view> Request::Parameter1(std::string_view name) const {
  for (const auto& parameter : parameters) {
    if (parameter.has_value && parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

std::vector<Request::Parameter> DecodeQuery(std::string_view query) {
  std::vector<Request::Parameter> parameters;
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    Request::Parameter parameter;
    parameter.name = Decode(part.substr(0, equals), true);
    parameter.has_value = equals != std::string_view::npos;
    if (parameter.has_value) parameter.value = Decode(part.substr(equals + 1), true);
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::string PercentDecode(std::string_view text) { return Decode(text, false); }

}  // namespace nscp::gateway
