#include "fetch/request.h"

#include <doctest/doctest.h>

namespace nscp::fetch {
namespace {

TEST_CASE("a request is one line, and reads back as it was") {
  FetchRequest request;
  request.url = "https://me:p&=%w@h/a?b=c&d=\xC3\xA4";
  request.tls_version = "1.2";
  request.verify = false;
  request.ca_file = "/a b/ca.pem";
  request.proxy = "http://u:p@proxy:3128/";
  request.no_proxy = "a,.b";
  request.timeout = std::chrono::milliseconds(1234);
  request.max_bytes = 42;
  request.sha256 = "ab";
  const std::string line = EncodeRequest(request, "/x/y\nz");
  CHECK(line.find('\n') == std::string::npos);
  std::string file;
  const auto read = DecodeRequest(line, &file);
  REQUIRE(read.ok());
  CHECK(file == "/x/y\nz");
  CHECK(read->url == request.url);
  CHECK(read->tls_version == "1.2");
  CHECK_FALSE(read->verify);
  CHECK(read->ca_file == request.ca_file);
  CHECK(read->proxy == request.proxy);
  CHECK(read->no_proxy == request.no_proxy);
  CHECK(read->timeout == request.timeout);
  CHECK(read->max_bytes == 42);
  CHECK(read->sha256 == "ab");
}

TEST_CASE("a line that makes no sense is refused") {
  std::string file;
  for (const char* bad :
       {"", "url", "url=%", "url=%zz&timeout_ms=1&max_bytes=1", "what=1",
        "timeout_ms=1&max_bytes=0", "timeout_ms=x&max_bytes=1",
        "timeout_ms=9999999999999999&max_bytes=1", "timeout_ms=-1&max_bytes=1"}) {
    CAPTURE(bad);
    CHECK(DecodeRequest(bad, &file).status().code() == Code::kInvalidArgument);
  }
  CHECK(DecodeRequest("timeout_ms=1&max_bytes=1", &file).ok());
}

}  // namespace
}  // namespace nscp::fetch
