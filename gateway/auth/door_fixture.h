// For tests: an authenticator with a cheap password hash that counts, and a clock that
// stands still.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/auth/authenticator.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {

using Entries = std::vector<sdk::Settings::Entry>;
using Headers = std::vector<std::pair<std::string, std::string>>;

inline constexpr char kServer[] = "/settings/WEB/server";
inline const std::string kUsers = "/settings/WEB/server/users/";

struct Door {
  TimePoint now{std::chrono::hours(1000)};
  std::atomic<int> verified{0};
  std::function<void()> on_verify = [] {};  // lasts as long as the slow hash
  std::unique_ptr<Authenticator> auth;

  explicit Door(Entries more = {}) {
    Authenticator::Passwords passwords;
    passwords.hash = [](std::string_view password) -> Result<std::string> {
      return "hash$" + std::string(password);
    };
    passwords.is_hashed = [](std::string_view stored) {
      return StartsWith(stored, "hash$");
    };
    passwords.verify = [this](std::string_view stored, std::string_view presented) {
      ++verified;
      on_verify();
      return stored == "hash$" + std::string(presented);
    };
    auth =
        Authenticator::Create([this] { return now; }, std::move(passwords),
                              [](const std::string&) { return std::vector<Address>(); })
            .value();
    Configure(std::move(more));
  }

  void Configure(Entries more) {
    Entries entries = {
        {kServer, "allowed hosts", "127.0.0.1"},
        {kServer, "password", "secret"},
        {kServer, "auth rate limit max failures", "3"},
        {kServer, "legacy query auth user agents", "Icinga/check_nscp_api"},
        {"/settings/WEB/server/roles", "full", "*"},
        {"/settings/WEB/server/roles", "client", "info.get"},
        {kUsers + "bob", "password", "b:b"},
        {kUsers + "bob", "role", "client"},
        {kUsers + "default-admin", "role", "full"}};
    for (auto& entry : more) entries.push_back(std::move(entry));
    static_cast<void>(auth->Configure(sdk::Settings(std::move(entries)), kServer));
  }

  Identity Ask(Headers headers, std::vector<Request::Parameter> parameters = {},
               bool fresh = false, const char* from = "127.0.0.1") {
    Request request;
    request.method = "GET";
    request.path = "/api/v2";
    request.headers = std::move(headers);
    request.parameters = std::move(parameters);
    request.remote_address = from;
    return auth->Identify(request, fresh);
  }
  Identity Basic(const char* encoded, bool fresh = false) {
    return Ask({{"Authorization", std::string("Basic ") + encoded}}, {}, fresh);
  }
};

inline constexpr char kAdminSecret[] = "YWRtaW46c2VjcmV0";  // admin:secret
inline constexpr char kAdminWrong[] = "YWRtaW46d3Jvbmc=";   // admin:wrong
inline constexpr char kBob[] = "Ym9iOmI6Yg==";              // bob:b:b

}  // namespace nscp::gateway
