// The whole module over real sockets, with a kernel that is a fake.
#include "gateway/web_server.h"

#include <doctest/doctest.h>
#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/http/test_client.h"
#include "gateway/test_socket.h"
#include "nscp/v1/manifest.pb.h"
#include "proto/cpp/text.h"
#include "tests/unit/fake_kernel_client.h"
#include "workers/sdk/idle_host.h"

namespace nscp::gateway {
namespace {

using Entries = std::vector<sdk::Settings::Entry>;
using testing::Client;
using testing::RawAnswer;

struct FakeHost final : sdk::IdleHost<sdk::GatewayHost> {
  FakeKernel fake;
  std::mutex mutex;
  std::vector<std::string> log;
  std::vector<std::string> asked;  // "name address port"
  uint16_t port = 0;               // that was really bound
  bool taken = false;

  void Log(sdk::LogLevel, std::string_view line) override {
    const std::lock_guard<std::mutex> lock(mutex);
    log.emplace_back(line);
  }
  bool Logged(std::string_view part) {
    const std::lock_guard<std::mutex> lock(mutex);
    for (const std::string& line : log) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }
  KernelClient& kernel() override { return fake; }
  Result<int> Listen(const std::string& name, const std::string& address, uint16_t wanted,
                     std::chrono::milliseconds) override {
    const std::lock_guard<std::mutex> lock(mutex);
    asked.push_back(name + " " + address + " " + std::to_string(wanted));
    if (taken) return Status::Unavailable("the address is taken");
    const testing::ListeningSocket opened = testing::OpenListeningSocket();
    REQUIRE(opened.descriptor >= 0);
    port = opened.port;
    return opened.descriptor;
  }
};

struct Running {
  testing::TemporaryFolder folder;
  FakeHost host;
  WebServer module;

