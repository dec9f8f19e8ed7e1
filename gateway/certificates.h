// The TLS material of the web server: which files, and what to do when they are missing
// (rest-api.md 1.1). Functions without state; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/http.h"
#include "proto/cpp/status.h"
#include "workers/sdk/module.h"

namespace nscp::gateway {

using LogFunction = std::function<void(sdk::LogLevel level, std::string_view message)>;

struct Material {
  std::optional<TlsOptions> tls;  // nothing = plain HTTP, which the settings allow
};

// A missing file named certificate.pem or ca.pem is made; another missing one is an
// error, unless `allow_insecure` says to do without.
Result<Material> PrepareCertificate(const std::string& certificate,
                                    const std::string& key, bool allow_insecure,
                                    const LogFunction& log);

}  // namespace nscp::gateway
