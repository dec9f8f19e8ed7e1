// An Api over a FakeKernel, with one user for each role and a clock that stands still;
// for tests.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/api/api.h"
#include "proto/cpp/text.h"
#include "tests/unit/fake_kernel_client.h"
#include "tests/unit/temp_folder.h"

namespace nscp::gateway {

inline constexpr char kForbidden[] = "403 You're not allowed";
inline constexpr char kAdminBasic[] = "Basic YWRtaW46c2VjcmV0";  // admin:secret

struct ApiFixture {
  static constexpr char kRequestId[] = "req-1";

  TimePoint now{std::chrono::hours(1000)};
  FakeKernel kernel;
  testing::TempFolder folder;
  std::vector<std::string> log;
  std::unique_ptr<Authenticator> auth;
  std::unique_ptr<Api> api;

  ApiFixture() {
    Authenticator::Passwords passwords;
    passwords.hash = [](std::string_view plain) -> Result<std::string> {
      return "hash$" + std::string(plain);
    };
    passwords.is_hashed = [](std::string_view stored) {
      return StartsWith(stored, "hash$");
    };
    passwords.verify = [](std::string_view stored, std::string_view presented) {
      return stored == "hash$" + std::string(presented);
    };
    const Clock clock = [this] { return now; };
    auth = Authenticator::Create(clock, std::move(passwords), nullptr).value();
    Api::Options options;
    options.kernel = &kernel;
    options.auth = auth.get();
    options.clock = clock;
    options.version = "0.1.0 2026-11-21";
    options.web_folders = {folder.File("web"), folder.File("other web")};
    options.upload_folder = folder.File("data/uploads");
    options.log = [this](sdk::LogLevel, std::string_view line) {
      log.emplace_back(line);
    };
    api = std::make_unique<Api>(std::move(options));
    Configure();
  }

  // The roles as the manifest has them, and users named like their role with the password
  // "p".
  void Configure(std::vector<sdk::Settings::Entry> more = {}) {
    const std::string root(kDefaultRoot);
    const std::string client =
        "public,info.get,info.get.version,queries.list,queries.get,queries.execute,"
        "aliases.list,login.get,modules.list";
    const std::string monitoring =
        "public,queries.execute,aliases.list,login.get,metrics.get,metrics.list,"
        "openmetrics.list";
    std::vector<sdk::Settings::Entry> entries = {
        {root, "allowed hosts", "127.0.0.1"},
        {root, "password", "secret"},
        {root, "legacy query auth user agents", "Icinga/check_nscp_api"},
        {root + "/roles", "full", "*"},
        {root + "/roles", "client", client},
        {root + "/roles", "monitoring", monitoring},
        {root + "/roles", "legacy", "legacy,login.get"}};
    for (const char* user : {"client", "monitoring", "legacy"}) {
      entries.push_back({root + "/users/" + user, "password", "hash$p"});
      entries.push_back({root + "/users/" + user, "role", user});
    }
    for (auto& entry : more) entries.push_back(std::move(entry));
    api->Configure(sdk::Settings(std::move(entries)), root);
    log.clear();
  }

  // "GET /path?a=b" as nobody; `headers` as given.
  Response Send(const std::string& line,
                std::vector<std::pair<std::string, std::string>> headers = {},
                std::string body = {}) {
    Request request;
    const size_t blank = line.find(' ');
    const size_t question = line.find('?');
    request.method = line.substr(0, blank);
    request.path = line.substr(blank + 1, question - blank - 1);
    if (question != std::string::npos) {
      request.parameters = DecodeQuery(line.substr(question + 1));
    }
    request.headers = {{"Host", "127.0.0.1:8443"}};
    for (auto& header : headers) request.headers.push_back(std::move(header));
    request.body = std::move(body);
    request.remote_address = "127.0.0.1";
    request.request_id = kRequestId;
    request.deadline = now + std::chrono::seconds(600);
    return api->Handle(request);
  }
  // As the user admin, whose role is full.
  Response AsAdmin(const std::string& line,
                   std::vector<std::pair<std::string, std::string>> headers = {},
                   std::string body = {}) {
    headers.emplace_back("password", "secret");
    return Send(line, std::move(headers), std::move(body));
  }
  // As the user "client", "monitoring" or "legacy".
  Response As(const std::string& user, const std::string& line, std::string body = {}) {
    const std::string token = auth->IdentifyPassword(From(), user, "p", false).token;
    return Send(line, {{"TOKEN", token}}, std::move(body));
  }

  static Request From() {
    Request request;
    request.remote_address = "127.0.0.1";
    return request;
  }
};

inline std::string HeaderOf(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

inline v1::Perf* AddNumber(v1::Line& line, const char* label, double value,
                           const char* unit) {
  v1::Perf* perf = line.add_perf();
  perf->set_label(label);
  perf->mutable_number()->set_value(value);
  perf->mutable_number()->set_unit(unit);
  return perf;
}

inline v1::ModuleInfo Module(const char* name, const char* alias, bool loaded) {
  v1::ModuleInfo module;
  module.set_name(name);
  module.set_alias(alias);
  module.set_id(*alias ? alias : name);
  module.set_title(loaded ? name : "");
  module.set_description("Checks things");
  module.set_loaded(loaded);
  module.set_plugin_id(7);
  return module;
}

}  // namespace nscp::gateway
