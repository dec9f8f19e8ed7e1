// Reads requests out of any bytes, twice: at once, and cut into pieces whose size the
// first byte gives. Both must come to the same requests, and nothing may be kept beyond
// the limits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/reader.h"
#include "tests/fuzz/check.h"

namespace {

using nscp::fuzz::Check;
using nscp::gateway::Limits;
using nscp::gateway::RequestReader;

constexpr Limits kLimits{1024, 8, 256};

void CheckHead(const nscp::gateway::Head& head) {
  Check(!head.method.empty() && !head.path.empty());
  Check(head.headers.size() <= kLimits.max_headers);
  Check(head.minor_version == 0 || head.minor_version == 1);
  for (const auto& [name, value] : head.headers) {
    Check(name.find_first_of("\r\n :") == std::string::npos);
    Check(value.find_first_of("\r\n") == std::string::npos);
  }
}

std::vector<std::string> ReadAll(std::string_view bytes, size_t step) {
  std::vector<std::string> seen;
  RequestReader reader(kLimits);
  while (!bytes.empty()) {
    reader.Append(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    auto state = reader.Advance();
    while (state == RequestReader::State::kComplete) {
      CheckHead(reader.head());
      std::string body = reader.TakeBody();
      Check(body.size() <= kLimits.max_body_bytes);
      seen.push_back(reader.head().method + " " + reader.head().path + "?" +
                     reader.head().query + " " + body);
      reader.Next();
      state = reader.Advance();
    }
    if (state == RequestReader::State::kRefused) {
      Check(reader.refusal().status >= 400 && reader.buffered() == 0);
      seen.push_back("refused");
      break;
    }
    if (step == 1) {
      Check(reader.buffered() <= kLimits.max_head_bytes + kLimits.max_body_bytes +
                                     nscp::gateway::kMaxTrailerBytes);
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = ReadAll(bytes, std::max<size_t>(bytes.size(), 1));
  Check(whole == ReadAll(bytes, 1 + data[0] % 16U));
  Check(whole == ReadAll(bytes, 1));
  return 0;
}
