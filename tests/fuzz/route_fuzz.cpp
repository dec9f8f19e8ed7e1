// The first line is a method, the rest a path: cutting it and finding its route. Links
// nscp_api.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/api/api.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::gateway;
  static const Api api{Api::Options()};
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  const std::string_view method = input.substr(0, end);
  const std::string_view path =
      end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
  const auto segments = SplitPath(path);
  if (!segments) return 0;
  for (const std::string& segment : *segments) {
    if (segment.empty() || segment.find('\0') != std::string::npos) std::abort();
  }
  const auto match = api.router().Find(method, *segments);
  if (match && match->route->method != method) std::abort();
  if (match && match->route->versions != kUnversioned &&
      (match->route->versions & match->version) == 0) {
    std::abort();
  }
  static_cast<void>(Api::IsLong(method, path));
  return 0;
}
