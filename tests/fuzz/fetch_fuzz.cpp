// Any bytes as what a server, a redirect and a caller of nscp-fetch say: an answer is
// bounded, an address leads to a host and holds nothing that would end a line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fetch/exchange.h"
#include "fetch/request.h"
#include "fetch/url.h"

namespace {

constexpr size_t kMaxBody = 1000;

void Require(bool holds) {
  if (!holds) std::abort();
}

class Given final : public nscp::fetch::Stream {
 public:
  explicit Given(std::string_view bytes) : bytes_(bytes) {}
  long Read(char* data, size_t size) override {
    const size_t count = std::min(size, bytes_.size());
    bytes_.copy(data, count);
    bytes_.remove_prefix(count);
    return static_cast<long>(count);
  }
  bool Write(const char*, size_t) override { return true; }

 private:
  std::string_view bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::fetch;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Given stream(bytes);
  const auto answer = Ask(stream, {"GET", "/", {{"Host", "h"}}}, kMaxBody);
  Require(!answer.ok() || answer->body.size() <= kMaxBody);

  const Url from = *ParseUrl("https://me:pw@h/a/b");
  for (const auto& url : {ParseUrl(bytes), ResolveRedirect(from, bytes)}) {
    if (!url.ok()) continue;
    Require(!url->host.empty() && url->port != 0 && url->target[0] == '/');
    Require(url->target.find_first_of(std::string_view(" \r\n\0", 4)) ==
            std::string::npos);
    Require(ShownUrl(*url).find('?') == std::string::npos);
    const bool is_same = url->host == from.host && url->port == from.port;
    Require(is_same || url->password != from.password ||
            bytes.find("pw") != std::string_view::npos ||
            bytes.find('%') != std::string_view::npos);
  }

  std::string file;
  const auto request = DecodeRequest(bytes, &file);
  if (!request.ok()) return 0;
  std::string again_file;
  const auto again = DecodeRequest(EncodeRequest(*request, file), &again_file);
  Require(again.ok() && again_file == file && again->url == request->url);
  return 0;
}
