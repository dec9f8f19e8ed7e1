// check_http: what a web server answers, how fast, and how good its certificate is
// (modules.md C6). Any thread.
#pragma once

#include <memory>

#include "workers/check_net/asking.h"
#include "workers/check_net/json_values.h"
#include "workers/net/http.h"

namespace nscp::check_net {

// Of the bodies of one call that are kept, where a keyword looks at them: each its share.
constexpr size_t kMaxKeptBodies = 64 * 1024 * 1024;

struct HttpRow {
  std::string asked;  // the URL with user and password: never shown
  std::string url;    // without them
  std::string host;
  std::string path;
  std::string protocol;
  int64_t port = 0;
  int64_t code = 0;
  int64_t time = 0;            // ms, redirects and all
  std::string status_message;  // bytes of the server, as body
  std::string body;            // empty where the call does not look at it
  int64_t size = 0;            // of the whole body
  std::string result = "timeout";
  std::optional<int64_t> certificate_days;
  std::vector<JsonValue> values;  // of json-path, in its order
};

class HttpCheck {
 public:
  HttpCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const;
  const checks::Check<HttpRow>& check() const { return check_; }

 private:
  checks::Check<HttpRow> check_;
};

}  // namespace nscp::check_net
