// Decodes any query string; what comes out, encoded again, must decode to the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/http/http.h"
#include "tests/fuzz/check.h"

namespace {

using nscp::fuzz::Check;

std::string Encode(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kHex[byte / 16], kHex[byte % 16]};
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  const auto parameters = nscp::gateway::DecodeQuery(query);
  Check(nscp::gateway::PercentDecode(Encode(query)) == query);
  std::string again;
  for (const auto& parameter : parameters) {
    Check(parameter.has_value || (parameter.value.empty() && !parameter.name.empty()));
    if (!again.empty()) again += '&';
    again += Encode(parameter.name);
    if (parameter.has_value) again += "=" + Encode(parameter.value);
  }
  const auto twice = nscp::gateway::DecodeQuery(again);
  Check(twice.size() == parameters.size());
  for (size_t i = 0; i < twice.size(); ++i) {
    Check(twice[i].name == parameters[i].name && twice[i].value == parameters[i].value);
    Check(twice[i].has_value == parameters[i].has_value);
  }
  return 0;
}