  sdk::Settings Settings(Entries more = {}) const {
    const std::string root(kDefaultRoot);
    Entries entries = {{root, "port", "8443"},
                       {root, "bind to", "127.0.0.1"},
                       {root, "allowed hosts", "127.0.0.1"},
                       {root, "password", "secret"},
                       {root, "certificate", folder.File("security/certificate.pem")},
                       {root + "/roles", "full", "*"}};
    for (auto& entry : more) entries.push_back(std::move(entry));
    return sdk::Settings(std::move(entries));
  }
  Status Start(Entries more = {}, bool no_start = false) {
    sdk::StartContext context;
    context.host = &host;
    context.module = "WEBServer";
    context.version = "0.1.0 2026-11-21";
    context.no_start = no_start;
    context.settings = Settings(std::move(more));
    return module.Start(context);
  }
  RawAnswer Get(const std::string& path, bool tls = true) {
    testing::ClientOptions options;
    options.tls = tls;
    Client client(host.port, options);
    return client.Ask(testing::Get(path, "password: secret\r\n"));
  }
  ~Running() { module.Stop(); }
};

TEST_CASE("the module makes its certificate, listens and answers") {
  Running running;
  REQUIRE(running.Start().ok());
  CHECK(running.host.asked == std::vector<std::string>{"https 127.0.0.1 8443"});
  CHECK(running.host.Logged("Creating certificate folder: "));
  CHECK(running.host.Logged("certificate.pem (generating a default certificate)"));
  const RawAnswer answer = running.Get("/api/v2/info");
  CHECK(answer.status == 200);
  CHECK(answer.body.find(R"("name":"NSClient++")") != std::string::npos);
  CHECK(answer.Header("Content-Type").value_or("") == "application/json");
}

TEST_CASE("a reload changes users and address, and keeps tokens") {
  Running running;
  REQUIRE(running.Start().ok());
  const std::string login = running.Get("/api/v2/login").body;
  const size_t at = login.find("\"key\":\"");
  REQUIRE(at != std::string::npos);
  const std::string token = login.substr(at + 7, 32);
  REQUIRE(running.module
              .Reload(running.Settings(
                  {{"/settings/WEB/server", "port", "9443s"},
                   {"/settings/WEB/server", "auth rate limit max failures", "5"}}))
              .ok());
  CHECK(running.host.asked.back() == "https 127.0.0.1 9443");
  Client client(running.host.port);
  CHECK(client.Ask(testing::Get("/api/v2/info", "TOKEN: " + token + "\r\n")).status ==
        200);
  REQUIRE(running.module
              .Reload(running.Settings({{"/settings/WEB/server", "password", "new"}}))
              .ok());
  Client again(running.host.port);
  CHECK(again.Ask(testing::Get("/api/v2/info", "TOKEN: " + token + "\r\n")).status ==
        403);
}

TEST_CASE("without a certificate nothing listens, but the module stays and says why") {
  Running running;
  REQUIRE(running
              .Start({{"/settings/WEB/server", "certificate",
                       running.folder.File("missing.pem")}})
              .ok());
  CHECK(running.host.asked.empty());
  CHECK(running.host.Logged("Certificate not found: "));
  CHECK(running.host.Logged("the web server does not listen"));
  REQUIRE(running.module.Reload(running.Settings()).ok());
  CHECK(running.Get("/health/live").status == 200);
}

TEST_CASE("allow insecure serves plain HTTP, on 8080 in the place of 8443") {
  Running running;
  REQUIRE(running
              .Start({{"/settings/WEB/server", "certificate",
                       running.folder.File("missing.pem")},
                      {"/settings/WEB/server", "allow insecure", "true"}})
              .ok());
  CHECK(running.host.asked == std::vector<std::string>{"https 127.0.0.1 8080"});
  CHECK(running.Get("/health/live", false).status == 200);
}

TEST_CASE("a taken address and an odd port do not refuse the start") {
  Running running;
  running.host.taken = true;
  REQUIRE(running.Start().ok());
  CHECK(running.host.Logged("Failed to bind 127.0.0.1:8443: the address is taken"));
  Running odd;
  REQUIRE(odd.Start({{"/settings/WEB/server", "port", "https"}}).ok());
  CHECK(odd.host.Logged("the port \"https\" is no number from 1 to 65535"));
  CHECK(odd.host.asked.empty());
}

TEST_CASE("a start that only asks opens no listener and makes no certificate") {
  Running running;
  REQUIRE(running.Start({}, true).ok());
  CHECK(running.host.asked.empty());
  CHECK_FALSE(std::filesystem::exists(running.folder.File("security")));
  REQUIRE(running.module.Reload(running.Settings()).ok());
  CHECK(running.host.asked.empty());
}

TEST_CASE("requests are logged where the settings ask for it") {
  Running running;
  REQUIRE(running.Start({{"/settings/WEB/server/log", "info", "true"}}).ok());
  running.Get("/invalid");
  CHECK(running.host.Logged(" from 127.0.0.1: GET /invalid -> 404 in "));
  CHECK_FALSE(running.host.Logged("user agent"));
}

TEST_CASE("details of requests are logged where the settings ask for them") {
  Running running;
  REQUIRE(running.Start({{"/settings/WEB/server/log", "debug", "true"}}).ok());
  running.Get("/invalid?password=secret");
  CHECK(running.host.Logged("1 parameters, "));
  CHECK(running.host.Logged("answer of 18 bytes, user agent '"));
  CHECK_FALSE(running.host.Logged("secret"));
  CHECK_FALSE(running.host.Logged("-> 404 in "));
}

TEST_CASE("ports are read as old files write them") {
  const struct {
    const char* text;
    int port;  // 0 = refused
  } rows[] = {{"8443", 8443}, {"8443s", 8443}, {" 443 ", 443}, {"65535", 65535},
              {"0", 0},       {"65536", 0},    {"-1", 0},      {"84ss", 0},
              {"", 0},        {"s", 0}};
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto read = ServerSettings::Read(
        sdk::Settings({{std::string(kDefaultRoot), "port", row.text},
                       {std::string(kDefaultRoot), "bind to", "[::1]"},
                       {std::string(kDefaultRoot), "threads", "9999"}}));
    CHECK((read.ok() ? read->port : 0) == row.port);
    if (!read.ok()) continue;
    CHECK(read->address == "::1");
    CHECK(read->threads == kMaxThreads);
  }
}

TEST_CASE("the manifest is one, and its roles are those of the specification") {
  std::ifstream file(NSCP_WEB_MANIFEST);
  std::stringstream text;
  text << file.rdbuf();
  v1::Manifest manifest;
  const auto parsed = google::protobuf::util::JsonStringToMessage(text.str(), &manifest);
  REQUIRE_MESSAGE(parsed.ok(), parsed.ToString());
  CHECK(manifest.name() == "WEBServer");
  Entries entries;
  for (const auto& path : manifest.settings()) {
    for (const auto& key : path.keys()) {
      CHECK_FALSE(key.title().empty());
      CHECK((key.type() == v1::PASSWORD) == key.sensitive());
      if (!key.default_value().empty()) {
        entries.push_back({path.path(), key.key(), key.default_value()});
      }
    }
  }
  const sdk::Settings defaults(entries);
  const auto read = ServerSettings::Read(defaults);
  REQUIRE(read.ok());
  CHECK(read->port == 8443);
  CHECK(read->address == "0.0.0.0");
  auto auth = Authenticator::Create([] { return TimePoint(); },
                                    Authenticator::DefaultPasswords(), nullptr)
                  .value();
  const auto access = auth->Configure(defaults, kDefaultRoot);
  CHECK(access->errors.empty());
  CHECK(access->warnings.empty());
  CHECK(access->RoleAllows("full", "anything"));
  CHECK(access->RoleAllows("client", "modules.list"));
  CHECK_FALSE(access->RoleAllows("client", "modules.load"));
  CHECK(access->RoleAllows("monitoring", "metrics.list"));
  CHECK_FALSE(access->RoleAllows("legacy", "legacy"));
  CHECK(access->IsLegacyAgent("Icinga/check_nscp_api/2.14.0"));
  CHECK(access->hosts.Allows("127.0.0.1"));
  CHECK_FALSE(access->hosts.Allows("192.0.2.1"));
}

}  // namespace
}  // namespace nscp::gateway
